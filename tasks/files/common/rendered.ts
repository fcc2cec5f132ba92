import { posix } from 'node:path';
import type { Change } from '../../../runner/task/change.ts';
import { TaskFailure } from '../../../runner/task/failure.ts';
import type { Observer } from '../../../runner/task/host.ts';
import type { Attributes } from './attributes.ts';
import { contentChanges } from './content.ts';
import { expandPath } from './target.ts';
import { lookAtText, type TextFile } from './text-file.ts';

/** A file whose content has been made on the controller. */
export interface RenderedFile extends Attributes {
  readonly dest: string;
  /** Its name when `dest` is a folder. */
  readonly name: string;
  readonly content: Buffer;
  readonly force: boolean;
  readonly backup: boolean;
  readonly validate?: string | undefined;
}

/** What was seen at its destination. */
export type SeenRendered = TextFile;

/** Looks at the destination; a folder means a file in it. */
export async function lookAtRendered(given: RenderedFile, host: Observer): Promise<SeenRendered> {
  const dest = await expandPath(given.dest, host);
  const bare = dest.replace(/(.)\/+$/, '$1');
  if (dest.endsWith('/')) return lookAtText(posix.join(bare, given.name), host, given, given.content);
  // Nearly always a file: it is looked at whole in the same round trip that tells whether it is a folder.
  const [there, file] = await Promise.all([host.stat(bare, { follow: true }), lookAtText(bare, host, given, given.content).catch((error: unknown) => error)]);
  if (there?.type === 'directory') return lookAtText(posix.join(bare, given.name), host, given, given.content);
  if (file instanceof Error) throw file;
  return file as SeenRendered;
}

/** What has to change at its destination. */
export function renderedChanges(given: RenderedFile, seen: SeenRendered): readonly Change[] {
  if (seen.stat && !given.force) return [];
  if (!seen.stat && !seen.hasParent) throw new TaskFailure(`Destination directory ${posix.dirname(seen.path)} does not exist`);
  return contentChanges(seen, seen.content, given);
}

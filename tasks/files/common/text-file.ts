import { posix } from 'node:path';
import type { Change } from '../../../runner/task/change.ts';
import { sh } from '../../../runner/task/command.ts';
import { TaskFailure } from '../../../runner/task/failure.ts';
import type { Observer } from '../../../runner/task/host.ts';
import { ignore } from '../../../runner/util/ignore.ts';
import type { Attributes } from './attributes.ts';
import { expandPath, lookAt, type Target } from './target.ts';

/** A file that is edited as a whole. */
export interface TextFile extends Target {
  /** Its bytes; null when there is no such file. */
  readonly content: Buffer | null;
  /** The folder above it exists. */
  readonly hasParent: boolean;
}

/** Looks at a file to be edited. `likely`: what it may well hold. @throws TaskFailure when it is a folder */
export async function lookAtText(path: string, host: Observer, want: Attributes, likely?: Buffer): Promise<TextFile> {
  const absolute = (await expandPath(path, host)).replace(/(.)\/+$/, '$1');
  const [looking, reading, above] = [lookAt(absolute, host, want), host.readFile(absolute, { likely }), host.stat(posix.dirname(absolute), { follow: true })];
  reading.catch(ignore);
  above.catch(ignore);
  const { path: real, own, stat, context } = await looking;
  const hasParent = (await above) !== null;
  if (stat?.type === 'directory') throw new TaskFailure(`Path ${real} is a directory !`, { rc: 256 });
  return { path: real, own, stat, context, content: await reading, hasParent };
}

/** The changes, the folders above a new file made first where they are missing. */
export function parentSteps(seen: TextFile, changes: readonly Change[]): readonly Change[] {
  const [first, ...rest] = changes;
  if (seen.hasParent || seen.content || !first) return changes;
  return [{ ...first, steps: [{ run: sh`mkdir -p ${posix.dirname(seen.path)}` }, ...first.steps] }, ...rest];
}

/**
 * Changes of a text by an edit; `again` when the edit would change its own result, as a pattern that matches what it was replaced by
 * does. Then it is something done and not a state reached: it is made once, and wanted again the next time, as in Ansible.
 */
export function madeByEdit(changes: readonly Change[], again: boolean): readonly Change[] {
  return again ? changes.map((each) => ({ ...each, repeats: true as const })) : changes;
}

import { hash } from 'node:crypto';
import { posix } from 'node:path';
import { ABSENT, change, type Change, type TextDiff } from '../../../runner/task/change.ts';
import { attributeChanges, attributeCommands, wantedMode, type Attributes } from './attributes.ts';
import type { Target } from './target.ts';

/** Beyond this many bytes a diff helps nobody. */
const DIFF_LIMIT = 128 * 1024;

/** A file that shall have this content and these attributes. */
export interface WantedFile extends Attributes {
  readonly content: Buffer;
  readonly backup?: boolean;
  readonly validate?: string | undefined;
}

/** How a content change is described; by digests when nothing better is known. */
export interface Description {
  readonly aspect: string;
  readonly before: Change['before'];
  readonly after: Change['after'];
}

/** What has to change so that a file has the wanted content and attributes. `old` is its content, null when there is none. */
export function contentChanges(target: Target, old: Buffer | null, want: WantedFile, shown?: Description): readonly Change[] {
  const attributes = target.stat ? attributeChanges(target.path, target.stat, want, { context: target.context }) : [];
  if (old?.equals(want.content)) return attributes;
  const mode = wantedMode(want.mode, target.stat?.mode ?? '0644');
  const { owner, group, content, backup, validate } = want;
  const write = {
    path: target.path,
    content,
    ...(mode !== undefined && { mode }),
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
    ...(backup && target.stat && { backup }),
    ...(validate !== undefined && { validate }),
  };
  const { aspect, before, after } = shown ?? { aspect: 'content', before: old ? digest(old) : ABSENT, after: digest(content) };
  const labels = attributeCommands([target.path], { ...want, mode: undefined, owner: undefined, group: undefined }, '0644', false);
  const diff = textDiff(target.path, old, content);
  // Owner, group and mode come with the write: the file is never there with the new content and the old permissions.
  const told = attributes.map((each) => (each.aspect === 'context' ? { ...each, steps: [] } : { ...each, steps: [], undo: [] }));
  return [change(aspect, before, after, [{ write }, ...labels], diff ? { diff } : {}), ...told];
}

/** A short name for bytes: equal names, equal bytes. */
function digest(content: Buffer): string {
  return `sha256:${hash('sha256', content).slice(0, 12)}`;
}

/** Before and after as texts; undefined when one is binary or too long. */
export function textDiff(path: string, before: Buffer | null, after: Buffer | null): TextDiff | undefined {
  const both = [before ?? Buffer.alloc(0), after ?? Buffer.alloc(0)] as const;
  if (both.some((each) => each.length > DIFF_LIMIT || each.includes(0))) return undefined;
  return { beforeLabel: path, afterLabel: path, before: both[0].toString(), after: both[1].toString() };
}

/** Folders above a path that do not exist, top down. */
export async function missingParents(path: string, exists: (folder: string) => Promise<boolean>): Promise<readonly string[]> {
  const parent = posix.dirname(path);
  if (parent === '/' || parent === path || (await exists(parent))) return [];
  return [...(await missingParents(parent, exists)), parent];
}

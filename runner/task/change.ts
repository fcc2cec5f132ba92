import type { Json } from '../util/json.ts';
import type { Command } from './command.ts';

/** One difference between what is wanted and what was seen, and how it will be put right. Data: printable, comparable, storable. */
export interface Change {
  /** Which side of the thing differs: `content`, `mode`, `boot`, `runtime`, `installed` … */
  readonly aspect: string;
  /** What was seen; `ABSENT` when there was nothing. */
  readonly before: Json | typeof ABSENT;
  /** What is wanted; `ABSENT` when there is to be nothing. */
  readonly after: Json | typeof ABSENT;
  /** Texts for a line-by-line diff, when before and after are too long to read as values. */
  readonly diff?: TextDiff;
  /** What will be done, in order. */
  readonly steps: readonly Step[];
  /** What may happen to the outside when it is done. */
  readonly risk?: 'restart' | 'disconnect' | 'destroy';
  /** Steps that would take it back, where there is an inverse. */
  readonly undo?: readonly Step[];
  /**
   * Something done rather than a state reached (a restart that was asked for): a second look plans it again, so the verification
   * after apply leaves it out.
   */
  readonly repeats?: true;
  /** Of an unpredictable module: that it will be done is certain (a guard asks for it), only what comes of it is not. */
  readonly certain?: true;
  /** Waiting for something rather than changing it: the task's result is `ok`, not `changed`, when all it did was wait. */
  readonly waits?: true;
}

/** No value: the thing does not exist. Prints as `absent`. */
export const ABSENT = { absent: true } as const;

/** Two versions of a text. */
export interface TextDiff {
  readonly beforeLabel: string;
  readonly afterLabel: string;
  readonly before: string;
  readonly after: string;
}

/** One action on a host, as data. */
export type Step =
  | { readonly run: Command }
  | { readonly write: FileSpec }
  | { readonly upload: UploadSpec }
  | { readonly remove: string }
  | { readonly wait: WaitSpec };

/** A file to be written atomically: temp name in the same folder under umask 077, owner, mode, context, fsync, rename. */
export interface FileSpec {
  /** Absolute path; symbolic links are resolved first, so that the link survives. */
  readonly path: string;
  /** The new bytes. */
  readonly content: string | Buffer;
  /** Octal, four digits, e.g. `0644`. Without it: the old file's, or 0644 masked by nothing for a new one. */
  readonly mode?: string;
  /** User name or id. Without it: the old file's. */
  readonly owner?: string;
  /** Group name or id. Without it: the old file's. */
  readonly group?: string;
  /** Run before the rename with the temp file's path in place of `%s`; a non-zero exit refuses the file. */
  readonly validate?: string;
  /** Keep the old file beside it as `PATH.PID.DATE~`, as Ansible names it. */
  readonly backup?: boolean;
  /** Masks the content in diffs and events. */
  readonly secret?: boolean;
}

/** A file of the controller that is too large to be held in memory, to be written as `FileSpec` says. */
export interface UploadSpec {
  /** Absolute path on the controller. */
  readonly from: string;
  readonly file: Omit<FileSpec, 'content'>;
}

/** A condition to be waited for on the host. */
export interface WaitSpec {
  /** Exits 0 when the condition holds; run again and again. Read-only. */
  readonly until: Command;
  /** For people: `cman to answer`. */
  readonly description: string;
  /** Seconds until it counts as failed. */
  readonly timeout: number;
  /** Seconds between tries. */
  readonly interval: number;
}

/** Builds a change that runs commands. */
export function change(aspect: string, before: Change['before'], after: Change['after'], steps: readonly (Step | Command)[], more: Partial<Pick<Change, 'diff' | 'risk' | 'undo' | 'repeats' | 'waits' | 'certain'>> = {}): Change {
  return { aspect, before, after, steps: steps.map((step) => ('script' in step ? { run: step } : step)), ...more };
}

/** Of what a second look wants, what the first one should have brought about: nothing that repeats, by either look's word. */
export function unmade(made: readonly Change[], wanted: readonly Change[]): readonly Change[] {
  const repeating = new Set(made.filter((each) => each.repeats).map((each) => each.aspect));
  return wanted.filter((each) => each.repeats !== true && !repeating.has(each.aspect));
}

import { quoteWord } from '../task/command.ts';
import type { Shell } from './shell.ts';

/** Tokens of the rollbacks that this process has armed, on any host. */
const own = new Set<string>();

/** Remembers a rollback as ours. */
export function ownGuard(token: string): void {
  own.add(token);
}

/** Those rollbacks that somebody else armed: a run that was killed before it could disarm them. */
export function foreignGuards(folders: readonly string[]): readonly string[] {
  return folders.filter((folder) => !own.has(folder.slice(folder.lastIndexOf('/') + 1)));
}

/**
 * Calls rollbacks off. Whoever can say so has a connection that was opened after the change, which is the proof the rollbacks wait for.
 * Left alone they would take back, seconds later, what this run has found in place.
 */
export async function callOff(shell: Shell, folders: readonly string[]): Promise<void> {
  await shell.effect(folders.map((folder) => `mv ${quoteWord(`${folder}/armed`)} ${quoteWord(`${folder}/disarmed`)} 2>/dev/null; rm -rf ${quoteWord(folder)}`).join('\n'), { timeout: 30 });
}

import { randomBytes } from 'node:crypto';
import { quoteWord } from '../task/command.ts';
import { isGone, thisProcess } from './controller-process.ts';
import type { Shell } from './shell.ts';

/*
 * Who may decide about a rollback that is armed on a host?
 *
 * The run that armed it, until its time is over. That its shell on the host has gone means nothing: it goes in the ordinary course too
 * (a *new* connection is what confirms a change), and it goes when the change has cut that run off, which is what the rollback is for.
 * That somebody else can connect proves only that *he* can: a firewall that shuts one controller out may well let another in. So:
 *
 * - one of this process: the process knows what it does;
 * - one of a run on this machine whose process is gone: nobody will ever confirm it, and a connection from here was just opened after
 *   the change, which is the proof it waits for. It is called off, else it would take back, seconds later, what this run finds in place;
 * - any other: its run may be alive and about to decide. Nothing is done on the host until it is decided, by that run or by the host
 *   itself, which takes as long as the rollback was given at most.
 *
 * The name of a token says which process armed it, so that this is known without asking the host.
 */

/** Tokens of the rollbacks that this process has armed, on any host. */
const own = new Set<string>();

/** A name for a new rollback, remembered as ours. */
export function newGuard(): string {
  const token = `.rollcall-guard-${randomBytes(8).toString('hex')}-${thisProcess()}`;
  own.add(token);
  return token;
}

/** Rollbacks that this process has not armed. */
export interface ForeignGuards {
  /** Their run is gone. */
  readonly orphaned: readonly string[];
  /** Their run may still decide. */
  readonly undecided: readonly string[];
}

/** Sorts the folders of armed rollbacks by who may decide about them; undefined when all are our own. */
export function foreignGuards(folders: readonly string[]): ForeignGuards | undefined {
  const foreign = folders.filter((folder) => !own.has(nameOf(folder)));
  if (foreign.length === 0) return undefined;
  const orphaned = foreign.filter((folder) => isGone(nameOf(folder).split('-').slice(3).join('-')));
  return { orphaned, undecided: foreign.filter((folder) => !orphaned.includes(folder)) };
}

function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf('/') + 1);
}

/** Calls rollbacks off whose run is gone. */
export async function callOff(shell: Shell, folders: readonly string[]): Promise<void> {
  await shell.effect(folders.map((folder) => `mv ${quoteWord(`${folder}/armed`)} ${quoteWord(`${folder}/disarmed`)} 2>/dev/null; rm -rf ${quoteWord(folder)}`).join('\n'), { timeout: 30 });
}

/** Seconds beyond its own time that a rollback may take to be carried out. */
const GRACE = 30;

/**
 * Waits until rollbacks are decided: confirmed or carried out. One whose watch has died with a reboot will never be; with `tidy` what is
 * left of it is removed, so that nobody waits for it again.
 */
export async function awaitDecision(shell: Shell, folders: readonly string[], tidy: boolean): Promise<void> {
  const script = folders.map((folder) => `g=${quoteWord(folder)}; n=0; s=60; w=; { read -r s <"$g/seconds"; read -r w <"$g/watch"; } 2>/dev/null
while { [ -e "$g/armed" ] || [ -e "$g/fired" ]; } && [ "$n" -lt $((s+${GRACE})) ] && { [ -z "$w" ] || [ -d "/proc/$w" ]; }; do sleep 1; n=$((n+1)); done${tidy ? '; rm -rf "$g"' : ''}`).join('\n');
  // An effect leaves files of its own behind for as long as it runs: a check may not.
  await (tidy ? shell.effect(script, { timeout: 3600 }) : shell.read(script, { timeout: 3600 }));
}

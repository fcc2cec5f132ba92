import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../task/command.ts';
import { TaskFailure } from '../task/failure.ts';
import type { HostAccess } from './access.ts';
import { newGuard } from './armed.ts';
import { Deadline } from './cancellation.ts';
import { HostFailure } from './channel.ts';
import { GUARD_FOLDERS } from './shell/prelude.ts';

/** Something that may cut the branch it sits on, and how to take it back. */
export interface GuardedAct {
  readonly rollback: Command;
  /** Seconds after which the host takes it back by itself. */
  readonly seconds: number;
  readonly act: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** Seconds one attempt at a new connection may take. */
const ATTEMPT = 10;
/** Milliseconds before the end in which no further attempt is worth beginning: one that gets through then meets a host that has acted. */
const TOO_SHORT = 100;

/**
 * Arms a rollback on the host, acts, proves that a new connection can be opened, disarms.
 * @throws TaskFailure when it cannot be opened: the host then takes the change back by itself
 */
export async function guarded(host: HostAccess, { rollback, seconds, act, signal }: GuardedAct): Promise<void> {
  const token = newGuard();
  const shell = await host.shell();
  // Not before: a slow login is no part of the time in which the host waits.
  const deadline = Date.now() + seconds * 1000;
  const armed = await shell.effect(armScript(token, rollback.script, seconds), { timeout: 30, signal });
  if (armed.code !== 0) throw new TaskFailure(`the rollback could not be armed, so nothing was done: ${armed.stderr.trim()}`, { rc: armed.code, stderr: armed.stderr });
  let failure: unknown;
  try {
    await act();
  } catch (error) {
    // A connection that breaks here is what this is for: the new one decides. Anything else is the task's own failure.
    if (!(error instanceof HostFailure) || error.kind === 'cancelled') failure = error;
  }
  const end = await reach(host, token, armed.stdout.trim(), deadline, signal);
  host.memo.changed();
  if (end === 'late') throw new TaskFailure('the host took the change back before a new connection had confirmed it', { rolled_back: true });
  if (end === 'unreachable') {
    throw new TaskFailure(`no new connection could be opened after the change; the host takes it back by itself ${seconds} s after it was armed`, { rolled_back: true });
  }
  if (failure !== undefined) throw failure;
}

/**
 * New connections until one works in time, over which the rollback is disarmed; `late` when the first of them got through and the host
 * was faster all the same. One that gets through after others did not is let in by the rollback: the change had locked us out.
 */
async function reach(host: HostAccess, token: string, folder: string, deadline: number, signal: AbortSignal): Promise<'disarmed' | 'late' | 'unreachable'> {
  for (let failed = false; deadline - Date.now() > TOO_SHORT && !signal.aborted; failed = true) {
    const patience = new Deadline(Math.min(ATTEMPT * 1000, deadline - Date.now()), signal);
    try {
      await host.reconnect(patience.signal);
      const shell = await host.shell();
      // Renaming is the referee: of disarming and rolling back exactly one succeeds.
      const output = await shell.effect(`cd ${folder}/${token} && mv armed disarmed`, { timeout: ATTEMPT, signal: patience.signal });
      if (output.code === 0) return 'disarmed';
      return failed ? 'unreachable' : 'late';
    } catch (error) {
      if (!(error instanceof HostFailure)) throw error;
    } finally {
      patience.close();
    }
    await sleep(Math.min(500, Math.max(0, deadline - Date.now())));
  }
  return 'unreachable';
}

/** Leaves a process behind that outlives the connection (and its terminal), watches its token, and rolls back when its time has come. */
function armScript(token: string, rollback: string, seconds: number): string {
  return `umask 077
for d in ${GUARD_FOLDERS}; do [ -d "$d" ] && [ -w "$d" ] && mkdir "$d/${token}" 2>/dev/null && break; done
g=$d/${token}; echo ${Math.ceil(seconds)} >"$g/seconds"; echo $$ >"$g/armed" || exit 1
(
trap '' 1; cd /
i=0; while [ $i -lt ${Math.ceil(seconds)} ] && [ -e "$g/armed" ]; do sleep 1; i=$((i+1)); done
if mv "$g/armed" "$g/fired" 2>/dev/null; then
(
${rollback}
)
fi
rm -rf "$g"
) </dev/null >/dev/null 2>&1 &
echo $! >"$g/watch"; echo "$d"`;
}

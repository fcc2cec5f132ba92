import { sh, type Command } from '../../runner/task/command.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Output } from '../../runner/task/host.ts';

/** Exit code of `whenFree` for "still held": EX_TEMPFAIL. */
const HELD = 75;

/**
 * The command, run as soon as no other yum holds its lock: yum itself would wait for ever. Waits at most `seconds`, then says who holds it.
 * A pid file whose process is gone is no lock (yum removes it). For dnf, which waits for its own locks, the command as it is.
 */
export function whenFree(tool: 'yum' | 'dnf', seconds: number, command: Command): Command {
  const limit = { timeout: seconds + (command.timeout ?? 300) };
  if (tool === 'dnf') return command.with(limit);
  const script = sh`n=0; while p=$(cat /var/run/yum.pid 2>/dev/null) && [ -n "$p" ] && [ -d "/proc/$p" ]; do `;
  const holder = sh`echo "rollcall-lock: $p $(tr '\\0' ' ' <"/proc/$p/cmdline" 2>/dev/null)" >&2`;
  const held = sh`if [ $n -ge ${seconds} ]; then ${holder}; exit ${HELD}; fi; n=$((n+1)); sleep 1; done; `;
  return sh`${script}${held}${command}`.with({ ...limit, ...(command.stdin !== undefined && { stdin: command.stdin }) });
}

/** @throws TaskFailure when the answer of a `whenFree` command says that the lock was held to the end, or that yum gave up by itself */
export function assertFree({ code, stdout, stderr }: Output, seconds: number): void {
  const held = code === HELD ? /^rollcall-lock: (\d+) ?(.*)$/m.exec(stderr) : null;
  if (held)
    throw new TaskFailure(`yum is locked by process ${held[1]}${held[2]?.trim() ? ` (${held[2].trim()})` : ''}; waited ${seconds} s (lock_timeout)`, {
      rc: code,
      holder: Number(held[1]),
    });
  const exiting = /Another app is currently holding the yum lock; exiting.*/.exec(`${stdout}\n${stderr}`);
  if (exiting) throw new TaskFailure(`yum gave up: ${exiting[0]}`, { rc: code, stdout, stderr });
}

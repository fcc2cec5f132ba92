import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../task/command.ts';
import { TaskFailure } from '../task/failure.ts';
import type { HostAccess } from './access.ts';
import { Deadline } from './cancellation.ts';
import { HostFailure } from './channel.ts';

/** A restart: how, and how long it may take in seconds. */
export interface Reboot {
  readonly command: Command;
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** Tells one start of a host from the next: the kernel's boot id (one for all containers of a machine) and when its init was started. */
const BOOT_ID = `b=; [ ! -r /proc/sys/kernel/random/boot_id ] || IFS= read -r b </proc/sys/kernel/random/boot_id
IFS= read -r l </proc/1/stat; set -f; set -- \${l##*) }
echo "\${b:-$(who -b)} \${20}"`;

/** Seconds one attempt to come back to the host may take. */
const ATTEMPT = 15;

/** Restarts a host and waits until it has come back as another boot. @throws TaskFailure when it has not in time */
export async function reboot(host: HostAccess, { command, timeout, signal }: Reboot): Promise<void> {
  const deadline = Date.now() + timeout * 1000;
  const before = (await host.read(BOOT_ID)).stdout.trim();
  const shell = await host.shell();
  try {
    const output = await shell.effect(command.script, { timeout: Math.min(timeout, 60), signal });
    // Killed by the shutdown it asked for is no failure; refused is.
    if (output.code !== 0 && output.code < 128) throw new TaskFailure(`the host refused to restart: ${output.stderr.trim()}`, { rc: output.code, stdout: output.stdout, stderr: output.stderr, cmd: command.shown });
  } catch (error) {
    if (!(error instanceof HostFailure) || error.kind === 'cancelled') throw error;
  }
  host.memo.changed();
  let standing = 'it did not go down';
  for (let pause = 500; Date.now() < deadline; pause = Math.min(pause * 1.5, 5000)) {
    const patience = new Deadline(Math.max(100, Math.min(ATTEMPT * 1000, deadline - Date.now())), signal);
    try {
      await host.reconnect(patience.signal);
      const fresh = await host.shell();
      const after = await fresh.read(BOOT_ID, { timeout: ATTEMPT, signal: patience.signal });
      if (after.code === 0 && after.stdout.trim() !== before) {
        host.memo.changed();
        return;
      }
    } catch (error) {
      if (!(error instanceof HostFailure)) throw error;
      standing = `it has not come back: ${error.message}`;
    } finally {
      patience.close();
    }
    if (signal.aborted) throw new HostFailure('cancelled', 'cancelled while the host restarted');
    await sleep(Math.min(pause, Math.max(0, deadline - Date.now())));
  }
  throw new TaskFailure(`the host was not restarted within ${timeout} s: ${standing}`, { rebooted: false });
}

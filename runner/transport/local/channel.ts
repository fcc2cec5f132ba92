import { quoteWord } from '../../task/command.ts';
import type { Channel } from '../channel.ts';
import { steadyWriter } from '../steady-writer.ts';

/** Milliseconds in which the last bytes of a program that has ended are still read; its children may hold its streams for ever. */
const DRAIN = 200;

/** zx keeps all output by default; a session lives for hours, so nothing is kept here. */
function forgetful(): string[] {
  return Object.assign([], { push: () => 0 });
}

/** Starts a program of this machine through zx, in a process group of its own. */
export async function spawnChannel(command: string, gone: () => void): Promise<Channel> {
  const { $ } = await import('zx/core');
  // Everything zx would take from ZX_* variables is given, so that the environment cannot add a word to what is run.
  const run = $({
    shell: '/bin/sh', prefix: '', postfix: '', quote: quoteWord, preferLocal: false, cwd: process.cwd(), env: process.env, stdio: 'pipe', detached: true,
    verbose: false, quiet: true, nothrow: true, log: () => undefined, timeout: 0,
    store: { stdout: forgetful(), stderr: forgetful(), stdall: forgetful() },
  });
  // A template's text is taken as it is; its holes would be quoted.
  const running = run(Object.assign([command], { raw: [command] }));
  const child = running.child;
  running.catch(() => undefined);
  if (child === undefined || child.stdin === null || child.stdout === null || child.stderr === null) throw new Error('the program has no streams');
  const { stdin, stdout, stderr } = child;
  // Writing to a program that has gone is told by its end.
  stdin.on('error', () => undefined);
  const ended = new Promise<{ code?: number; reason?: string }>((resolve) => {
    child.once('error', (error) => resolve({ reason: error.message }));
    child.once('close', (code, signal) => resolve(endOf(code, signal)));
    child.once('exit', (code, signal) => {
      const timer = setTimeout(() => resolve(endOf(code, signal)), DRAIN);
      child.once('close', () => clearTimeout(timer));
    });
  });
  void ended.then(gone);
  return {
    write: steadyWriter(stdin, ended, 'the program has ended'),
    end: () => void stdin.end(),
    onData: (listener) => void stdout.on('data', listener),
    onError: (listener) => void stderr.on('data', listener),
    onClose: (listener) => void ended.then(listener),
    pause: () => void stdout.pause(),
    resume: () => void stdout.resume(),
    close() {
      for (const stream of [stdin, stdout, stderr]) stream.destroy();
      // Not killed: like a program behind a cut ssh connection it ends what it does, sees the end of its input, and cleans up.
      // What it left in the background (a rollback that watches over a change, for one) lives on.
      child.unref();
    },
  };
}

function endOf(code: number | null, signal: NodeJS.Signals | null): { code?: number; reason?: string } {
  return code === null ? { reason: `killed by ${signal ?? 'a signal'}` } : { code };
}

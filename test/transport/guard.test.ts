import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSessions } from '../../runner/engine/sessions/open-sessions.ts';
import { sh } from '../../runner/task/command.ts';
import { awaitDecision, callOff, foreignGuards, newGuard } from '../../runner/transport/armed.ts';
import { isGone, thisProcess } from '../../runner/transport/controller-process.ts';
import { HostSession } from '../../runner/transport/session.ts';
import { sshTransport } from '../../runner/transport/ssh/transport.ts';
import { startSshd } from './sshd.ts';

const daemon = await startSshd();
const work = mkdtempSync(join(tmpdir(), 'rollcall-guards-'));
afterAll(async () => {
  await daemon.stop();
  rmSync(work, { recursive: true, force: true });
});

/** The name of another process of this machine, as a token has it. */
function nameOf(child: ChildProcess): string {
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
  return thisProcess().replace(/-\d+-\d+$/, `-${child.pid}-${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`);
}

test('a rollback is that of the process which armed it: ours, one that lives, one that is gone, one of another machine', async () => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const living = nameOf(child);
  const used = living.replace(/\d+$/, (start) => String(Number(start) - 1));
  const elsewhere = living.replace(/^\w+/, 'abcdef012345');
  const folder = (name: string): string => `/run/.rollcall-guard-00112233-${name}`;
  expect([living, used, elsewhere, thisProcess(), ''].map(isGone)).toEqual([false, true, false, false, false]);
  expect(foreignGuards([`/run/${newGuard()}`])).toBeUndefined();
  expect(foreignGuards([folder(living), folder(used), folder(elsewhere), '/run/.rollcall-guard-001122'])).toEqual({ orphaned: [folder(used)], undecided: [folder(living), folder(elsewhere), '/run/.rollcall-guard-001122'] });
  child.kill();
  await once(child, 'exit');
  expect(foreignGuards([folder(living)])).toEqual({ orphaned: [folder(living)], undecided: [] });
});

test.each([['a run', true], ['a check', false]])('%s waits for a rollback that is being watched, not for one whose watch is dead', async (_what, tidy) => {
  const session = new HostSession(daemon.target('root'), sshTransport());
  const shell = await session.shell();
  const guard = (name: string, watch: number | undefined): string => {
    const folder = join(work, `${name}-${String(tidy)}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'armed'), '1\n');
    writeFileSync(join(folder, 'seconds'), '20\n');
    writeFileSync(join(folder, 'watch'), `${watch ?? ''}\n`);
    return folder;
  };
  const watched = join(work, `watched-${String(tidy)}`);
  const watch = spawn('sh', ['-c', `sleep 1.5; touch ${watched}.back; rm -rf ${watched}`]);
  await awaitDecision(shell, [guard('watched', watch.pid)], tidy);
  expect([existsSync(`${watched}.back`), existsSync(watched)]).toEqual([true, false]);
  const dead = guard('dead', 4_194_000);
  const started = Date.now();
  await awaitDecision(shell, [dead], tidy);
  expect(Date.now() - started).toBeLessThan(900);
  // A check removes nothing.
  expect(existsSync(dead)).toBe(!tidy);
  await callOff(shell, [dead]);
  expect(existsSync(dead)).toBe(false);
  await session.close();
});

test('a second controller that can connect does not confirm the change that cut the first one off: it waits until the host has taken it back', async () => {
  const [back, said] = [join(work, 'back'), join(work, 'said')];
  const first = spawn('npx', ['jiti', join(import.meta.dirname, 'cut-off.ts'), JSON.stringify(daemon.target('root')), back, said], { stdio: 'ignore' });
  const left = once(first, 'exit');
  while (!existsSync(said)) await sleep(20);
  // Its shell goes with its connection.
  await sleep(300);
  const notes: string[] = [];
  const sessions = openSessions({ signal: new AbortController().signal, check: false, publish: (happening) => void (happening.type === 'note' && notes.push(happening.message)) });
  const found = await sessions.access(daemon.target('root'), undefined, {}).observer(new AbortController().signal).read(sh`test -e ${back} && echo taken back`, ({ stdout }) => stdout);
  expect(found).toBe('taken back\n');
  expect(notes).toEqual([expect.stringMatching(/^another run has changed how this host is reached/)]);
  await sessions.close();
  await left;
  expect(readFileSync(said, 'utf8')).toContain('the host takes it back by itself');
});

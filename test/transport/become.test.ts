import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import type { Become, Target } from '../../runner/inventory/target.ts';
import { HostSession } from '../../runner/transport/session.ts';
import { sshTransport } from '../../runner/transport/ssh/transport.ts';
import { failureOf, shellContract } from './contract.ts';
import { makePerson } from './people.ts';
import { localShells } from './shells.ts';
import { startSshd } from './sshd.ts';

const shells = localShells();
const daemon = await startSshd();
const free = makePerson(['NAME ALL=(ALL) NOPASSWD: ALL']);
const asked = makePerson(['NAME ALL=(ALL) ALL', 'Defaults:NAME timestamp_timeout=0']);
const terminal = makePerson(['NAME ALL=(ALL) ALL', 'Defaults:NAME requiretty, timestamp_timeout=0']);
const terminalFree = makePerson(['NAME ALL=(ALL) NOPASSWD: ALL', 'Defaults:NAME requiretty']);
const nobody = makePerson();
// Everybody logs in with the daemon's key.
chmodSync(daemon.folder, 0o755);
afterAll(async () => {
  await daemon.stop();
  for (const person of [free, asked, terminal, terminalFree, nobody]) person.remove();
  shells.remove();
});

const root = (more: Partial<Become> = {}): Become => ({ method: 'sudo', user: 'root', ...more });
const sessionOf = (user: string, shell: string = shells.dash, more: Partial<Target> = {}): HostSession => new HostSession(daemon.target(user, more), sshTransport(), { shell });

shellContract({
  'sudo without a password, busybox': async () => ({ session: sessionOf(free.name, shells.busybox), become: root() }),
  'sudo with a password, dash': async () => ({ session: sessionOf(asked.name), become: root({ password: asked.password }) }),
  'sudo that requires a terminal, bash': async () => ({ session: sessionOf(terminal.name, shells.bash), become: root({ password: terminal.password }) }),
  'sudo that requires a terminal, busybox': async () => ({ session: sessionOf(terminalFree.name, shells.busybox), become: root() }),
  'su with a password, dash': async () => ({ session: sessionOf(free.name), become: { method: 'su', user: asked.name, password: asked.password } }),
});

async function whoami(session: HostSession, become: Become): Promise<string> {
  try {
    return (await (await session.shell(become)).read('id -un; echo $HOME')).stdout;
  } finally {
    await session.close();
  }
}

test('one session serves several users at once', async () => {
  const session = sessionOf(free.name);
  const users = [undefined, root(), root({ user: asked.name })];
  const names = await Promise.all(users.map(async (become) => (await (await session.shell(become)).read('id -un')).stdout.trim()));
  expect(names).toEqual([free.name, 'root', asked.name]);
  expect(await session.shell(root())).toBe(await session.shell(root()));
  await session.close();
});

test('more users than sshd allows channels', async () => {
  const session = sessionOf(free.name);
  const users = Array.from({ length: 12 }, (_none, index) => root({ flags: '-H '.repeat(index + 1) }));
  for (const become of [...users, ...users.slice(0, 3)]) expect((await (await session.shell(become)).read('id -u')).stdout).toBe('0\n');
  await session.close();
});

test('sudo sets HOME; su takes flags', async () => {
  expect(await whoami(sessionOf(free.name), root())).toBe('root\n/root\n');
  expect(await whoami(sessionOf(asked.name), { method: 'su', user: nobody.name, password: nobody.password, flags: '-' })).toBe(`${nobody.name}\n/home/${nobody.name}\n`);
});

const REFUSALS: readonly (readonly [string, () => Promise<string>, string])[] = [
  ['a wrong sudo password', () => whoami(sessionOf(asked.name), root({ password: 'wrong' })), 'sudo did not accept the password'],
  ['a wrong sudo password on a terminal', () => whoami(sessionOf(terminal.name), root({ password: 'wrong' })), 'sudo did not accept the password'],
  ['a wrong su password', () => whoami(sessionOf(asked.name), { method: 'su', user: 'root', password: 'wrong' }), 'su did not accept the password'],
  ['no password given', () => whoami(sessionOf(asked.name), root()), 'sudo asks for a password to become root, and none was given'],
  ['no password for su', () => whoami(sessionOf(asked.name), { method: 'su', user: 'root' }), 'su asks for a password, and none was given'],
  ['somebody who may not', () => whoami(sessionOf(nobody.name), root({ password: nobody.password })), `${nobody.name} is not in the sudoers file`],
  ['an unknown user', () => whoami(sessionOf(free.name), root({ user: 'rc-none' })), 'unknown user'],
  ['an unknown user of su', () => whoami(sessionOf('root'), { method: 'su', user: 'rc-none' }), 'rc-none'],
  ['a program that is not there', () => whoami(sessionOf(free.name), root({ exe: '/opt/none/sudo' })), '/opt/none/sudo is not installed'],
];

test('why somebody else cannot be become is told', async () => {
  // Side by side: PAM makes each wrong password wait for seconds.
  const told = await Promise.all(REFUSALS.map(async ([name, attempt]) => [name, await failureOf(attempt(), 'become')] as const));
  for (const [index, [name, message]] of told.entries()) expect([name, message]).toEqual([name, expect.stringContaining(REFUSALS[index]?.[2] ?? '')]);
});

test('no password is ever a word or a variable of a process', async () => {
  const session = sessionOf(terminal.name);
  const found: string[] = [];
  const become = root({ password: terminal.password });
  const opening = session.shell(become);
  const over = new AbortController();
  const look = async (): Promise<void> => {
    while (!over.signal.aborted) {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
        for (const file of ['cmdline', 'environ']) {
          try {
            if (readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(terminal.password)) found.push(pid);
          } catch {
            // It has ended.
          }
        }
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const watching = look();
  const shell = await opening;
  await shell.effect('cat >/dev/null; sleep 0.1', { stdin: terminal.password });
  over.abort();
  await watching;
  expect(found).toEqual([]);
  await session.close();
});

import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileSpec } from '../../runner/task/change.ts';
import { rawCommand, sh } from '../../runner/task/command.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Actuator } from '../../runner/task/host.ts';
import { HostAccess } from '../../runner/transport/access.ts';
import { createActuator } from '../../runner/transport/actuator.ts';
import { HostFailure } from '../../runner/transport/channel.ts';
import { runs } from '../runs.ts';
import { failureOf } from './contract.ts';
import { ODD_NAMES, toolHosts, withOnly } from './host.ts';

const hosts = toolHosts();
afterAll(async () => {
  for (const host of hosts) await host.close();
});
const signal = new AbortController().signal;

async function taskFailure(promise: Promise<unknown>): Promise<TaskFailure> {
  const error = await promise.then(() => new Error('it did not fail'), (reason: unknown) => reason);
  if (!(error instanceof TaskFailure)) throw error;
  return error;
}

describe.each(hosts.map((host) => [host.name, host] as const))('%s', (_name, { access, folder, session }) => {
  const actuator: Actuator = createActuator(access, signal);
  const at = (name: string): string => join(folder, name);
  const mode = (name: string): string => (statSync(at(name)).mode & 0o7777).toString(8);

  test('a new file: content of any bytes, owner, group and mode; nothing else is left', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_none, byte) => byte));
    const before = session.roundTrips;
    await actuator.write({ path: at('new'), content: bytes, mode: '0640', owner: 'daemon', group: 'sys' });
    expect(session.roundTrips - before).toBe(1);
    await actuator.write({ path: at('plain-new'), content: 'text\n' });
    expect(readFileSync(at('new')).equals(bytes)).toBe(true);
    expect([mode('new'), statSync(at('new')).uid, statSync(at('new')).gid, mode('plain-new')]).toEqual(['640', 1, 3, '644']);
    expect(readdirSync(folder).sort()).toEqual(['new', 'plain-new']);
  });

  test.each([
    ['not looked at', 'old', false],
    ['looked at before', 'looked at', true],
    // A new file is the group's of the folder there.
    ['in a folder that gives its group away', 'shared/old', true],
  ])('an old file keeps what nobody changes: %s', async (_how, name, look) => {
    if (name.includes('/')) {
      mkdirSync(at('shared'));
      chownSync(at('shared'), 0, 3);
      chmodSync(at('shared'), 0o2755);
    }
    const write = async (spec: Omit<FileSpec, 'path'>): Promise<void> => {
      if (look) await actuator.stat(at(name));
      await actuator.write({ path: at(name), ...spec });
    };
    writeFileSync(at(name), 'before');
    chownSync(at(name), 1, 3);
    chmodSync(at(name), 0o2710);
    const { ino } = statSync(at(name));
    await write({ content: 'after' });
    expect([readFileSync(at(name), 'utf8'), mode(name), statSync(at(name)).uid, statSync(at(name)).gid]).toEqual(['after', '2710', 1, 3]);
    expect(statSync(at(name)).ino).not.toBe(ino);
    await write({ content: 'x', owner: '2' });
    expect([statSync(at(name)).uid, statSync(at(name)).gid]).toEqual([2, 3]);
    await write({ content: 'x', group: 'daemon', mode: '0600' });
    expect([statSync(at(name)).uid, statSync(at(name)).gid, mode(name)]).toEqual([2, 1, '600']);
    await write({ content: 'x', owner: 'root', group: 'root' });
    expect([statSync(at(name)).uid, statSync(at(name)).gid, mode(name)]).toEqual([0, 0, '600']);
  });

  test('what was written is looked at again without a process, as far as it is plain text', async () => {
    const printable = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '"', "'", '\\', '$', '`', '*', '%', '-', '\t', '\n'), minLength: 1, maxLength: 60 });
    await fc.assert(fc.asyncProperty(printable, async (content) => {
      await actuator.write({ path: at('plain text'), content });
      await withOnly({ access }, ['stat'], async () => {
        const [, sum] = await Promise.all([actuator.stat(at('plain text')), actuator.checksum(at('plain text'), 'md5')]);
        access.memo.changed();
        const [, bytes] = await Promise.all([actuator.stat(at('plain text')), actuator.readFile(at('plain text'))]);
        expect([sum, bytes?.toString()]).toEqual([createHash('md5').update(content).digest('hex'), content]);
      });
    }), runs(40));
  });

  test.each([
    ['other text of the same length', 'line\nLINE\n'],
    ['a NUL, which shells do not see', 'line\n\0line\n'],
    ['less', 'line\n'],
    ['more', 'line\nline\nline\n'],
    ['no newline at the end', 'line\nline'],
  ])('what somebody else made of it is told as it is: %s', async (_what, content) => {
    await actuator.write({ path: at('contested'), content: 'line\nline\n' });
    writeFileSync(at('contested'), content);
    const [, sum] = await Promise.all([actuator.stat(at('contested')), actuator.checksum(at('contested'))]);
    access.memo.changed();
    const [, bytes] = await Promise.all([actuator.stat(at('contested')), actuator.readFile(at('contested'))]);
    expect([sum, bytes?.toString()]).toEqual([createHash('sha256').update(content).digest('hex'), content]);
  });

  test('a link survives and leads to the new content, also when it led to nothing', async () => {
    mkdirSync(at('real'));
    for (const [link, target] of [['link', 'real/file'], ['odd link', 'real/odd\nname\n']] as const) {
      if (link === 'link') writeFileSync(at(target), 'before');
      symlinkSync(target, at(link));
      await actuator.write({ path: at(link), content: 'after' });
      expect([lstatSync(at(link)).isSymbolicLink(), readlinkSync(at(link)), readFileSync(at(target), 'utf8')]).toEqual([true, target, 'after']);
    }
    expect(readdirSync(at('real')).length).toBe(2);
  });

  test.each(ODD_NAMES)('the name %j', async (name) => {
    mkdirSync(at('odd'), { recursive: true });
    await actuator.write({ path: at(`odd/${name}`), content: name });
    expect(readFileSync(at(`odd/${name}`), 'utf8')).toBe(name);
    await actuator.remove(at(`odd/${name}`));
    expect(readdirSync(at('odd'))).toEqual([]);
  });

  test('what is refused leaves the old file and no other', async () => {
    mkdirSync(at('v'));
    writeFileSync(at('v/file'), 'good');
    const write = (more: object): Promise<void> => actuator.write({ path: at('v/file'), content: 'bad', ...more });
    const refused = await taskFailure(write({ validate: 'echo no good: %s; grep -q good %s' }));
    expect(refused.message).toContain('was not written');
    expect(refused.message).toContain('no good: ');
    await taskFailure(write({ owner: 'rc-nobody' }));
    await taskFailure(write({ path: at('none/file') }));
    await taskFailure(write({ path: at('v') }));
    expect([readdirSync(at('v')), readFileSync(at('v/file'), 'utf8')]).toEqual([['file'], 'good']);
    await write({ content: 'very good', validate: "grep -q 'very good' '%s'" });
    expect(readFileSync(at('v/file'), 'utf8')).toBe('very good');
  });

  test('a backup has the old bytes and the name that Ansible gives', async () => {
    mkdirSync(at('b'));
    writeFileSync(at('b/file'), 'old');
    await actuator.write({ path: at('b/file'), content: 'new', backup: true });
    const [file, backup] = readdirSync(at('b')).sort();
    expect([file, readFileSync(at(`b/${backup}`), 'utf8')]).toEqual(['file', 'old']);
    expect(backup).toMatch(/^file\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/);
  });

  test('large files go up and come down whole', async () => {
    const big = Buffer.alloc(3_000_001, 'a\0b\n\xff', 'latin1');
    writeFileSync(at('big'), big);
    await actuator.write({ path: at('written'), content: big });
    await actuator.upload(at('big'), { path: at('uploaded'), mode: '0600' });
    await actuator.download(at('uploaded'), at('downloaded'));
    for (const name of ['written', 'uploaded', 'downloaded']) expect(readFileSync(at(name)).equals(big)).toBe(true);
    expect([mode('uploaded'), mode('downloaded')]).toEqual(['600', '600']);
    writeFileSync(at('keep'), 'kept');
    await taskFailure(actuator.download(at('none'), at('keep')));
    await taskFailure(actuator.upload(at('none'), { path: at('never') }));
    expect([readFileSync(at('keep'), 'utf8'), existsSync(at('never'))]).toEqual(['kept', false]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('removing takes whole folders, nothing is fine, and the root is safe', async () => {
    mkdirSync(at('tree/a/b'), { recursive: true });
    await actuator.remove(at('tree'));
    await actuator.remove(at('tree'));
    expect(existsSync(at('tree'))).toBe(false);
    for (const path of ['/', '//', '/.', '/..', '/../', '', 'relative']) await taskFailure(actuator.remove(path));
  });

  test('a command that fails is a failure with its result; other codes may be allowed', async () => {
    const failure = await taskFailure(actuator.run(rawCommand('echo said; echo why >&2; exit 3')));
    expect([failure.message, failure.result]).toEqual(['exit code 3: why', { rc: 3, stdout: 'said\n', stderr: 'why\n', cmd: 'echo said; echo why >&2; exit 3' }]);
    expect((await actuator.run(sh`exit 3`, { ok: [0, 3] })).code).toBe(3);
    expect((await actuator.run(sh`exit 9`, { ok: 'any' })).code).toBe(9);
    expect((await actuator.run(sh`cat`.with({ stdin: 'in' }))).stdout).toBe('in');
    expect((await taskFailure(actuator.run(sh`sleep 75`.with({ timeout: 0.3 })))).message).toContain('0.3 s');
  });

  test('an effect forgets what was read, for every user of the host', async () => {
    const other = session.memo({ method: 'sudo', user: 'somebody' });
    let asked = 0;
    const ask = async (): Promise<number> => ++asked;
    await other.get('read', 'x', ask);
    expect((await actuator.stat(at('seen'))) ?? 'none').toBe('none');
    await actuator.run(sh`touch ${at('seen')}`);
    expect((await actuator.stat(at('seen')))?.type).toBe('file');
    expect([await other.get('read', 'x', ask), await other.get('read', 'x', ask)]).toEqual([2, 2]);
  });

  test('what is asked behind the last act is answered after it, in the same breath, and stays; of other users nothing does', async () => {
    const other = session.memo({ method: 'sudo', user: 'somebody' });
    let asked = 0;
    const ask = async (): Promise<number> => ++asked;
    const before = session.roundTrips;
    let seen: Promise<readonly unknown[]> | undefined;
    expect(await actuator.stat(at('last'))).toBeNull();
    await actuator.last?.(() => actuator.write({ path: at('last'), content: 'content' }), () => {
      seen = Promise.all([actuator.stat(at('last')).then((stat) => stat?.size), actuator.readFile(at('last')).then(String), other.get('read', 'x', ask)]);
    });
    expect(await seen).toEqual([7, 'content', 1]);
    const spent = session.roundTrips - before;
    expect([(await actuator.stat(at('last')))?.size, session.roundTrips - before, await other.get('read', 'x', ask)]).toEqual([7, spent, 2]);
    await actuator.run(sh`rm ${at('last')}`);
    expect(await actuator.stat(at('last'))).toBeNull();
  });

  test('what was asked behind an act that failed is of after it as well', async () => {
    let seen: Promise<unknown> | undefined;
    await taskFailure(actuator.last?.(() => actuator.run(sh`touch ${at('half')}; exit 3`), () => void (seen = actuator.stat(at('half')))) ?? Promise.resolve());
    expect(await seen).toMatchObject({ size: 0 });
  });

  test('a rollback outlives the connection that armed it, and is not run once it is disarmed', async () => {
    const cut = new HostAccess('cut', access.memo, () => access.shell(), async () => {
      await session.reconnect();
      throw new HostFailure('unreachable', 'no route to the host');
    });
    const [lost] = await Promise.allSettled([createActuator(cut, signal).guarded(sh`touch ${at('rolled-back')}`, 1, async () => undefined)]);
    expect(String(lost?.status === 'rejected' && lost.reason)).toContain('takes it back by itself');
    await actuator.guarded(sh`touch ${at('wrongly')}; touch ${at('rolled-back')}`, 5, async () => undefined);
    for (let tries = 0; tries < 60 && !existsSync(at('rolled-back')); tries++) await sleep(50);
    expect([existsSync(at('rolled-back')), existsSync(at('wrongly'))]).toEqual([true, false]);
  });

  test('waiting ends when it holds, or in time', async () => {
    const later = actuator.wait({ until: sh`test -e ${at('ready')}`, description: 'the file', timeout: 5, interval: 0.05 });
    setTimeout(() => writeFileSync(at('ready'), ''), 120);
    await later;
    const failure = await taskFailure(actuator.wait({ until: sh`echo not yet; false`, description: 'Godot', timeout: 0.2, interval: 0.05 }));
    expect([failure.message, failure.result.stdout]).toEqual(['waited 0.2 s for Godot, in vain', 'not yet\n']);
    const cancel = new AbortController();
    const waiting = createActuator(access, cancel.signal).wait({ until: sh`false`, description: 'ever', timeout: 60, interval: 30 });
    setTimeout(() => cancel.abort(), 100);
    await failureOf(waiting, 'cancelled');
  });

  test('a connection that breaks in the middle of an upload leaves the old file and no other', async () => {
    mkdirSync(at('cut'));
    writeFileSync(at('cut/file'), 'old');
    writeFileSync(at('huge'), '');
    truncateSync(at('huge'), 8e9);
    const shell = Number((await actuator.run(sh`echo $$`)).stdout);
    const upload = failureOf(actuator.upload(at('huge'), { path: at('cut/file') }), 'lost');
    const arrived = (): boolean => readdirSync(at('cut')).some((name) => name !== 'file' && statSync(at(`cut/${name}`)).size > 0);
    while (!arrived()) await sleep(5);
    process.kill(shell, 'SIGKILL');
    await upload;
    for (let tries = 0; tries < 200 && readdirSync(at('cut')).length > 1; tries++) await sleep(25);
    expect([readdirSync(at('cut')), readFileSync(at('cut/file'), 'utf8')]).toEqual([['file'], 'old']);
  });
});

import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rawCommand, sh } from '../../runner/task/command.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { hostAccess } from '../../runner/transport/access.ts';
import { localTransport } from '../../runner/transport/local/transport.ts';
import { createForesight, createObserver } from '../../runner/transport/observer.ts';
import { HostSession } from '../../runner/transport/session.ts';
import { failureOf } from './contract.ts';
import { runs } from '../runs.ts';
import { ODD_NAMES, toolHosts, withOnly } from './host.ts';
import { run } from './need.ts';

const digest = (name: string, text: string): string => createHash(name).update(text).digest('hex');
const hosts = toolHosts();
afterAll(async () => {
  for (const host of hosts) await host.close();
});
const signal = new AbortController().signal;

describe.each(hosts.map((host) => [host.name, host] as const))('%s', (name, { access, folder, session }) => {
  const observer = createObserver(access, signal);
  const at = (name: string): string => join(folder, name);

  beforeAll(() => {
    for (const name of ODD_NAMES) writeFileSync(at(name), `content of ${name}`);
    mkdirSync(at('folder'), { mode: 0o1777 });
    chmodSync(at('folder'), 0o1777);
    chownSync(at('plain'), 12345, 54321);
    chmodSync(at('plain'), 0o4755);
    symlinkSync('odd\ntarget\n', at('dangling'));
    symlinkSync('plain', at('link'));
    run('mkfifo', [at('fifo')]);
  });

  test('many questions of one moment are one round trip, and every odd name gets its own answer', async () => {
    await observer.system();
    const before = session.roundTrips;
    const [stats, sums, missing, entry, words] = await Promise.all([
      Promise.all(ODD_NAMES.map((name) => observer.stat(at(name)))),
      Promise.all(ODD_NAMES.map((name) => observer.checksum(at(name)))),
      observer.stat(at('nothing')),
      observer.getent('passwd', 'root'),
      observer.read(sh`echo ${ODD_NAMES}`, ({ stdout }) => stdout.length),
    ]);
    expect(session.roundTrips - before).toBeLessThanOrEqual(2);
    expect(stats.map((stat) => [stat?.type, stat?.size])).toEqual(ODD_NAMES.map((name) => ['file', Buffer.byteLength(`content of ${name}`)]));
    expect(sums).toEqual(ODD_NAMES.map((name) => digest('sha256', `content of ${name}`)));
    expect([missing, entry?.[0], entry?.[2], entry?.length, words > 50]).toEqual([null, 'root', '0', 7, true]);
  });

  test('who looked ahead and is called off is told what was asked, asks nothing more, and leaves it to the others', async () => {
    const calledOff = new AbortController();
    const foresight = createForesight(access, calledOff.signal);
    access.memo.changed();
    const asked = foresight.stat(at('plain'));
    calledOff.abort();
    expect((await asked)?.type).toBe('file');
    const before = session.roundTrips;
    await expect(foresight.stat(at('folder'))).rejects.toMatchObject({ kind: 'cancelled' });
    await expect(foresight.stat(at('plain'))).rejects.toMatchObject({ kind: 'cancelled' });
    expect([(await observer.stat(at('plain')))?.type, session.roundTrips - before]).toEqual(['file', 0]);
  });

  test('what plain links say is told by the process that looks at them', async () => {
    const targets = ['plain', '/', ' ', '-> x', 'a: b', '$x*', '"', './..', '~#&;|<>()[]{}'];
    targets.forEach((target, index) => symlinkSync(target, at(`plain link ${index}`)));
    access.memo.changed();
    await withOnly({ access }, ['stat'], async () => {
      const seen = await Promise.all([...targets.map((_target, index) => observer.stat(at(`plain link ${index}`))), observer.stat(at('plain'))]);
      expect(seen.map((stat) => stat?.target)).toEqual([...targets, undefined]);
    });
  });

  test('every kind of object, links followed or not', async () => {
    const [plain, dir, link, followed, dangling, nowhere, fifo, device] = await Promise.all([
      observer.stat(at('plain')), observer.stat(at('folder')), observer.stat(at('link')), observer.stat(at('link'), { follow: true }), observer.stat(at('dangling')),
      observer.stat(at('dangling'), { follow: true }), observer.stat(at('fifo')), observer.stat('/dev/null'),
    ]);
    expect(plain).toMatchObject({ type: 'file', mode: '4755', uid: 12345, gid: 54321, owner: '12345', group: '54321', links: 1 });
    expect([dir?.type, dir?.mode, dir?.owner, dir?.group]).toEqual(['directory', '1777', 'root', 'root']);
    expect([link?.type, link?.target]).toEqual(['link', 'plain']);
    expect(followed).toEqual(plain);
    expect([dangling?.type, dangling?.target, nowhere]).toEqual(['link', 'odd\ntarget\n', null]);
    expect([fifo?.type, device?.type, device?.mode]).toEqual(['fifo', 'char', '0666']);
    expect(Math.abs((plain?.mtime ?? 0) - Date.now() / 1000)).toBeLessThan(120);
  });

  test('digests are of files only', async () => {
    expect(await Promise.all([observer.checksum(at('link'), 'md5'), observer.checksum(at('plain'), 'sha1'), observer.checksum(at('folder')), observer.checksum(at('nothing'))])).toEqual([
      digest('md5', 'content of plain'), digest('sha1', 'content of plain'), null, null,
    ]);
  });

  test('files come as bytes', async () => {
    const bytes = Buffer.from([0, 255, 10, 0, 13, 10]);
    writeFileSync(at('bytes'), bytes);
    writeFileSync(at('empty'), '');
    const [some, empty, none, dir, odd] = await Promise.all([
      observer.readFile(at('bytes')), observer.readFile(at('empty')), observer.readFile(at('nothing')), observer.readFile(at('folder')), observer.readFile(at('new\nline')),
    ]);
    expect([some, empty, none, dir, odd?.toString()]).toEqual([bytes, Buffer.alloc(0), null, null, 'content of new\nline']);
    await expect(observer.readFile(at('bytes'), { max: 5 })).rejects.toThrow(TaskFailure);
  });

  const printable = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '"', "'", '\\', '$', '`', '*', '%', '-', '\t', '\n'), maxLength: 60 });
  const anything = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));

  test('short texts are read and compared without a process of their own', async () => {
    await fc.assert(fc.asyncProperty(printable, fc.boolean(), async (text, right) => {
      writeFileSync(at('short'), text);
      access.memo.changed();
      const likely = Buffer.from(right ? text : `${text}.`);
      await withOnly({ access }, ['stat'], async () => {
        const [, bytes] = await Promise.all([observer.stat(at('short')), observer.readFile(at('short'), { likely })]);
        expect(bytes?.toString()).toBe(text);
        access.memo.changed();
        const [, sum] = await Promise.all([observer.stat(at('short')), right ? observer.checksum(at('short'), 'md5', { likely }) : null]);
        expect(sum).toBe(right ? digest('md5', text) : null);
      });
    }), runs(40));
  });

  test('a guess changes no answer: any bytes, any guess, links, long files', async () => {
    const long = fc.integer({ min: 1000, max: 3000 }).map((size) => Buffer.alloc(size, 'one line\n'));
    await fc.assert(fc.asyncProperty(fc.oneof(anything, printable.map((text) => Buffer.from(text)), long), fc.oneof(anything, printable.map((text) => Buffer.from(text)), long), fc.constantFrom('same', 'other', 'none'), fc.boolean(), async (held, other, guess, linked) => {
      rmSync(at('guessed'), { force: true });
      if (linked) symlinkSync('held', at('guessed'));
      writeFileSync(at(linked ? 'held' : 'guessed'), held);
      access.memo.changed();
      const likely = guess === 'none' ? undefined : guess === 'same' ? held : other;
      const [stat, bytes, sum, none] = await Promise.all([observer.stat(at('guessed')), observer.readFile(at('guessed'), { likely }), observer.checksum(at('guessed'), 'sha256', { likely }), observer.checksum(at('nothing'), 'sha256', { likely })]);
      expect([stat?.type, bytes, sum, none]).toEqual([linked ? 'link' : 'file', held, createHash('sha256').update(held).digest('hex'), null]);
    }), runs(60));
  });

  test('what several links say is asked with one process where the tools can, and told as it is', async () => {
    const targets = ['plain', 'odd\ntarget\n', ' ', '-n', 'é☃', '/'];
    targets.forEach((target, index) => symlinkSync(target, at(`link ${index}`)));
    access.memo.changed();
    const odd = await Promise.all(targets.map((_target, index) => observer.stat(at(`link ${index}`))));
    expect(odd.map((stat) => stat?.target)).toEqual(targets);
    access.memo.changed();
    // That some say what is not plain is known by now: nothing is asked twice.
    const before = session.roundTrips;
    await Promise.all(targets.map((_target, index) => observer.stat(at(`link ${index}`))));
    expect(session.roundTrips - before).toBe(1);
    access.memo.changed();
    for (const asked of [targets, targets.slice(0, 2)]) {
      expect((await Promise.all(asked.map((_target, index) => observer.stat(at(`link ${index}`))))).map((stat) => stat?.target)).toEqual(asked);
      access.memo.changed();
    }
  });

  test('whatever a link says is told as it is', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom('a', 'b c', "d'", 'e`', 'f\\', 'g\n'), fc.oneof(printable, fc.string({ minLength: 1 }))).filter(([, target]) => target !== '' && !target.includes('\0')), { maxLength: 4 }), fc.boolean(), async (links, follow) => {
      const paths = links.map(([name, target], index) => {
        const path = at(`any ${index} ${name}`);
        rmSync(path, { force: true });
        symlinkSync(target, path);
        return path;
      });
      access.memo.changed();
      const seen = await Promise.all([...paths.map((path) => observer.stat(path)), ...(follow ? [observer.stat(at('link'), { follow })] : [])]);
      expect(seen.slice(0, paths.length).map((stat) => stat?.target)).toEqual(links.map(([, target]) => target));
      if (follow) expect([seen.at(-1)?.type, seen.at(-1)?.target]).toEqual(['file', undefined]);
    }), runs(40));
  });

  test('database entries: by name, by number, with empty fields, none', async () => {
    const [byId, group, none, hosts, odd] = await Promise.all([
      observer.getent('passwd', '0'), observer.getent('group', 'root'), observer.getent('passwd', 'rc-nobody'), observer.getent('hosts', 'localhost'), observer.getent('passwd', "-s x'y"),
    ]);
    expect([byId?.[0], group, none, odd]).toEqual(['root', ['root', 'x', '0', ''], null, null]);
    expect(hosts?.slice(1)).toContain('localhost');
  });

  test('entries of one database are asked for together: in any order, some missing, twice, by number', async () => {
    const names = ['www-data', 'rc-nobody', '0', 'root', 'daemon', '4294967000'];
    const [users, groups] = await Promise.all(['passwd', 'group'].map((database) => Promise.all(names.map((name) => observer.getent(database, name)))));
    for (const entries of [users, groups]) expect(entries?.map((entry) => entry?.[0])).toEqual(['www-data', undefined, 'root', 'root', 'daemon', undefined]);
    const shadows = await Promise.all(['root', '0', 'rc-nobody'].map((name) => observer.getent('shadow', name)));
    expect(shadows.map((entry) => entry?.[0])).toEqual(['root', undefined, undefined]);
  });

  test('entries that are asked for again are read from the files, where the system looks there first', async () => {
    const file = (called: string, text: string, mode = 0o644): string => {
      writeFileSync(join(folder, called), text);
      chmodSync(join(folder, called), mode);
      return join(folder, called);
    };
    file('passwd', '#\nroot:x:0:0:file:/root:/bin/sh\ndaemon:x:1:1:file:/:/bin/sh\ncut:x:7:7:file:/:/bin/sh');
    file('group', 'root:x:0:file');
    file('getent', '#!/bin/sh\ndatabase=$1; shift\nfor key; do case $database in passwd) echo "$key:x:0:0:getent:/:/bin/sh" ;; *) echo "$key:x:0:getent" ;; esac; done\n', 0o755);
    const from = async (nsswitch: string, ...names: string[]): Promise<string> => {
      file('nsswitch.conf', nsswitch);
      const shell = file('sh', `#!/bin/sh\nPATH=${folder}:$PATH exec unshare --mount /bin/sh -c 'for f in passwd group nsswitch.conf; do mount --bind ${folder}/$f /etc/$f || exit; done; exec ${name === 'busybox' ? 'busybox ash' : name}'\n`, 0o755);
      const session = new HostSession({ name: 'here', transport: 'local', address: 'here' }, localTransport(), { shell });
      const host = hostAccess(session);
      const there = createObserver(host, signal);
      const ask = async (): Promise<string> => {
        const entries = await Promise.all([...names.map((each) => there.getent('passwd', each)), there.getent('group', 'root')]);
        host.memo.changed();
        return entries.map((entry) => entry?.[entry.length === 4 ? 3 : 4]).join(' ');
      };
      const said = [await ask(), await ask()].join(', then ');
      await session.close();
      return said;
    };
    expect(await from('passwd: files systemd\ngroup:files\n', 'root', 'daemon')).toBe('getent getent getent, then file file getent');
    expect(await from('#\n\npasswd:\tfiles\ngroup:  files', 'daemon')).toBe('getent getent, then file file');
    expect(await from('passwd: sss files\ngroup: files [SUCCESS=merge] systemd\n', 'root', 'daemon')).toBe('getent getent getent, then getent getent getent');
    // One that is not in the file, and a number.
    expect(await from('passwd: files\ngroup: files\n', 'root', 'other')).toBe('getent getent getent, then getent getent file');
    expect(await from('passwd: files\ngroup: files\n', 'root', '0')).toBe('getent getent getent, then getent getent file');
  });

  test('inquiries leave the shell as it was', async () => {
    const state = rawCommand('set; pwd; echo "$# $-"; trap');
    const shown = (): Promise<string> => observer.read(state, ({ stdout }) => stdout.split('\n').filter((line) => !/^(_r|_q|_=|LINENO|PPID|RANDOM|SECONDS|EPOCH|SRANDOM|BASH|PIPESTATUS|OPTIND|FUNCNAME)/.test(line) && !/^( |[{}]|_\w+ ?\(\))/.test(line)).join('\n'));
    const before = await shown();
    access.memo.changed();
    await Promise.all([observer.stat(at('link')), observer.checksum(at('plain')), observer.getent('passwd', 'root'), observer.getent('passwd', 'daemon'), observer.getent('hosts', 'localhost'), observer.readFile(at('plain')), observer.readFile(at('none')), observer.checksum(at('folder'), 'sha1', { likely: Buffer.from('x') }), observer.stat(at('plain')), observer.read(sh`command -v sh`, ({ code }) => code)]);
    expect(await shown()).toBe(before);
  });

  test('why a file cannot be read is told', async () => {
    // Root may read everything but what the kernel itself refuses.
    await expect(observer.readFile('/proc/self/clear_refs')).rejects.toThrow(/cannot read \/proc\/self\/clear_refs: .+/);
  });

  test('what was read is remembered until the host changes', async () => {
    const command = rawCommand(`echo x >>${at('count')}; wc -l <${at('count')}`);
    const count = (): Promise<number> => observer.read(command, ({ stdout }) => Number(stdout));
    expect(await Promise.all([count(), count()])).toEqual([1, 1]);
    expect(await count()).toBe(1);
    access.memo.changed();
    expect(await count()).toBe(2);
  });

  test('who is cancelled stops waiting; who shares the read gets it', async () => {
    const mine = new AbortController();
    const command = sh`sleep 0.3; echo done`;
    const cancelled = createObserver(access, mine.signal).read(command, ({ stdout }) => stdout);
    const shared = observer.read(command, ({ stdout }) => stdout);
    mine.abort();
    await failureOf(cancelled, 'cancelled');
    expect(await shared).toBe('done\n');
    await failureOf(createObserver(access, mine.signal).read(sh`touch ${at('never')}`, ({ code }) => code), 'cancelled');
    expect(await observer.stat(at('never'))).toBeNull();
  });

  test('a read may have standard input', async () => {
    const stdin = Buffer.from([0, 1, 39, 37, 92, 200, 45]);
    expect(await observer.read(sh`cksum`.with({ stdin }), ({ stdout }) => stdout.split(' ')[1]?.trim())).toBe('7');
  });

  test('the system is recognised', async () => {
    const system = await observer.system();
    expect(system).toMatchObject({ distribution: 'debian', family: 'Debian', packages: 'apt', uid: 0, selinux: 'disabled' });
    expect(system.version).toMatch(/^\d+/);
  });
});

test('a shell that cannot be opened says so to whoever reads first, and is not opened twice', async () => {
  const opened: string[] = [];
  const local = localTransport();
  const session = new HostSession({ name: 'h', transport: 'local', address: 'here' }, {
    async connect(target, stop) {
      const connection = await local.connect(target, stop);
      return { ...connection, open: (command, options) => (opened.push(command), connection.open(command, options)) };
    },
  }, { shell: '/bin/false' });
  const message = await failureOf(createObserver(hostAccess(session), signal).stat('/'), 'lost');
  expect([message, opened.length]).toEqual([expect.stringMatching(/the shell ended before it answered.*exit code 1/), 1]);
  await session.close();
});

test('the first question goes out before the shell has answered for the first time', async () => {
  const written: string[] = [];
  const local = localTransport();
  const session = new HostSession({ name: 'h', transport: 'local', address: 'here' }, {
    async connect(target, stop) {
      const connection = await local.connect(target, stop);
      return {
        ...connection,
        async open(command, options) {
          const channel = await connection.open(command, options);
          // A far host: its first answer takes a while.
          return { ...channel, write: (data) => (written.push('write'), channel.write(data)), onData: (listener) => channel.onData((chunk) => setTimeout(() => (written.push('answer'), listener(chunk)), 300)) };
        },
      };
    },
  });
  try {
    expect((await createObserver(hostAccess(session), signal).stat('/'))?.type).toBe('directory');
    expect(written.slice(0, 3)).toEqual(['write', 'write', 'answer']);
  } finally {
    await session.close();
  }
});

import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileSpec, Step } from '../../runner/task/change.ts';
import { rawCommand, sh } from '../../runner/task/command.ts';
import { createActuator } from '../../runner/transport/actuator.ts';
import { ODD_NAMES, toolHosts, without, withOnly } from './host.ts';

const hosts = toolHosts();
afterAll(async () => {
  for (const host of hosts) await host.close();
});
const signal = new AbortController().signal;

const kinds = hosts.flatMap((host) => [[host.name, 'with Perl', host], [host.name, 'without Perl', host]] as const);

describe.each(kinds)('steps of several tasks in one request: %s, %s', (name, perl, { access, folder: given, session }) => {
  const base = join(given, perl.replace(' ', '-'));
  let restore = (): Promise<void> => Promise.resolve();

  beforeAll(async () => {
    mkdirSync(base);
    if (perl === 'without Perl') restore = await without({ access }, 'perl');
  });

  afterAll(() => restore());

  const actuator = createActuator(access, signal);
  let count = 0;
  let folder = '';
  const at = (name: string): string => join(folder, name);
  const write = (name: string, content: string | Buffer, more: Partial<FileSpec> = {}): Step => ({ write: { path: at(name), content, ...more } });
  const run = (command: ReturnType<typeof sh>): Step => ({ run: command });
  const mode = (name: string): string => (statSync(at(name)).mode & 0o7777).toString(8);
  /** As the engine does: what is written has been looked at. */
  const together = (...parts: readonly Step[][]): Promise<number> => onlyIf([folder], ...parts);
  const onlyIf = async (plain: readonly string[], ...parts: readonly Step[][]): Promise<number> => {
    await Promise.all(parts.flat().flatMap((step) => ('write' in step ? [actuator.stat(step.write.path), actuator.stat(dirname(step.write.path))] : [])));
    return actuator.together!(parts, plain, () => undefined);
  };

  beforeEach(() => {
    folder = join(base, `t${count++}`);
    mkdirSync(folder);
  });

  test('folders, files, links and modes, in one round trip, with nothing left beside them', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_none, byte) => byte));
    writeFileSync(at('old'), 'old');
    chmodSync(at('old'), 0o604);
    chownSync(at('old'), 1, 3);
    await together();
    const before = session.roundTrips;
    const made = await together(
      [run(sh`install -d -m 0750 ${at('d')}`)], [write('d/bytes', bytes, { mode: '0640', owner: 'daemon', group: 'sys' })], [write('empty', '')], [write('old', 'new\n')],
      [run(sh`ln -sfn ${at('old')} ${at('link')}`)], [run(sh`mkdir -p ${at('e/f')}`), write('e/f/g', '%s \\n \'é\'\n')], [{ remove: at('empty') }, run(sh`chmod 0700 ${at('e')}`)],
    );
    expect(made).toBe(7);
    // One to look, one for all of it.
    expect(session.roundTrips - before).toBe(2);
    expect(readFileSync(at('d/bytes')).equals(bytes)).toBe(true);
    expect([mode('d'), mode('d/bytes'), statSync(at('d/bytes')).uid, statSync(at('d/bytes')).gid]).toEqual(['750', '640', 1, 3]);
    expect([readFileSync(at('old'), 'utf8'), mode('old'), statSync(at('old')).uid, statSync(at('old')).gid]).toEqual(['new\n', '604', 1, 3]);
    expect([readlinkSync(at('link')), readFileSync(at('e/f/g'), 'utf8'), mode('e/f/g'), mode('e/f'), mode('e')]).toEqual([at('old'), '%s \\n \'é\'\n', '644', '755', '700']);
    expect([...readdirSync(folder).sort(), ...readdirSync(at('d')), ...readdirSync(at('e/f'))]).toEqual(['d', 'e', 'link', 'old', 'bytes', 'g']);
  });

  test.each(ODD_NAMES)('a name like %j', async (name) => {
    expect(await together([write(name, '1')], [write(name, '2', { mode: '0600' })], [write('other', 'x')])).toBe(3);
    expect([readFileSync(at(name), 'utf8'), mode(name), readdirSync(folder).length]).toEqual(['2', '600', 2]);
  });

  test('a file written by several tasks is what the last makes of it, with what the others gave it', async () => {
    expect(await together([write('a', '1', { mode: '0600', group: 'sys' })], [write('b', 'x')], [write('a', '2')], [write('a', '3', { owner: 'daemon' })])).toBe(4);
    expect([readFileSync(at('a'), 'utf8'), mode('a'), statSync(at('a')).uid, statSync(at('a')).gid, readdirSync(folder)]).toEqual(['3', '600', 1, 3, ['a', 'b']]);
  });

  test('many new files are renamed by one process, with an old one behind them', async () => {
    writeFileSync(at('old'), 'old');
    const made = async (): Promise<string[]> => {
      let done = 0;
      // No mv: rename is what there is.
      await withOnly({ access }, ['sync', 'chmod', 'rename.ul', 'rm', 'stat', 'mkdir'], async () => {
        done = await together([write('a', '1', { mode: '0600' })], [write('b'.repeat(200), '2')], [write('old', '3', { mode: '0640' })]);
      });
      return [String(done), ...readdirSync(folder).map((name) => `${name.replace(/b+/, 'b')} ${readFileSync(at(name), 'utf8')} ${mode(name)}`).sort()];
    };
    expect(await made()).toEqual(['3', 'a 1 600', 'b 2 644', 'old 3 640']);
  });

  test('alike folders are made by one process; what cannot be made takes the others of that process back', async () => {
    const folders = (...paths: string[]): Step[][] => paths.map((path) => [run(sh`install -d -m 0750 ${at(path)}`)]);
    expect(await together(...folders('x', 'x/y', 'z'), [run(sh`install -d -m 0700 ${at('x/y/w')}`)], ...folders('x/y/w/v'))).toBe(5);
    expect(['x', 'x/y', 'z', 'x/y/w', 'x/y/w/v'].map(mode)).toEqual(['750', '750', '750', '700', '750']);
    writeFileSync(at('file'), '');
    expect(await together(...folders('one', 'file/two', 'three'))).toBe(1);
    expect(readdirSync(folder).sort()).toEqual(['file', 'one', 'x', 'z']);
  });

  test('where a new file appears meanwhile, or the tool fails, they are put in place one by one', async () => {
    await Promise.all([actuator.stat(at('a')), actuator.stat(at('b')), actuator.stat(at('c')), actuator.stat(folder)]);
    writeFileSync(at('b'), 'from elsewhere');
    expect(await actuator.together!([[write('a', '1')], [write('b', '2')], [write('c', '3')]], [folder], () => undefined)).toBe(3);
    expect(['a', 'b', 'c'].map((name) => readFileSync(at(name), 'utf8'))).toEqual(['1', '2', '3']);
    // One that renames the first of them only, as when the second cannot be.
    const tools = at('tools');
    mkdirSync(tools);
    writeFileSync(join(tools, 'rename.ul'), '#!/bin/sh\nmv "$3" "${3%/*}/${3##*-}"; exit 2\n');
    chmodSync(join(tools, 'rename.ul'), 0o755);
    const shell = await access.shell();
    await shell.inquire(`kept_path=$PATH; PATH=${tools}:$PATH`);
    const before = readdirSync(folder).length;
    const done = await together([write('d', '1')], [write('e', '2')], [run(sh`mkdir ${at('missing/f')}`)], [write('g', '4')]);
    await shell.inquire('PATH=$kept_path');
    expect([done, readFileSync(at('d'), 'utf8'), readFileSync(at('e'), 'utf8'), readdirSync(folder).length - before]).toEqual([2, '1', '2', 2]);
  });

  test('of files and links that follow each other, those before the one that cannot be made are done', async () => {
    mkdirSync(at('taken'));
    symlinkSync('nowhere', at('link'));
    const link = (name: string): Step[] => [run(sh`ln -sfn ${at('a')} ${at(name)}`)];
    expect(await together([write('a', '1', { mode: '0600' })], [write('b', '2', { mode: '0755' })], link('link'), link('new'), link('missing/new'), link('late'))).toBe(4);
    expect([mode('a'), mode('b'), readlinkSync(at('link')), readlinkSync(at('new')), readdirSync(folder).sort()]).toEqual(['600', '755', at('a'), at('a'), ['a', 'b', 'link', 'new', 'taken']]);
    expect(await together([write('c', '1')], [write('d', '2', { mode: '0600' })], [write('taken', '3')], [write('e', '4', { mode: '0640' })], link('late'))).toBe(2);
    expect(readdirSync(folder).sort()).toEqual(['a', 'b', 'c', 'd', 'link', 'new', 'taken']);
  });

  test('a link to itself is left to ln, which refuses it where it is not busybox', async () => {
    writeFileSync(at('self'), 'kept');
    const made = await together([write('a', '1', { mode: '0600' })], [write('b', '2')], [run(sh`ln -sfn ${at('self')} ${at('self')}`)]);
    expect([made, lstatSync(at('self')).isSymbolicLink()]).toEqual(name === 'busybox' ? [3, true] : [2, false]);
  });

  test('a name that leaves no room for a longer one beside it', async () => {
    const [long, longer] = ['n'.repeat(255), `é${'o'.repeat(240)}`];
    expect(await together([write(long, '1')], [write(longer, '2')], [write('short', '3')])).toBe(3);
    expect([long, longer, 'short'].map((name) => readFileSync(at(name), 'utf8'))).toEqual(['1', '2', '3']);
  });

  test('a new file in a folder that gives its group away has the group that is wanted', async () => {
    chownSync(folder, 0, 3);
    chmodSync(folder, 0o2755);
    expect(await together([write('wanted', '1', { owner: 'root', group: 'root' })], [write('any', '2')])).toBe(2);
    expect([statSync(at('wanted')).gid, statSync(at('any')).gid]).toEqual([0, 3]);
  });

  test.each([
    ['a command', 1, (): Step[] => [run(sh`mkdir ${at('missing/d')}`)]],
    ['a file whose folder is missing', 1, (): Step[] => [write('missing/f', 'x')]],
    ['an owner nobody knows', 1, (): Step[] => [write('f', 'x', { owner: 'nobody-like-this' })]],
    ['a folder where the file shall be', 1, (): Step[] => [write('old', 'x')]],
  ])('what fails ends it, and it says how many were done: %s', async (_what, done, failing) => {
    mkdirSync(at('old'));
    expect(await together([run(sh`mkdir ${at('one')}`)], failing(), [run(sh`mkdir ${at('three')}`)])).toBe(done);
    expect(readdirSync(folder).sort()).toEqual(['old', 'one']);
  });

  test('of files that are made together all or none are done before one that cannot be made', async () => {
    expect(await together([write('a', '1')], [write('b', '2', { owner: 'nobody-like-this' })])).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a file that is replaced within it is not counted as done before what replaces it', async () => {
    mkdirSync(at('c'));
    expect(await together([write('x', '0')], [write('a', '1')], [write('c', 'cannot be')], [write('a', '2')])).toBe(1);
    expect([existsSync(at('a')), readFileSync(at('x'), 'utf8'), readdirSync(folder).sort()]).toEqual([false, '0', ['c', 'x']]);
  });

  test('where a folder is a link, nothing is done: what was expected of the later tasks may be wrong', async () => {
    mkdirSync(at('real'));
    symlinkSync(at('real'), at('alias'));
    writeFileSync(at('file'), '');
    symlinkSync(at('file'), at('to-file'));
    symlinkSync(at('nothing'), at('to-nothing'));
    for (const path of ['alias', 'alias/a', 'alias/missing/a', 'to-file', 'to-nothing', 'to-nothing/a']) expect([path, await onlyIf([at('real'), at(path)], [write('real/a', '1')])]).toEqual([path, 0]);
    expect(readdirSync(at('real'))).toEqual([]);
    for (const path of ['real', 'real/a', 'file', 'missing/b/c']) expect([path, await onlyIf([at(path)], [write('real/a', '1')])]).toEqual([path, 1]);
  });

  test('the root folder and what is in it are plain', async () => {
    expect(await onlyIf(['/', '/etc'], [write('a', '1')])).toBe(1);
  });

  test('a file that has become a link is not written through', async () => {
    writeFileSync(at('a'), 'a');
    await Promise.all([actuator.stat(at('a')), actuator.stat(folder)]);
    writeFileSync(at('elsewhere'), 'kept');
    expect(await actuator.together!([[run(sh`rm ${at('a')}`), run(sh`ln -s ${at('elsewhere')} ${at('a')}`)], [write('a', 'new')]], [folder], () => undefined)).toBe(1);
    expect([readFileSync(at('elsewhere'), 'utf8'), lstatSync(at('a')).isSymbolicLink()]).toEqual(['kept', true]);
  });

  test('nobody else can read a file before it is whole and has its mode', async () => {
    // The tool that syncs sees the files as they wait.
    const seen = at('seen');
    const tools = at('tools');
    mkdirSync(tools);
    writeFileSync(join(tools, 'sync'), `#!/bin/sh\nshift; for f; do stat -c %a "$f"; done >${seen}; exit 1\n`);
    chmodSync(join(tools, 'sync'), 0o755);
    const shell = await access.shell();
    await shell.inquire(`kept_path=$PATH; PATH=${tools}:$PATH`);
    // As with tools that cannot sync single files: each is synced on its own.
    const made = await together([write('a', 'secret', { mode: '0644' })], [write('b', 'secret', { mode: '0600' })]);
    await shell.inquire('PATH=$kept_path');
    expect([made, readFileSync(seen, 'utf8'), readFileSync(at('b'), 'utf8')]).toEqual([2, '600\n600\n', 'secret']);
  });

  test('a full disk leaves the old files as they were, and nothing beside them', async () => {
    const disk = at('disk');
    mkdirSync(disk);
    await actuator.run(sh`mount -t tmpfs -o size=64k none ${disk}`);
    try {
      writeFileSync(join(disk, 'a'), 'old');
      writeFileSync(join(disk, 'filler'), Buffer.alloc(52 * 1024));
      expect(await together([write('disk/a', 'x'.repeat(8192))], [write('disk/b', 'y'.repeat(8192))])).toBe(0);
      expect([readFileSync(join(disk, 'a'), 'utf8'), readdirSync(disk).sort()]).toEqual(['old', ['a', 'filler']]);
    } finally {
      await actuator.run(rawCommand(`umount ${disk}`));
    }
  });
});

test('where there is Perl, files get their modes and names and links are made by one process', async () => {
  const [host] = hosts;
  if (host === undefined) throw new Error('no host');
  const actuator = createActuator(host.access, signal);
  const at = (name: string): string => join(host.folder, name);
  writeFileSync(at('old'), 'old');
  writeFileSync(at('link'), 'no link');
  const shell = await host.access.shell();
  await shell.inquire('PERL5OPT=-Mno_such_module; PERL_UNICODE=SA; export PERL5OPT PERL_UNICODE');
  const paths = ['é1', '-e', 'old', 'link'].map(at);
  await Promise.all([...paths.map((path) => actuator.stat(path)), actuator.stat(host.folder)]);
  let made = 0;
  // No chmod, no mv, no ln.
  await withOnly(host, ['perl', 'sync', 'rm'], async () => {
    made = await actuator.together!(
      [[{ write: { path: at('é1'), content: '1', mode: '0600' } }], [{ write: { path: at('-e'), content: '2', mode: '4755' } }], [{ write: { path: at('old'), content: '3' } }], [{ run: sh`ln -sfn ${'some where'} ${at('link')}` }]],
      [host.folder], () => undefined,
    );
  });
  await shell.inquire('unset PERL5OPT PERL_UNICODE');
  expect(made).toBe(4);
  expect(['é1', '-e', 'old'].map((name) => `${readFileSync(at(name), 'utf8')} ${(statSync(at(name)).mode & 0o7777).toString(8)}`)).toEqual(['1 600', '2 4755', '3 644']);
  expect([readlinkSync(at('link')), readdirSync(host.folder).filter((name) => name.startsWith('.rollcall'))]).toEqual(['some where', []]);
});

test.each([2, 127, 255])('a Perl that only ends with %d has done nothing', async (code) => {
  const [host] = hosts;
  if (host === undefined) throw new Error('no host');
  const actuator = createActuator(host.access, signal);
  const folder = join(host.folder, `broken-${code}`);
  mkdirSync(folder);
  const files = ['0600', '0640', '0644'].map((mode, index): Step[] => [{ write: { path: join(folder, String(index)), content: 'x', mode } }]);
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  writeFileSync(join(tools, 'perl'), `#!/bin/sh\nexit ${code}\n`);
  chmodSync(join(tools, 'perl'), 0o755);
  await Promise.all([...['0', '1', '2'].map((name) => actuator.stat(join(folder, name))), actuator.stat(folder)]);
  const shell = await host.access.shell();
  await shell.inquire(`_qkept=$PATH; PATH=${tools}:$PATH`);
  const made = await actuator.together!([[{ run: sh`mkdir ${join(folder, 'first')}` }], ...files], [folder], () => undefined);
  await shell.inquire('PATH=$_qkept');
  expect([made, readdirSync(folder).sort()]).toEqual([1, ['first', 'tools']]);
});

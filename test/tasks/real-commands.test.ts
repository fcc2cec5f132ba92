import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { hostname, tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { AnyTask } from '../../runner/task/define.ts';
import { createRegistry } from '../../runner/task/registry.ts';
import { fakeController } from '../../runner/testing/fake-controller.ts';
import { applyTask, checkTask } from '../../runner/testing/run-task.ts';
import type { JsonObject } from '../../runner/util/json.ts';
import { builtinTasks } from '../../tasks/index.ts';
import { shellHost } from './shell-host.ts';

const registry = createRegistry(builtinTasks, []);
const tools = mkdtempSync(join(tmpdir(), 'rollcall-busybox-'));
const shells = [...['/bin/dash', '/bin/bash'].filter((shell) => existsSync(shell)), ...busyboxShell()];
afterAll(() => rmSync(tools, { recursive: true, force: true }));

/** A shell of busybox with busybox's own tools before the system's; none where there is no busybox. */
function busyboxShell(): readonly string[] {
  if (!existsSync('/bin/busybox')) return [];
  execFileSync('/bin/busybox', ['--install', '-s', tools]);
  writeFileSync(join(tools, 'busybox-shell'), `#!/bin/sh\nPATH=${tools}:$PATH\nexport PATH\nexec ${tools}/ash "$@"\n`, { mode: 0o755 });
  return [join(tools, 'busybox-shell')];
}

function task(name: string): AnyTask {
  const module = registry.find(name);
  if (module?.kind !== 'task') throw new Error(`no module '${name}'`);
  return module.definition;
}

describe.each(shells.map((shell) => [basename(shell), shell] as const))('%s', (_, shell) => {
  const host = shellHost(shell);
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rollcall-commands-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  afterAll(() => host.close());
  const run = async (name: string, params: JsonObject, controller = fakeController()): Promise<JsonObject> => (await applyTask(task(name), params, host, controller)).result;

  const plans = async (params: JsonObject): Promise<boolean> => (await checkTask(task('shell'), { cmd: 'true', ...params }, host)).length > 0;

  test('command quotes every word and expands what Ansible does', async () => {
    expect(await run('command', { cmd: `printf '%s|' 'a  b' "it's" '*' '$(id)' $ROLLCALL_NOT_SET \\$HOME "" a\\ b` })).toMatchObject({ stdout: `a  b|it's|*|$(id)|$ROLLCALL_NOT_SET|${process.env['HOME']}||a b|`, rc: 0 });
    expect(await run('command', { cmd: 'ls -d ~', chdir: root })).toMatchObject({ stdout: process.env['HOME'] });
    expect(await run('command', { argv: ['cat'], stdin: 'in\n\n', stdin_add_newline: false, strip_empty_ends: false })).toMatchObject({ stdout: 'in\n\n' });
    await expect(run('command', { cmd: 'sh -c "echo out; echo err >&2; exit 3"' })).rejects.toMatchObject({ message: 'non-zero return code', result: { rc: 3, stdout: 'out', stderr: 'err' } });
  });

  test('guards look at the host', async () => {
    writeFileSync(join(root, 'a b.db'), '');
    expect(await plans({ creates: `${root}/a b.db` })).toBe(false);
    expect(await plans({ creates: `${root}/a*[a-b].db` })).toBe(false);
    expect(await plans({ creates: `${root}/x*.db` })).toBe(true);
    expect(await plans({ creates: 'a b.db', chdir: root })).toBe(false);
    expect(await plans({ removes: `${root}/x*.db` })).toBe(false);
    expect(await plans({ unless: 'test -e "a b.db"', chdir: root })).toBe(false);
    expect(await plans({ onlyif: 'exit 1' })).toBe(false);
    expect(await plans({ onlyif: 'exit 0' })).toBe(true);
  });

  test('shell is a shell, another one if asked', async () => {
    expect(await run('shell', { cmd: 'cd / && for i in 1 2; do echo "$i $PWD"; done # end', chdir: root })).toMatchObject({ stdout: '1 /\n2 /' });
    expect(await run('shell', { cmd: 'set -o pipefail; false | true || echo "[[ ok ]]"; [[ a == a ]] && echo yes', executable: '/bin/bash' })).toMatchObject({ stdout: '[[ ok ]]\nyes' });
    expect(await run('shell', { cmd: 'cat <<EOF\nhere $((1+1))\nEOF' })).toMatchObject({ stdout: 'here 2' });
    await expect(run('shell', { cmd: 'echo a; if' })).rejects.toThrow('non-zero return code');
    expect(await run('raw', { cmd: 'echo still; exit 0' })).toMatchObject({ stdout: 'still\n' });
  });

  test('expect answers what a program asks on its terminal, and leaves nothing behind', async () => {
    const asks = join(root, 'asks');
    writeFileSync(asks, '#!/bin/sh\nprintf "Name: "; read n; s=$(stty -g); stty -echo; printf "Password: "; read p; stty "$s"; echo; for i in 1 2; do printf "Continue? "; read c; echo "$c"; done; echo "$n/$p $(tty >/dev/null && echo terminal) $PWD $(env | sed -n s,^SHELL=,,p)${d-}"; exit $1\n', { mode: 0o755 });
    const responses = { '(?i)name: $': 'kim "x" $y', 'Password: ': "s3cr3t'", 'Continue\\? ': ['yes', 'no'] };
    expect(await run('expect', { command: `${asks} 0`, responses, chdir: root })).toMatchObject({
      cmd: `${asks} 0`, rc: 0, stdout: `Name: Password: \r\nContinue? yes\r\nContinue? no\r\nkim "x" $y/s3cr3t' terminal ${root} ${process.env['SHELL'] ?? ''}`,
    });
    await expect(run('expect', { command: `${asks} 3`, responses, echo: true })).rejects.toMatchObject({ message: 'non-zero return code', result: { rc: 3, stdout: expect.stringContaining('Name: kim "x" $y\r\nPassword: ') as string } });
    await expect(run('expect', { command: `${asks} 0`, responses: { ...responses, 'Continue\\? ': ['yes'] } })).rejects.toThrow("No remaining responses for 'Continue\\? ', output was 'Name: ");
    await expect(run('expect', { command: `${asks} 0`, responses: { nothing: 'x' }, timeout: 2 })).rejects.toMatchObject({ message: 'command exceeded timeout', result: { stdout: 'Name: ' } });
    await expect(run('expect', { command: '/no/such/program', responses: {} })).rejects.toMatchObject({ result: { rc: 127 } });
    // Other tests may be talking, too: only what is ours counts.
    const programs = readdirSync(tmpdir()).filter((name) => name.startsWith('.rollcall-expect')).map((name) => join(tmpdir(), name, 'run'));
    expect(programs.filter((path) => existsSync(path) && readFileSync(path, 'utf8').includes(asks))).toEqual([]);
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n').filter((line) => line.includes(asks))).toEqual([]);
  }, 60_000);

  test('mount_facts knows the mounts of this machine, with their sizes', async () => {
    const { ansible_facts: facts } = (await run('mount_facts', { sources: ['/proc/mounts', 'mount'] })) as { ansible_facts: { mount_points: Record<string, JsonObject> } };
    const total = Number(execFileSync('stat', ['-f', '-c', '%b', '/'], { encoding: 'utf8' }));
    expect(facts.mount_points['/']).toMatchObject({ mount: '/', block_total: total, ansible_context: { source: '/proc/mounts' } });
    expect(facts.mount_points['/proc']).toMatchObject({ fstype: 'proc' });
  });

  test('script runs what its first line says, with its arguments, and leaves nothing behind', async () => {
    const files = { 'files/a.sh': '#!/bin/bash\n[[ $1 == "a b" ]] && echo "$PWD" && cat', 'files/b.sh': 'echo plain "$@"; exit 4' };
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('.rollcall-script'));
    expect(await run('script', { cmd: "a.sh 'a b'", chdir: root }, fakeController({ files }))).toEqual({ rc: 0, stdout: `${root}\n`, stderr: '' });
    await expect(run('script', { cmd: 'b.sh x' }, fakeController({ files }))).rejects.toMatchObject({ result: { rc: 4, stdout: 'plain x\n' } });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('.rollcall-script'))).toEqual(before);
  });

  test('tempfile makes a private file and folder', async () => {
    const file = await run('tempfile', { path: root, suffix: '.x' });
    expect(statSync(file['path'] as string).mode & 0o777).toBe(0o600);
    expect(file['path']).toMatch(/\/ansible\.[0-9a-f]{12}\.x$/);
    expect(statSync((await run('tempfile', { path: root, state: 'directory' }))['path'] as string).isDirectory()).toBe(true);
    await expect(run('tempfile', { path: '/nope' })).rejects.toThrow();
  });

  test('copy within the host: a file, a folder, and nothing the second time', async () => {
    mkdirSync(join(root, 'd/sub'), { recursive: true });
    writeFileSync(join(root, 'd/one'), '1');
    writeFileSync(join(root, "d/sub/it's"), '2', { mode: 0o600 });
    await run('copy', { remote_src: true, src: `${root}/d/one`, dest: `${root}/one`, mode: '0640' });
    expect([readFileSync(join(root, 'one'), 'utf8'), statSync(join(root, 'one')).mode & 0o777]).toEqual(['1', 0o640]);
    await run('copy', { remote_src: true, src: `${root}/d/one`, dest: `${root}/d/sub/`, backup: true });
    expect(readdirSync(join(root, 'd/sub'))).toEqual(["it's", 'one']);
    await run('copy', { remote_src: true, src: `${root}/d`, dest: `${root}/to`, mode: 'preserve' });
    expect([readFileSync(join(root, "to/d/sub/it's"), 'utf8'), statSync(join(root, "to/d/sub/it's")).mode & 0o777]).toEqual(['2', 0o600]);
    expect(await checkTask(task('copy'), { remote_src: true, src: `${root}/d`, dest: `${root}/to`, mode: 'preserve' }, host)).toEqual([]);
  });

  test('copy from the controller: a tree, a validated file, a link that is replaced', async () => {
    const controller = fakeController({ files: { 'site/a': 'A', 'site/x y/b': 'B\n', good: 'good', bad: 'bad' } });
    await run('copy', { src: 'site/', dest: `${root}/www`, directory_mode: '0750' }, controller);
    expect([readFileSync(join(root, 'www/x y/b'), 'utf8'), statSync(join(root, 'www/x y')).mode & 0o777]).toEqual(['B\n', 0o750]);
    const validate = 'grep -q good %s';
    await run('copy', { src: 'good', dest: `${root}/f`, validate }, controller);
    await expect(run('copy', { src: 'bad', dest: `${root}/f`, validate }, controller)).rejects.toThrow();
    expect(readFileSync(join(root, 'f'), 'utf8')).toBe('good');
    symlinkSync(join(root, 'f'), join(root, 'l'));
    await run('copy', { content: 'own', dest: `${root}/l`, backup: true });
    expect([readFileSync(join(root, 'f'), 'utf8'), readFileSync(join(root, 'l'), 'utf8')]).toEqual(['good', 'own']);
  });

  test('find, stat, slurp, assemble, fetch', async () => {
    writeFileSync(join(root, 'a.log'), 'x\nneedle\n');
    writeFileSync(join(root, '.hidden.log'), '');
    writeFileSync(join(root, 'b c.log'), 'y', { mode: 0o600 });
    expect(await run('find', { paths: root, patterns: '*.log' })).toMatchObject({ matched: 2, examined: 3 });
    expect(await run('find', { paths: root, contains: 'nee', hidden: true })).toMatchObject({ files: [{ path: join(root, 'a.log') }] });
    expect(await run('find', { paths: root, size: '-1', age: '-1h' })).toMatchObject({ files: [{ path: join(root, 'b c.log'), mode: '0600', size: 1 }] });
    expect(await run('stat', { path: join(root, 'b c.log') })).toMatchObject({ stat: { exists: true, size: 1, mode: '0600', checksum: '95cb0bfd2977c761298d9624e4b4d4c72a39974a' } });
    expect(await run('slurp', { src: join(root, 'b c.log') })).toMatchObject({ content: 'eQ==' });
    await run('assemble', { src: root, dest: join(root, 'all'), regexp: 'log$', ignore_hidden: true });
    expect(readFileSync(join(root, 'all'), 'utf8')).toBe('x\nneedle\ny');
    await run('fetch', { src: join(root, 'a.log'), dest: join(root, 'got/here/') });
    expect(readFileSync(join(root, 'got/here/fake', root, 'a.log'), 'utf8')).toBe('x\nneedle\n');
  });

  test('cron.d, sysctl.conf, known_hosts and authorized_keys of real files', async () => {
    const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB me@here';
    await run('cron', { name: 'x', job: 'echo "a b" %', cron_file: join(root, 'cron'), user: 'root', minute: '5' });
    expect(readFileSync(join(root, 'cron'), 'utf8')).toBe('#Ansible: x\n5 * * * * root echo "a b" %\n');
    await run('sysctl', { name: 'vm.swappiness', value: '10', sysctl_file: join(root, 'sysctl'), reload: false });
    expect(readFileSync(join(root, 'sysctl'), 'utf8')).toBe('vm.swappiness=10\n');
    await run('known_hosts', { name: 'h', key: `h ${key}`, path: join(root, 'ssh/known_hosts') });
    await run('authorized_key', { user: userInfo().username, key, path: join(root, 'keys/authorized_keys') });
    expect(readFileSync(join(root, 'keys/authorized_keys'), 'utf8')).toBe(`${key}\n`);
    expect(statSync(join(root, 'keys')).mode & 0o777).toBe(0o700);
  });

  test('times as they are written', async () => {
    writeFileSync(join(root, 'f'), '');
    await run('file', { path: join(root, 'f'), state: 'touch', modification_time: '202001020304.05', access_time: 'preserve' });
    expect(statSync(join(root, 'f')).mtime.getFullYear()).toBe(2020);
    expect(await checkTask(task('file'), { path: join(root, 'f'), state: 'touch', modification_time: '2020-01-02', modification_time_format: '%Y-%m-%d', access_time: 'preserve' }, host)).toHaveLength(1);
  });

  describe('wait_for', () => {
    let server: Server;
    let port: number;
    beforeEach(async () => {
      server = createServer((socket) => socket.on('error', () => socket.destroy()).end('SSH-2.0-test\r\n'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      port = (server.address() as { port: number }).port;
    });
    afterEach(() => server.close());

    test('finds ports by the kernel and by connecting, and what they say', async () => {
      expect(await run('wait_for', { port, timeout: 3 })).toMatchObject({ elapsed: 0, state: 'started' });
      expect(await run('wait_for', { host: '127.0.0.001', port, timeout: 3 })).toMatchObject({ elapsed: 0 });
      expect(await run('wait_for', { port, search_regex: 'SSH-(?P<version>\\d)', timeout: 3 })).toMatchObject({ match_groupdict: { version: '2' } });
      await expect(run('wait_for', { port, state: 'stopped', timeout: 0 })).rejects.toThrow(`Timeout when waiting for 127.0.0.1:${port} to stop.`);
      server.close();
      expect(await run('wait_for', { port, state: 'stopped', timeout: 3 })).toMatchObject({ state: 'stopped' });
      await expect(run('wait_for', { host: '127.0.0.001', port, timeout: 0, connect_timeout: 1 })).rejects.toThrow('Timeout when waiting for 127.0.0.001');
    });

    test('waits for a file that comes later', async () => {
      const path = join(root, 'late');
      const timer = setTimeout(() => writeFileSync(path, 'ready now'), 300);
      expect(await run('wait_for', { path, search_regex: 'ready', timeout: 5 })).toMatchObject({ elapsed: 1, state: 'started' });
      clearTimeout(timer);
      await expect(run('wait_for', { path, state: 'absent', timeout: 0, msg: 'still there' })).rejects.toThrow('still there');
    });
  });

  test('archive, synchronize, key pairs and mounts with the tools there are', async () => {
    writeFileSync(join(root, 'a b.log'), 'text');
    expect(await run('archive', { path: join(root, 'a b.log'), mode: '0600' })).toMatchObject({ dest: join(root, 'a b.log.gz'), dest_state: 'compress' });
    expect(gunzipSync(readFileSync(join(root, 'a b.log.gz'))).toString()).toBe('text');
    mkdirSync(join(root, 'www'));
    writeFileSync(join(root, 'www/stray'), '');
    const controller = fakeController({ hostname: 'local', files: { 'site/x': 'X', 'site/d e/y': 'Y', 'site/z.tmp': 'Z' } });
    await run('synchronize', { src: 'site/', dest: join(root, 'www'), delete: true, rsync_opts: ['--exclude=*.tmp'] }, controller);
    expect([readdirSync(join(root, 'www')), readFileSync(join(root, 'www/d e/y'), 'utf8')]).toEqual([['d e', 'x'], 'Y']);
    const pair = await run('openssh_keypair', { path: join(root, 'key'), type: 'ed25519', comment: 'me' });
    expect(readFileSync(join(root, 'key.pub'), 'utf8').trim()).toBe(`${pair['public_key'] as string} me`);
    expect(statSync(join(root, 'key')).mode & 0o777).toBe(0o600);
    await run('mount', { path: join(root, 'mnt x'), src: '/dev/none', fstype: 'ext4', state: 'present', fstab: join(root, 'fstab') });
    expect(readFileSync(join(root, 'fstab'), 'utf8')).toBe(`/dev/none ${root}/mnt\\040x ext4 defaults 0 0\n`);
    expect(await checkTask(task('mount'), { path: join(root, 'mnt x'), state: 'unmounted' }, host)).toEqual([]);
  });

  test('a working copy of git that is looked at keeps its index, byte for byte', async () => {
    const git = (...words: readonly string[]): Buffer => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...words]);
    git('init', '-q', join(root, 'repo'));
    writeFileSync(join(root, 'repo/a'), 'a');
    git('-C', join(root, 'repo'), 'add', 'a');
    git('-C', join(root, 'repo'), 'commit', '-qm', 'a');
    await run('git', { repo: join(root, 'repo'), dest: join(root, 'copy') });
    const index = readFileSync(join(root, 'copy/.git/index'));
    // git status would note the new time of a file that is otherwise the same.
    utimesSync(join(root, 'copy/a'), 1, 1);
    expect(await checkTask(task('git'), { repo: join(root, 'repo'), dest: join(root, 'copy') }, host)).toEqual([]);
    expect(readFileSync(join(root, 'copy/.git/index')).equals(index)).toBe(true);
  });

  test('the host is asked, never changed, by what only looks', async () => {
    expect(await run('ping', {})).toEqual({ ping: 'pong' });
    expect(await run('getent', { database: 'passwd', key: 'root' })).toMatchObject({ ansible_facts: { getent_passwd: { root: expect.arrayContaining(['0']) } } });
    expect((await checkTask(task('user'), { name: 'root', uid: 0, home: '/root' }, host)).map(({ aspect }) => aspect)).toEqual([]);
    expect(await checkTask(task('group'), { name: 'root', gid: 0 }, host)).toEqual([]);
    expect((await checkTask(task('hostname'), { name: hostname() }, host)).map(({ aspect }) => aspect)).not.toContain('running');
  });
});

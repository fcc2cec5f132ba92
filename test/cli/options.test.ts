import { execCommand } from '../../runner/cli/commands/exec.ts';
import { runCommand } from '../../runner/cli/commands/run.ts';
import type { ExecOptions, RunOptions } from '../../runner/cli/options.ts';

async function run(line: string): Promise<RunOptions> {
  let read: RunOptions | undefined;
  const command = runCommand(async (options) => void (read = options)).exitOverride().configureOutput({ writeErr: () => undefined });
  await command.parseAsync(line.split(' '), { from: 'user' });
  if (!read) throw new Error('nothing was read');
  return read;
}

async function exec(words: string[]): Promise<ExecOptions> {
  let read: ExecOptions | undefined;
  await execCommand(async (options) => void (read = options)).exitOverride().parseAsync(words, { from: 'user' });
  if (!read) throw new Error('nothing was read');
  return read;
}

test('without flags', async () => {
  expect(await run('site.yml')).toEqual({
    playbooks: ['site.yml'], inventory: [], extraVars: [], vaultIds: [], check: false, diff: false, forks: 20, connection: { askPass: false }, become: { become: false, askPass: false },
    taskPath: [], output: [{ name: 'auto' }], journal: true, verbosity: 0, profile: false, showSkipped: true, exitOnChange: false, configured: { settings: {} }, tags: ['all'], skipTags: [], forceHandlers: false, flushCache: false,
    syntaxCheck: false, list: { hosts: false, tasks: false, tags: false }, step: false, phases: [], taskTimeout: 0, lookahead: true,
  });
});

test('the flags of ansible-playbook, short, joined and long', async () => {
  const options = await run('a.yml b.yml -i one -i two, -l web:!db -t x,y --tags z --skip-tags s -e a=1 --extra-vars @f.yml -CD -f 5 -u me -c local -T 7 --key-file k -bKk --become-user app -vvv --force-handlers -M mods');
  expect(options).toMatchObject({
    playbooks: ['a.yml', 'b.yml'], inventory: ['one', 'two,'], limit: 'web:!db', tags: ['x', 'y', 'z'], skipTags: ['s'], extraVars: ['a=1', '@f.yml'], check: true, diff: true, forks: 5,
    connection: { user: 'me', connection: 'local', timeout: 7, privateKey: 'k', askPass: true }, become: { become: true, user: 'app', askPass: true }, verbosity: 3, forceHandlers: true, taskPath: ['mods'],
  });
});

test('flags of our own', async () => {
  expect(await run('a.yml --phase one --phase two --from-phase three --output lines --output junit:out/r.xml --no-journal --host-key-checking accept-new --no-lookahead --exit-on-change')).toMatchObject({
    phases: ['one', 'two'], fromPhase: 'three', output: [{ name: 'lines' }, { name: 'junit', file: 'out/r.xml' }], journal: false, connection: { hostKeyChecking: 'accept-new' }, lookahead: false, exitOnChange: true,
  });
});

test('vault passwords keep their labels, whatever flag they came with', async () => {
  expect((await run('a.yml --vault-id dev@dev.txt --vault-password-file pw -J --vault-id prompt')).vaultIds).toEqual(['dev@dev.txt', 'prompt', 'default@pw', 'default@prompt']);
});

test.each([
  ['a.yml --chekc', 'Did you mean --check?'],
  ['a.yml -f none', 'whole number'],
  ['a.yml -f 0', 'whole number'],
  ['a.yml --output tre', "Did you mean 'tree'?"],
  ['a.yml --host-key-checking maybe', 'strict, accept-new, off'],
  ['--check', "missing required argument 'playbook'"],
])('%s is refused: %s', async (line, message) => {
  await expect(run(line)).rejects.toThrow(message);
});

test('words after -- are a shell command, -m and -a a module', async () => {
  expect(await exec(['web', '-i', 'x', '--', 'ls', '-l', '/'])).toMatchObject({ pattern: 'web', module: 'shell', args: 'ls -l /', inventory: ['x'] });
  expect(await exec(['web', '-m', 'service', '-a', 'name=x state=started'])).toMatchObject({ module: 'service', args: 'name=x state=started' });
});

import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { SecretWord, secret, sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Text, Word, params } from '../../runner/task/params.ts';

const schema = params({
  name: Word.describe('Program; `GROUP:` for a group, `all` for all.'),
  state: z.enum(['present', 'started', 'restarted', 'stopped', 'absent', 'signalled']).describe('Wanted state; restarted and signalled act each time.'),
  config: Text.optional().describe('Configuration file.'),
  server_url: Text.optional().describe('Where supervisord listens.'),
  username: Text.optional().describe('User name for it.'),
  password: Text.optional().describe('Password for it; supervisorctl takes it as a word only, which users of the host can see while it runs.'),
  signal: Text.optional().describe('Signal for `signalled`.'),
  supervisorctl_path: Text.default('supervisorctl').describe('The supervisorctl to use.'),
}).refine(({ state, signal }) => state !== 'signalled' || signal !== undefined, 'state is signalled but all of the following are missing: signal');
type Params = z.output<typeof schema>;

/** Name → state of the processes meant. */
type Seen = ReadonlyMap<string, string>;

function ctl({ config, server_url, username, password, supervisorctl_path }: Params, words: readonly string[]): Command {
  const more: readonly (string | SecretWord)[] = [
    ...(config === undefined ? [] : ['-c', config]), ...(server_url === undefined ? [] : ['-s', server_url]),
    ...(username === undefined ? [] : ['-u', username]), ...(password === undefined ? [] : ['-p', secret(password)]),
  ];
  return sh`${supervisorctl_path} ${[...more, ...words]}`.with({ timeout: 120 });
}

/** Those of all processes that the name means. */
function meant(name: string, status: string): Seen {
  const rows = status.split('\n').map((line) => line.trim().split(/\s+/)).filter((row) => row.length >= 2);
  const plain = name.replace(/:$/, '');
  const fits = (process: string): boolean => name === 'all' || (name.endsWith(':') ? process.startsWith(`${plain}:`) : process === name);
  return new Map(rows.filter(([process = '']) => fits(process)).map(([process = '', state = '']) => [process, state]));
}

/** A program that supervisord runs. */
export default defineTask<Params, Seen>({
  name: 'supervisorctl',
  summary: 'A program or group of programs that supervisord runs.',
  examples: `
- supervisorctl: { name: app, state: started }
`,
  params: schema,
  volatile: true,
  settleWithin: 15,
  probe: (given, host) =>
    host.read(ctl(given, ['status']), ({ code, stdout, stderr }) => {
      if (code === 127) throw new TaskFailure(`Failed to find required executable "${given.supervisorctl_path}"`);
      if (/refused connection|no such file|SHUTDOWN_STATE|unix:\/\//.test(stdout + stderr) && !/\b(RUNNING|STOPPED|STARTING|EXITED|FATAL|BACKOFF|UNKNOWN)\b/.test(stdout)) throw new TaskFailure((stdout + stderr).trim(), { rc: code });
      return meant(given.name, stdout);
    }),
  plan(given, seen): readonly Change[] {
    const { name, state, signal = '' } = given;
    const plain = name.replace(/:$/, '');
    if (state === 'absent') return seen.size === 0 ? [] : [change('program', [...seen.keys()], ABSENT, [ctl(given, ['reread']), ctl(given, ['remove', plain])])];
    if (state === 'present') return seen.size > 0 ? [] : [change('program', ABSENT, plain, [ctl(given, ['reread']), ctl(given, ['add', plain])])];
    if (seen.size === 0) throw new TaskFailure('ERROR (no such process)', { name });
    const up = (status: string): boolean => status === 'RUNNING' || status === 'STARTING';
    const each = (fits: (status: string) => boolean, action: readonly string[], after: string, repeats: boolean): readonly Change[] =>
      [...seen].filter(([, status]) => fits(status)).map(([process, status]) => change(process, status, after, [ctl(given, [...action, process])], repeats ? { repeats } : {}));
    switch (state) {
      case 'started':
        return each((status) => !up(status), ['start'], 'RUNNING', false);
      case 'stopped':
        return each(up, ['stop'], 'STOPPED', false);
      case 'signalled':
        return each((status) => status === 'RUNNING', ['signal', signal], `signalled with ${signal}`, true);
      case 'restarted':
        return [change('configuration', 'as it was', 'read', [ctl(given, ['update'])], { repeats: true }), ...each(() => true, ['restart'], 'restarted', true)];
    }
  },
  result: ({ name, state }, seen) => ({ name, state, affected: [...seen.keys()] }),
});

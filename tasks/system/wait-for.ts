import { z } from 'zod';
import { change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Actuator } from '../../runner/task/host.ts';
import { Text, Texts, Whole, params } from '../../runner/task/params.ts';
import { Pattern } from '../files/common/pattern.ts';
import { lookFor, type Look } from './common/wait-look.ts';

const STATES = ['ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'SYN_RECV', 'SYN_SENT', 'TIME_WAIT'];

const schema = params({
  host: Text.default('127.0.0.1').describe('Where the port is, as seen from the host of the task.'),
  port: Whole.optional().describe('TCP port.'),
  path: Text.optional().describe('File, instead of a port.'),
  state: z.enum(['started', 'stopped', 'present', 'absent', 'drained']).default('started').describe('Port: `started`, `stopped`, `drained` (no open connections). File: `present`, `absent`.'),
  search_regex: Pattern.optional().describe('Python pattern to be found in the file, or in what the port says first.'),
  timeout: Whole.default(300).describe('Seconds until it counts as failed. Without port and path: how long to wait.'),
  connect_timeout: Whole.default(5).describe('Seconds for one connection.'),
  delay: Whole.default(0).describe('Seconds to wait before the first look.'),
  sleep: Whole.default(1).describe('Seconds between looks.'),
  active_connection_states: Texts.default(STATES).describe('States of connections that count for `drained`.'),
  exclude_hosts: Texts.default([]).describe('Addresses whose connections do not count for `drained`.'),
  msg: Text.optional().describe('What to say instead, when it takes too long.'),
})
  .refine((given) => given.port === undefined || given.path === undefined, 'port and path parameter can not both be passed to wait_for')
  .refine((given) => given.path === undefined || !['stopped', 'drained'].includes(given.state), 'state=stopped and state=drained are for ports only')
  .refine((given) => given.state !== 'drained' || given.port !== undefined, 'state=drained needs a port')
  .refine((given) => given.exclude_hosts.length === 0 || given.state === 'drained', 'exclude_hosts should only be with state=drained');

type Params = z.output<typeof schema>;
type Found = boolean | RegExpExecArray;

/** Waits for a port, file or time. */
export default defineTask<Params, Found>({
  name: 'wait_for',
  summary: 'Waits until a port answers or is closed, a file comes or goes, or a time is over.',
  description: 'Check mode does not wait. A wait is never a change: the task ends as ok.',
  examples: `
- wait_for: { port: 5432, timeout: 60 }
- wait_for: { path: /var/lock/backup, state: absent }
`,
  params: schema,
  volatile: true,
  async probe(given, host) {
    const look = lookFor(given);
    return look && given.delay === 0 ? host.read(look.command, look.over) : false;
  },
  plan(given, found) {
    if (found !== false) return [];
    const look = lookFor(given);
    const steps = look ? [{ wait: { until: look.command, description: describe(given), timeout: given.timeout, interval: given.sleep } }] : [sh`sleep ${given.timeout}`];
    return [change('waiting', 'not yet', describe(given), steps, { waits: true, repeats: true })];
  },
  async apply(_, host, given) {
    const begin = Date.now();
    const elapsed = (): number => Math.floor((Date.now() - begin) / 1000);
    const look = lookFor(given);
    if (given.delay > 0) await host.run(sh`sleep ${given.delay}`.with({ timeout: given.delay + 30 }));
    if (!look) {
      await host.run(sh`sleep ${given.timeout}`.with({ timeout: given.timeout + 30 }));
      return { elapsed: elapsed() };
    }
    for (let pause = 0; ; pause = given.sleep) {
      const found = await lookAgain(host, look, Math.min(pause, given.timeout), given);
      if (found !== false) return { ...outcome(given, found), elapsed: elapsed() };
      if (Date.now() - begin >= given.timeout * 1000) throw new TaskFailure(given.msg ?? look.complaint, { elapsed: elapsed() });
    }
  },
  result: (given, found) => ({ elapsed: 0, ...outcome(given, found) }),
});

function lookAgain(host: Actuator, look: Look, pause: number, given: Params): Promise<Found> {
  const command = pause > 0 ? sh`sleep ${pause}; ${look.command}` : look.command;
  return host.run(command.with({ timeout: pause + given.connect_timeout * 2 + 30 }), { ok: 'any' }).then(look.over);
}

function outcome({ state, port, path, search_regex }: Params, found: Found): { state: string; port: number | null; path: string | null; search_regex: string | null; match_groups: string[]; match_groupdict: Record<string, string> } {
  const match = typeof found === 'boolean' ? undefined : found;
  return {
    state, port: port ?? null, path: path ?? null, search_regex: search_regex ?? null,
    match_groups: (match?.slice(1) as (string | undefined)[] | undefined)?.map((group) => group ?? '') ?? [],
    match_groupdict: { ...match?.groups },
  };
}

function describe({ path, port, host, state, timeout }: Params): string {
  if (path !== undefined) return `${path} ${state === 'absent' ? 'absent' : 'present'}`;
  return port === undefined ? `${timeout} s over` : `${host}:${port} ${state}`;
}

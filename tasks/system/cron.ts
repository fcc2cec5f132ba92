import { posix } from 'node:path';
import { z } from 'zod';
import { ABSENT, change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import { textDiff } from '../files/common/content.ts';
import { crontabLines, crontabText, findJob, jobNames, removeJob, removeVariable, setJob, setVariable, variableNames } from '../parse/crontab.ts';

const schema = params({
  name: Text.describe('What the job is called in its `#Ansible:` line; with `env`, the name of the variable.'),
  job: Text.optional().meta({ aliases: ['value'] }).describe('The command; with `env`, the value of the variable.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether it shall be there.'),
  user: Text.optional().describe('Whose crontab it is; the user of the task without it.'),
  cron_file: Text.optional().describe('A file in /etc/cron.d (or an absolute path) instead of a crontab.'),
  minute: Text.default('*').describe('0-59, *, */2 …'),
  hour: Text.default('*').describe('0-23, *, */2 …'),
  day: Text.default('*').meta({ aliases: ['dom'] }).describe('1-31, *, */2 …'),
  month: Text.default('*').describe('1-12, *, */2 …'),
  weekday: Text.default('*').meta({ aliases: ['dow'] }).describe('0-6 from Sunday, * …'),
  special_time: z.enum(['annually', 'daily', 'hourly', 'monthly', 'reboot', 'weekly', 'yearly']).optional().describe('A named time instead of the five fields.'),
  disabled: Flag.default(false).describe('Keep the job as a comment.'),
  env: Flag.default(false).describe('Manage a variable, not a job.'),
  insertafter: Text.optional().describe('With `env`: put a new variable after this one.'),
  insertbefore: Text.optional().describe('With `env`: put a new variable before this one.'),
  backup: Flag.default(false).describe('Keep the old file beside it (`cron_file` only).'),
})
  .refine((given) => given.special_time === undefined || [given.minute, given.hour, given.day, given.month, given.weekday].every((field) => field === '*'), 'You must specify time and date fields or special time.')
  .refine((given) => given.state === 'absent' || given.job !== undefined, "You must specify 'job' to install a new cron job or variable")
  .refine((given) => given.state === 'absent' || given.cron_file === undefined || given.user !== undefined, 'To use cron_file=... parameter you must specify user=... as well')
  .refine((given) => given.env || (given.insertafter === undefined && given.insertbefore === undefined), 'Insertafter and insertbefore parameters are valid only with env=yes')
  .refine((given) => given.cron_file !== '/etc/crontab', 'Will not manage /etc/crontab via cron_file');

type Params = z.output<typeof schema>;

/** Keeps a cron job. */
export default defineTask<Params, { readonly text: string; readonly exists: boolean }>({
  name: 'cron',
  summary: 'Keeps a job or variable in the crontab of a user or in /etc/cron.d.',
  description: 'Jobs are recognised by the `#Ansible: NAME` line before them.',
  examples: `
- cron: { name: nightly dump, minute: '5', hour: '2', job: /usr/local/bin/dump }
- cron: { name: PATH, env: true, job: /opt/bin, user: root, cron_file: app }
`,
  params: schema,
  exclusive: 'crontab',
  async probe(given, host) {
    const path = fileOf(given);
    if (path !== undefined) {
      const content = await host.readFile(path);
      return { text: content?.toString() ?? '', exists: content !== null };
    }
    return host.read(sh`crontab ${[...(given.user === undefined ? [] : ['-u', given.user]), '-l']}`, ({ code, stdout, stderr }) => {
      if (code > 1) throw new TaskFailure(`Unable to read crontab: ${stderr.trim()}`);
      return { text: code === 0 ? stdout : '', exists: code === 0 };
    });
  },
  plan(given, { text, exists }) {
    const before = crontabLines(text);
    const after = edited(given, before);
    const next = crontabText(after);
    const old = findJob(before, given.name);
    if (next === crontabText(before) && (text === '' || text.endsWith('\n'))) return [];
    const path = fileOf(given);
    const diff = textDiff(path ?? `crontab of ${given.user ?? 'the user'}`, Buffer.from(text), Buffer.from(next));
    const step = path === undefined
      ? sh`crontab ${[...(given.user === undefined ? [] : ['-u', given.user]), '-']}`.with({ stdin: next })
      : next === '' && exists && given.state === 'absent' ? { remove: path } : { write: { path, content: next, ...(given.backup && exists && { backup: true }) } };
    const wanted = given.state === 'absent' ? ABSENT : given.env ? (given.job ?? '') : lineOf(given);
    return [change(given.env ? 'variable' : 'job', (given.env ? undefined : old) ?? (given.env && before.some((line) => line.startsWith(`${given.name}=`)) ? 'another' : ABSENT), wanted, [step], diff ? { diff } : {})];
  },
  result(given, { text }) {
    const lines = crontabLines(text);
    return { jobs: jobNames(lines), envs: variableNames(lines), ...(given.cron_file !== undefined && { cron_file: given.cron_file }) };
  },
});

function fileOf({ cron_file }: Params): string | undefined {
  return cron_file === undefined ? undefined : posix.resolve('/etc/cron.d', cron_file);
}

function edited(given: Params, lines: readonly string[]): readonly string[] {
  const { name, state, env, job = '', insertafter, insertbefore } = given;
  if (state === 'absent') return env ? removeVariable(lines, name) : removeJob(lines, name);
  if (!env) return setJob(lines, name, lineOf(given));
  if (name.includes(' ')) throw new TaskFailure('Invalid name for environment variable');
  const set = setVariable(lines, name, `${name}="${job}"`, { after: insertafter, before: insertbefore });
  if (!set) throw new TaskFailure(`Variable named '${insertafter ?? insertbefore ?? ''}' not found.`);
  return set;
}

function lineOf({ minute, hour, day, month, weekday, special_time, disabled, user, cron_file, job = '' }: Params): string {
  const time = special_time === undefined ? `${minute} ${hour} ${day} ${month} ${weekday}` : `@${special_time}`;
  return `${disabled ? '#' : ''}${time} ${cron_file === undefined ? '' : `${user ?? ''} `}${job.replace(/^[\r\n]+|[\r\n]+$/g, '')}`;
}

import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Whole, params } from '../../runner/task/params.ts';

const schema = params({
  command: Text.optional().describe('What is run.'),
  script_file: Text.optional().describe('A file on the host with what is run.'),
  count: Whole.optional().describe('In how many units from now.'),
  units: z.enum(['minutes', 'hours', 'days', 'weeks']).optional().describe('The unit.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether such a job is waiting.'),
  unique: Flag.default(false).describe('Add none when one with this text is waiting; without it one is added each time.'),
})
  .refine(({ command, script_file }) => (command === undefined) !== (script_file === undefined), 'exactly one of command and script_file is needed')
  .refine(({ state, count, units }) => state === 'absent' || (count !== undefined && units !== undefined), 'present state requires count and units');
type Params = z.output<typeof schema>;

interface Seen {
  readonly text: string;
  /** Numbers of waiting jobs with this text. */
  readonly jobs: readonly string[];
}

/** A command that at runs once, later. */
export default defineTask<Params, Seen>({
  name: 'at',
  summary: 'A command that is run once, later, by at.',
  examples: `
- at: { command: /usr/local/bin/cleanup, count: 20, units: minutes, unique: true }
`,
  params: schema,
  exclusive: 'at',
  volatile: true,
  async probe({ command, script_file = '' }, host) {
    const text = command ?? (await host.readFile(script_file))?.toString();
    if (text === undefined) throw new TaskFailure(`there is no file ${script_file} on the host`);
    const waiting = await host.read(sh`atq`, ({ code, stdout, stderr }) => {
      if (code === 127) throw new TaskFailure('Failed to find required executable "atq": install at first');
      if (code !== 0) throw new TaskFailure(stderr.trim(), { rc: code });
      return [...stdout.matchAll(/^(\d+)\s/gm)].map(([, number = '']) => number);
    });
    const jobs = await Promise.all(waiting.map((number) => host.read(sh`at -c ${number}`, ({ stdout }) => (stdout.includes(text.trim()) ? [number] : []))));
    return { text, jobs: jobs.flat() };
  },
  plan({ count = 0, units = '', state, unique }, { text, jobs }): readonly Change[] {
    if (state === 'absent') return jobs.length === 0 ? [] : [change('job', text.trim(), ABSENT, [sh`at -r ${jobs}`])];
    if (unique && jobs.length > 0) return [];
    return [change('job', ABSENT, text.trim(), [sh`at now + ${count} ${units}`.with({ stdin: `${text.trimEnd()}\n` })], unique ? {} : { repeats: true })];
  },
  result: ({ script_file, count, units, state }) => ({ state, ...(script_file !== undefined && { script_file }), ...(count !== undefined && { count }), ...(units !== undefined && { units }) }),
});

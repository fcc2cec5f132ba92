import { z } from 'zod';
import { change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Text, Whole, params } from '../../runner/task/params.ts';

const Values = z.record(z.string(), z.union([z.null(), Text]));

const schema = params({
  chdir: Text.describe('Folder to run make in.'),
  target: Text.optional().describe('What is made; the first target of the file without it.'),
  params: Values.optional().describe('Variables of make.'),
  file: Text.optional().describe('A makefile of another name.'),
  make: Text.optional().describe('The make to use.'),
  jobs: Whole.optional().describe('How many jobs run at once.'),
});
type Params = z.output<typeof schema>;

function wordsOf({ target, params: values = {}, file, jobs }: Params): readonly string[] {
  const variables = Object.entries(values).map(([name, value]) => (value === null ? name : `${name}=${value}`));
  return [...(jobs === undefined ? [] : ['-j', String(jobs)]), ...(file === undefined ? [] : ['-f', file]), ...(target === undefined ? [] : [target]), ...variables];
}

function making(given: Params, program: string, more: readonly string[] = []): Command {
  return sh`cd ${given.chdir} && ${[program, ...wordsOf(given), ...more]}`.with({ timeout: 3600 });
}

interface Seen {
  readonly program: string;
  readonly upToDate: boolean;
}

/** A target of a makefile. */
export default defineTask<Params, Seen>({
  name: 'make',
  summary: 'A target of a makefile on the host.',
  description: `Whether there is anything to do is asked with \`make -q\`. That runs nothing of a plain makefile; lines that call make again or begin with
\`+\`, and makefiles that are made themselves, are run by make even then. A target that is no file is made each time.`,
  examples: `
- make: { chdir: /usr/local/src/tool, target: install, params: { PREFIX: /usr/local } }
`,
  params: schema,
  async probe(given, host) {
    const program = given.make ?? (await host.read(sh`command -v gmake || command -v make`, ({ stdout }) => stdout.trim()));
    if (program === '') throw new TaskFailure('Failed to find required executable "make"');
    if ((await host.stat(given.chdir, { follow: true }))?.type !== 'directory') throw new TaskFailure(`there is no folder ${given.chdir}`);
    return { program, upToDate: await host.read(making(given, program, ['-q']), ({ code, stderr }) => {
      if (code === 2) throw new TaskFailure(stderr.trim(), { rc: code });
      return code === 0;
    }) };
  },
  // What a target leaves behind is make's affair: one that is no file is never up to date.
  plan: (given, { program, upToDate }): readonly Change[] => (upToDate ? [] : [change('target', 'not made', given.target ?? 'the first', [making(given, program)], { repeats: true })]),
  async apply({ steps }, host) {
    const outputs = [];
    for (const step of steps) if ('run' in step) outputs.push(await host.run(step.run));
    return { stdout: outputs[0]?.stdout ?? '', stderr: outputs[0]?.stderr ?? '' };
  },
  result: (given, { program }) => ({ target: given.target ?? null, params: given.params ?? null, chdir: given.chdir, file: given.file ?? null, jobs: given.jobs ?? null, command: sh`${[program, ...wordsOf(given)]}`.shown }),
});

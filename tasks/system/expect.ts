import { z } from 'zod';
import { change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Actuator } from '../../runner/task/host.ts';
import { Flag, Text, Whole, params } from '../../runner/task/params.ts';
import type { JsonObject } from '../../runner/util/json.ts';
import { promptError, PromptReader, type Prompt } from '../parse/prompts.ts';
import { splitShellWords } from '../parse/shell-words.ts';
import { requireTerminal, startDialogue } from './common/dialogue.ts';
import { certainty, commandFields, inFolder, isGuarded, judge, tellSkipped, timing, type Verdict } from './common/run-command.ts';

const schema = params({
  command: Text.describe('The command, split into words as a shell would; there is no shell in between.'),
  responses: z.record(z.string(), z.union([z.string(), z.array(z.string())])).describe("What to type when a pattern appears, by pattern (Python's regular expressions): a text, or a list of texts for one time each."),
  timeout: Whole.nullable().default(30).describe('Seconds to wait for the next pattern or the end; nothing: as long as it takes.'),
  echo: Flag.default(false).describe('Whether what is typed shows in the output.'),
  ...commandFields,
}).superRefine(({ command, responses }, context) => {
  if (command.trim() === '') context.addIssue({ code: 'custom', path: ['command'], message: 'no command given' });
  try {
    splitShellWords(command);
  } catch (error) {
    context.addIssue({ code: 'custom', path: ['command'], message: (error as RangeError).message });
  }
  for (const pattern of Object.keys(responses)) {
    const wrong = promptError(pattern);
    if (wrong !== undefined) context.addIssue({ code: 'custom', path: ['responses'], message: `'${pattern}' is no regular expression: ${wrong}` });
  }
});

type Params = z.output<typeof schema>;

/** Runs a program and answers what it asks. */
export default defineTask<Params, Verdict | null>({
  name: 'expect',
  summary: 'Runs a program on a terminal and answers what it asks.',
  description: `The terminal is opened by the program \`script\` of the host (util-linux, or busybox); where it is missing, the task fails before anything is run.
Answers go to the program alone, never into words of a command. What it changes cannot be foreseen: check mode says that it would run.`,
  examples: `
- expect:
    command: passwd kim
    responses:
      (?i)password: "{{ new_password }}"
  no_log: true
- expect:
    command: /opt/app/setup
    responses:
      Continue\\? : [yes, yes, no]
    creates: /opt/app/done
`,
  params: schema,
  predictable: false,
  guarded: isGuarded,
  async probe(given, host) {
    const verdict = await judge(given, host);
    if (!verdict) await requireTerminal(host);
    return verdict;
  },
  plan: (given, verdict) => (verdict ? [] : [change('command', 'not run', 'run', [inFolder(given.chdir, sh`${splitShellWords(given.command)}`)], certainty(given))]),
  apply: (_, host, given) => talk(given, host),
  result: (given, verdict) => tellSkipped(verdict, given.command),
});

async function talk({ command, responses, timeout, echo, chdir }: Params, host: Actuator): Promise<JsonObject> {
  const prompts: Prompt[] = Object.entries(responses).map(([pattern, answers]) => ({ pattern, answers }));
  const start = new Date();
  const dialogue = await startDialogue(splitShellWords(command), { chdir, echo }, host);
  try {
    const reader = new PromptReader(prompts);
    let known = 0;
    for (let waited = Date.now(); ; ) {
      const { said, ended } = await dialogue.listen(known);
      known = Buffer.byteLength(said);
      const told = { cmd: command, rc: ended?.code ?? null, stdout: said.replace(/[\r\n]+$/, ''), ...timing(start, new Date()) };
      for (let reaction = reader.next(said); reaction; reaction = reader.next(said)) {
        waited = Date.now();
        if ('exhausted' in reaction) throw new TaskFailure(`No remaining responses for '${reaction.exhausted}', output was '${said.slice(0, reaction.until)}'`);
        if (!ended) await dialogue.type(reaction.answer);
      }
      if (ended) {
        if (ended.code !== 0) throw new TaskFailure('non-zero return code', { ...told, msg: 'non-zero return code', changed: true });
        return told;
      }
      if (timeout !== null && Date.now() - waited > timeout * 1000) throw new TaskFailure('command exceeded timeout', { ...told, msg: 'command exceeded timeout', changed: true });
    }
  } finally {
    await dialogue.end();
  }
}

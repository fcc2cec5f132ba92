import { z } from 'zod';
import { change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Word, params } from '../../runner/task/params.ts';

/** Where debconf keeps the answers that `debconf-show` hides. */
const PASSWORDS = '/var/cache/debconf/passwords.dat';

const schema = params({
  name: Word.meta({ aliases: ['pkg'] }).describe('Package.'),
  question: Word.optional().meta({ aliases: ['selection', 'setting'] }).describe('Question to answer; without it the answers are only told.'),
  vtype: z.enum(['boolean', 'error', 'multiselect', 'note', 'password', 'seen', 'select', 'string', 'text', 'title']).optional().describe('Its kind.'),
  value: Text.optional().meta({ aliases: ['answer'] }).describe('The answer.'),
  unseen: Flag.default(false).describe('Leave the question marked as not yet asked.'),
}).refine(({ question, vtype, value }) => [question, vtype, value].every((each) => each === undefined) || [question, vtype, value].every((each) => each !== undefined), 'parameters are required together: question, vtype, value');
type Params = z.output<typeof schema>;

type Seen = Readonly<Record<string, string>>;

/** `true` and `false` in lower case, as debconf has them. */
function answer({ vtype, value = '' }: Params): string {
  return vtype === 'boolean' ? value.toLowerCase() : value;
}

function parseShow(text: string): Seen {
  const pairs = text.split('\n').map((line) => /^[\s*]*([^:]+):(.*)$/.exec(line)).filter((match) => match !== null);
  return Object.fromEntries(pairs.map(([, question = '', value = '']) => [question.trim(), value.trim()]));
}

/** The answer to a question in one of debconf's database files. */
function storedAnswer(text: string, question: string): string | undefined {
  const entry = text.split(/\n{2,}/).map((each) => each.split('\n')).find((lines) => lines.includes(`Name: ${question}`));
  return entry?.find((line) => line.startsWith('Value: '))?.slice('Value: '.length);
}

/** An answer for the installation of a Debian package. */
export default defineTask<Params, Seen>({
  name: 'debconf',
  summary: 'An answer to a question that a Debian package asks when it is installed.',
  description: `The answer is stored with \`debconf-set-selections\`. An installed package does not notice by itself: run \`dpkg-reconfigure\` from a handler.
Passwords are compared, too (as root), and never shown.`,
  examples: `
- debconf: { name: tzdata, question: tzdata/Areas, value: Europe, vtype: select }
`,
  params: schema,
  exclusive: 'dpkg',
  async probe({ name, question, vtype }, host) {
    const [answers, passwords] = await Promise.all([
      host.read(sh`debconf-show ${name}`, ({ code, stdout, stderr }) => {
        if (code === 127) throw new TaskFailure('Failed to find required executable "debconf-show": the host is no Debian system, or debconf is missing');
        if (code !== 0) throw new TaskFailure(stderr.trim() || `debconf-show exits with ${code}`, { rc: code });
        return parseShow(stdout);
      }),
      vtype === 'password' ? host.readFile(PASSWORDS) : null,
    ]);
    const stored = question === undefined || passwords === null ? undefined : storedAnswer(passwords.toString(), question);
    return question === undefined || stored === undefined ? answers : { ...answers, [question]: stored };
  },
  plan(given, seen): readonly Change[] {
    const { name, question, vtype, unseen } = given;
    if (question === undefined || vtype === undefined) return [];
    const [before, wanted] = [seen[question], answer(given)];
    if (before !== undefined && (vtype === 'boolean' ? before.toLowerCase() : before) === wanted) return [];
    const hidden = vtype === 'password';
    const store = sh`debconf-set-selections ${unseen && '-u'}`.with({ stdin: `${name} ${question} ${vtype} ${wanted}\n` });
    return [change(question, hidden ? '(password omitted)' : (before ?? ''), hidden ? '(password omitted)' : wanted, [store])];
  },
  async apply(done, host, given) {
    for (const step of done.steps) if ('run' in step) await host.run(step.run);
    const { question = '', vtype } = given;
    return vtype === 'password' ? { msg: '' } : { msg: '', current: { [question]: answer(given) }, previous: { [question]: typeof done.before === 'string' ? done.before : '' } };
  },
  result: ({ vtype, question = '' }, seen) => ({ msg: '', current: vtype === 'password' ? { ...seen, [question]: '(password omitted)' } : { ...seen } }),
});

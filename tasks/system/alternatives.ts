import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Text, Whole, Word, params } from '../../runner/task/params.ts';
import { parseAlternatives, type Alternatives, type Slave } from '../parse/alternatives.ts';

const Subcommand = params({
  name: Word.describe('Name of the slave.'),
  path: Text.describe('Its program.'),
  link: Text.describe('Its link.'),
});

const schema = params({
  name: Word.describe('Generic name of the link.'),
  path: Text.describe('Program that it shall lead to.'),
  link: Text.optional().describe('Path of the link; needed when the name is new (always where alternatives come with chkconfig).'),
  priority: Whole.optional().describe('Priority of the program; 50 for a new one.'),
  state: z.enum(['present', 'selected', 'auto', 'absent']).default('selected').describe('present: registered. selected: also chosen. auto: registered, and the best one is chosen. absent: not registered.'),
  subcommands: z.array(Subcommand).optional().meta({ aliases: ['slaves'] }).describe('Links that follow this one: name, path, link.'),
});
type Params = z.output<typeof schema>;

interface Seen {
  readonly now: Alternatives | null;
  readonly exists: boolean;
}

function sameSlaves(wanted: readonly Slave[], seen: readonly Slave[]): boolean {
  const key = (each: Slave): string => [each.name, each.path, each.link ?? wanted.find(({ name }) => name === each.name)?.link ?? ''].join('\0');
  const [a, b] = [new Set(wanted.map(key)), new Set(seen.map(key))];
  return a.size === b.size && [...a].every((each) => b.has(each));
}

function install(given: Params, { now, exists }: Seen): Command {
  const { name, path, subcommands } = given;
  const link = given.link ?? now?.link;
  if (!exists) throw new TaskFailure(`Specified path ${path} does not exist`);
  if (link === undefined) throw new TaskFailure('Needed to install the alternative, but unable to do so as we are missing the link');
  const priority = given.priority ?? now?.choices.get(path)?.priority ?? 50;
  const slaves = (subcommands ?? []).flatMap((each) => ['--slave', each.link, each.name, each.path]);
  return sh`update-alternatives --install ${[link, name, path, priority, ...slaves]}`;
}

/** Which program a generic name leads to. */
export default defineTask<Params, Seen>({
  name: 'alternatives',
  summary: 'Which program a generic name such as `java` or `editor` leads to.',
  examples: `
- alternatives: { name: editor, path: /usr/bin/vim.basic }
- alternatives: { name: java, path: /opt/jdk/bin/java, link: /usr/bin/java, priority: 2000, state: present }
`,
  params: schema,
  exclusive: 'alternatives',
  async probe({ name, path }, host) {
    const [now, stat] = await Promise.all([
      host.read(sh`update-alternatives --display ${name}`, ({ code, stdout }) => {
        if (code === 127) throw new TaskFailure('Failed to find required executable "update-alternatives"');
        return code === 0 ? parseAlternatives(stdout) : null;
      }),
      host.stat(path, { follow: true }),
    ]);
    return { now, exists: stat !== null };
  },
  plan(given, seen): readonly Change[] {
    const { name, path, state, priority, subcommands } = given;
    const { now } = seen;
    const mine = now?.choices.get(path);
    if (state === 'absent') return mine ? [change('registered', path, ABSENT, [sh`update-alternatives --remove ${name} ${path}`])] : [];
    const changes: Change[] = [];
    const registered = mine !== undefined && (priority === undefined || priority === mine.priority) && (subcommands === undefined || sameSlaves(subcommands, mine.slaves));
    if (!registered) changes.push(change('registered', mine ? { ...mine, slaves: mine.slaves.map(({ name: each }) => each) } : ABSENT, { priority: priority ?? mine?.priority ?? 50, slaves: (subcommands ?? []).map(({ name: each }) => each) }, [install(given, seen)]));
    if (state === 'selected' && now?.current !== path) changes.push(change('selected', now?.current ?? ABSENT, path, [sh`update-alternatives --set ${name} ${path}`]));
    if (state === 'auto' && now?.mode === 'manual') changes.push(change('mode', 'manual', 'auto', [sh`update-alternatives --auto ${name}`]));
    return changes;
  },
});

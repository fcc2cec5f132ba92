import { z } from 'zod';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';

const schema = params({
  database: Text.describe('passwd, group, hosts, services … as in nsswitch.conf.'),
  key: Text.optional().describe('The entry to look up; all without it.'),
  fail_key: Flag.default(true).describe('Fail when there is no such entry.'),
  split: Text.optional().describe('What separates the fields; `:` or white space by the database.'),
  service: Text.optional().describe('Only this service, e.g. `files`.'),
});

interface Seen {
  readonly code: number;
  readonly lines: readonly string[];
}

/** Looks up system databases. */
export default defineTask<z.output<typeof schema>, Seen>({
  name: 'getent',
  summary: "Puts entries of the host's user, group, host and other databases into facts. Changes nothing.",
  examples: `
- getent: { database: passwd, key: root }
- debug: { msg: "{{ ansible_facts.getent_passwd.root[4] }}" }
`,
  params: schema,
  probe: ({ database, key, service }, host) =>
    host.read(sh`getent ${[...(service === undefined ? [] : ['-s', service]), database, ...(key === undefined ? [] : [key])]}`, ({ code, stdout }) => ({ code, lines: stdout.split('\n').filter(Boolean) })),
  plan({ database, key, fail_key }, { code }) {
    if (code === 1) throw new TaskFailure('Missing arguments, or database unknown.', { database });
    if (code === 2 && fail_key) throw new TaskFailure(`One or more supplied key could not be found in the database.`, { database, key: key ?? '' });
    if (code === 3) throw new TaskFailure('Enumeration not supported on this database.', { database });
    return [];
  },
  result({ database, key, split }, { code, lines }) {
    const separator = split ?? (['passwd', 'shadow', 'group', 'gshadow'].includes(database) ? ':' : undefined);
    const entries = lines.map((line) => (separator === undefined ? line.trim().split(/\s+/) : line.split(separator)));
    const found = Object.fromEntries(entries.map(([name = '', ...fields]) => [name, fields]));
    return { ansible_facts: { [`getent_${database}`]: code === 2 && key !== undefined ? { [key]: null } : found } };
  },
});

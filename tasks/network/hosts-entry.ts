import { z } from 'zod';
import { change, ABSENT } from '../../runner/task/change.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Texts, params } from '../../runner/task/params.ts';
import { isLoopback, parseHosts, withHostsEntry } from '../parse/hosts-file.ts';

const fields = params({
  ip: Text.pipe(z.string().regex(/^(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:]+:[0-9a-fA-F:.]*)$/, 'must be an address'))
    .meta({ aliases: ['address'] })
    .describe('Address.'),
  names: Texts.pipe(z.array(z.string().regex(/^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$/, 'is not a host name')).min(1))
    .meta({ aliases: ['name'] })
    .describe('Names, the canonical one first.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the names shall resolve to the address.'),
  not_loopback: Flag.default(false).describe('Take the names off the lines of 127.* and ::1: cman refuses to start where its node name resolves to loopback.'),
  path: Text.default('/etc/hosts').describe('The file.'),
});
type Params = z.output<typeof fields>;

/** Names of one address in /etc/hosts. */
export default defineTask<Params, string | null>({
  name: 'hosts_entry',
  summary: 'Names of an address in /etc/hosts, and on no other line.',
  description: `A name that stands on the line of another address of the same family is moved; installers put the host's own name on the line of
127.0.0.1, from where it goes with \`not_loopback\`. Comments, order and blanks stay.`,
  examples: `- name: The nodes know each other
  hosts_entry: { ip: "{{ hostvars[item].cluster_address }}", names: ["{{ item }}"], not_loopback: true }
  loop: "{{ groups['cluster'] }}"
`,
  params: fields,
  probe: async ({ path }, host) => (await host.readFile(path))?.toString() ?? null,
  plan({ ip, names, state, not_loopback, path }, text) {
    if (text === null && path !== '/etc/hosts') throw new TaskFailure(`${path} does not exist`);
    const before = text ?? '';
    const present = state === 'present';
    const after = withHostsEntry(before, { ip, names, present, notLoopback: not_loopback });
    if (after === before || (!present && text === null)) return [];
    const had = parseHosts(before)
      .filter((line) => line.names.some((name) => names.includes(name)))
      .map((line) => line.text);
    return [
      change('entry', had.length === 0 ? ABSENT : had, present ? `${ip} ${names.join(' ')}` : ABSENT, [{ write: { path, content: after } }], {
        diff: { beforeLabel: path, afterLabel: path, before, after },
      }),
    ];
  },
  result({ names }, text) {
    const lines = parseHosts(text ?? '');
    return {
      resolves: Object.fromEntries(names.map((name) => [name, lines.filter((line) => line.names.includes(name)).map((line) => line.address ?? '')])),
      loopback: lines.some((line) => isLoopback(line.address ?? '') && line.names.some((name) => names.includes(name))),
    };
  },
});

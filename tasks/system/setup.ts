import { z } from 'zod';
import { rawCommand } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Amount, Text, Texts, params } from '../../runner/task/params.ts';
import { didYouMean } from '../../runner/util/suggest.ts';
import type { JsonObject } from '../../runner/util/json.ts';
import { parseFacts } from '../parse/facts.ts';
import { factsScript } from '../parse/facts-script.ts';
import { FACT_SUBSETS, type FactSubset } from '../parse/facts-script.ts';
import { own } from '../../runner/util/own.ts';

const fields = params({
  gather_subset: Texts.default(['all']).describe('all, min, hardware, network, virtual, local; with `!` left out.'),
  gather_timeout: Amount.default(10).describe('Seconds for the whole look; never less than 10.'),
  filter: Texts.default([]).describe('Shell patterns; only facts whose names match one, with or without `ansible_`.'),
  fact_path: Text.default('/etc/ansible/facts.d').describe('Folder of `*.fact` files.'),
});
type Params = z.output<typeof fields>;

/** The facts of a host. */
export default defineTask<Params, JsonObject>({
  name: 'setup',
  aliases: ['gather_facts', 'ansible.builtin.gather_facts'],
  summary: 'The facts of a host: system, hardware, network, virtualisation, its own fact files.',
  description: 'One POSIX shell script and no Python: works on CentOS 6 and on busybox. Names are those of Ansible.',
  examples: `- name: Look again, at the network only
  setup: { gather_subset: [network] }
`,
  params: fields,
  async probe({ gather_subset, gather_timeout, fact_path }, host) {
    const script = rawCommand(factsScript(subsets(gather_subset), fact_path)).with({ timeout: Math.max(10, gather_timeout) });
    return host.read(script, ({ stdout, stderr, code }) => {
      if (!stdout.includes('@@rollcall:uname')) throw new TaskFailure(`no facts could be read: ${stderr.trim() || `exit code ${code}`}`, { rc: code });
      return parseFacts(stdout);
    });
  },
  plan: () => [],
  result: ({ filter, gather_subset }, facts) => ({ ansible_facts: { ...select(facts, filter), gather_subset: [...gather_subset], module_setup: true } }),
});

/** Names of subsets that Ansible has and that belong to one of ours. */
const WITHIN: Readonly<Record<string, FactSubset>> = {
  interfaces: 'network',
  default_ipv4: 'network',
  devices: 'hardware',
  mounts: 'hardware',
  dmi: 'hardware',
  virtualization_type: 'virtual',
  date_time: 'min',
  distribution: 'min',
  user: 'min',
  env: 'min',
  platform: 'min',
  pkg_mgr: 'min',
  service_mgr: 'min',
  selinux: 'min',
  dns: 'min',
  facter: 'min',
  ohai: 'min',
};

function ours(word: string): FactSubset {
  const found = FACT_SUBSETS.find((name) => name === word) ?? own(WITHIN, word);
  if (found === undefined)
    throw new TaskFailure(`there is no gather_subset '${word}'; ${didYouMean(word, ['all', ...FACT_SUBSETS], `known: all, ${FACT_SUBSETS.join(', ')}`)}`);
  return found;
}

function subsets(given: readonly string[]): readonly FactSubset[] {
  const left = new Set(
    given
      .filter((word) => word.startsWith('!'))
      .map((word) => word.slice(1))
      .flatMap((word) => (word === 'all' ? FACT_SUBSETS : [ours(word)])),
  );
  const asked = given.filter((word) => !word.startsWith('!'));
  const wanted = asked.length === 0 || asked.includes('all') ? FACT_SUBSETS : asked.map(ours);
  // "!all" with a name beside it means that name only.
  return given.includes('!all') ? asked.filter((word) => word !== 'all').map(ours) : wanted.filter((name) => !left.has(name));
}

function select(facts: JsonObject, filters: readonly string[]): JsonObject {
  if (filters.length === 0) return facts;
  const patterns = filters.map(
    (filter) =>
      new RegExp(
        `^${filter
          .replace(/[.+^${}()|\\]/g, '\\$&')
          .replaceAll('*', '.*')
          .replaceAll('?', '.')}$`,
      ),
  );
  return Object.fromEntries(Object.entries(facts).filter(([name]) => patterns.some((pattern) => pattern.test(name) || pattern.test(`ansible_${name}`))));
}

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

/** Names of subsets that Ansible has, by the one of ours that brings their facts. */
const WITHIN: Readonly<Record<Exclude<FactSubset, 'local'>, string>> = {
  network: 'interfaces default_ipv4 default_ipv6 all_ipv4_addresses all_ipv6_addresses',
  hardware: 'devices mounts dmi loadavg processor processor_cores processor_count',
  virtual: 'virtualization_type virtualization_role virtualization_tech_guest virtualization_tech_host',
  min: `apparmor architecture caps chroot cmdline date_time distribution distribution_major_version distribution_release distribution_version dns
    effective_group_ids effective_user_id env facter fibre_channel_wwn fips is_chroot iscsi kernel kernel_version lsb machine machine_id nvme ohai os_family
    pkg_mgr platform python python_version real_user_id selinux service_mgr ssh_host_key_dsa_public ssh_host_key_ecdsa_public
    ssh_host_key_ed25519_public ssh_host_key_rsa_public ssh_host_pub_keys ssh_pub_keys system system_capabilities system_capabilities_enforced
    systemd user user_dir user_gecos user_gid user_id user_shell user_uid`,
};
const BY_NAME: ReadonlyMap<string, FactSubset> = new Map(
  FACT_SUBSETS.flatMap((subset) => [[subset, subset] as const, ...(subset === 'local' ? '' : WITHIN[subset]).split(/\s+/).filter(Boolean).map((name) => [name, subset] as const)]),
);

function ours(word: string): FactSubset {
  const found = BY_NAME.get(word);
  if (found === undefined)
    throw new TaskFailure(`there is no gather_subset '${word}'; ${didYouMean(word, ['all', ...BY_NAME.keys()], `known: all, ${FACT_SUBSETS.join(', ')}`)}`);
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

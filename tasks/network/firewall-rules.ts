import { z } from 'zod';
import { Flag, Text, Texts, Whole, params } from '../../runner/task/params.ts';
import { parseRule, type IptablesRule } from '../parse/iptables-rule.ts';

/** An address or network; names would be resolved by iptables and never compare equal to what it lists. */
export const Network = Text.pipe(
  z
    .string()
    .regex(
      /^!?\s*(\d{1,3}(\.\d{1,3}){3}(\/(\d{1,2}|\d{1,3}(\.\d{1,3}){3}))?|[0-9a-fA-F:]*:[0-9a-fA-F:.]*(\/\d{1,3})?)$/,
      'must be an address or network, e.g. 192.168.1.2 or 192.168.1.0/24, not a name',
    ),
);

const Rule = z
  .strictObject({
    chain: Text.optional().describe("Chain; the task's without it."),
    source: Network.optional().describe('Where packets come from.'),
    destination: Network.optional().describe('Where they go.'),
    protocol: Text.optional().describe('tcp, udp, icmp, igmp …'),
    ports: Texts.optional().describe('Destination ports or ranges (`5404:5405`).'),
    dports: Texts.optional().describe('Another name for ports.'),
    in_interface: Text.optional().describe('Interface they come in by.'),
    out_interface: Text.optional().describe('Interface they leave by.'),
    state: Texts.optional().describe('States of the connection, e.g. NEW.'),
    dst_type: Text.optional().describe('Kind of destination: MULTICAST, BROADCAST, LOCAL …'),
    icmp_type: Text.optional().describe('Kind of ICMP message.'),
    target: Text.default('ACCEPT').describe('ACCEPT, DROP, REJECT or a chain.'),
    reject_with: Text.optional().describe('What REJECT answers.'),
    comment: Text.optional().describe('Stored with the rule.'),
  })
  .refine(({ ports, dports, protocol }) => (ports ?? dports) === undefined || ['tcp', 'udp', 'sctp', 'dccp'].includes(protocol ?? ''), {
    message: 'ports need a protocol that has them: tcp or udp',
  });

/** Parameters of `firewall`. */
export const firewallParams = params({
  rules: z.array(Rule).default([]).describe('Rules, in order.'),
  peers: z
    .preprocess((given) => (typeof given === 'string' ? given.split(',').map((each) => each.trim()) : given), z.array(Network))
    .default([])
    .describe('Addresses from which everything is accepted.'),
  igmp: Flag.default(false).describe('Accept IGMP: without it switches forget the multicast group after minutes and the cluster splits.'),
  multicast: Flag.default(false).describe('Accept packets to multicast addresses.'),
  chain: Text.default('INPUT').describe('Chain of rules that name none.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the rules shall be there.'),
  position: z.literal('before-first-reject').default('before-first-reject').describe('Where new rules go: before the first rule that refuses everything.'),
  persist: Flag.default(true).describe('Also in the file that is loaded at boot.'),
  path: Text.optional().describe('That file; /etc/sysconfig/iptables, on Debian /etc/iptables/rules.v4.'),
  keep_ssh: Flag.default(true).describe('Never let the result refuse new ssh connections from where this one came: a rule for it is added where needed.'),
  ssh_port: Whole.optional().describe('Port of sshd; seen from this connection, else 22.'),
  rollback_after: Whole.default(60).describe('Seconds after which the host takes the change back by itself unless a new connection could be opened.'),
});

/** Validated parameters of `firewall`. */
export type FirewallParams = z.output<typeof firewallParams>;

/** The rules a task asks for, in order. */
export function wantedRules({ rules, peers, igmp, multicast, chain }: FirewallParams): readonly IptablesRule[] {
  return [
    ...peers.map((peer) => parseRule(chain, [...address('-s', peer), '-j', 'ACCEPT'])),
    ...(igmp ? [parseRule(chain, ['-p', 'igmp', '-j', 'ACCEPT'])] : []),
    ...(multicast ? [parseRule(chain, ['-m', 'addrtype', '--dst-type', 'MULTICAST', '-j', 'ACCEPT'])] : []),
    ...rules.map((rule) => parseRule(rule.chain ?? chain, ruleToWords(rule))),
  ];
}

/** The rule that lets a person in. */
export function sshRule(port: string): IptablesRule {
  return parseRule('INPUT', ['-p', 'tcp', '-m', 'state', '--state', 'NEW', '-m', 'tcp', '--dport', port, '-j', 'ACCEPT']);
}

function address(option: string, given: string | undefined): readonly string[] {
  if (given === undefined) return [];
  return given.startsWith('!') ? ['!', option, given.slice(1).trim()] : [option, given];
}

function option(words: readonly string[], value: string | undefined): readonly string[] {
  return value === undefined ? [] : [...words, value];
}

function ruleToWords(rule: z.output<typeof Rule>): readonly string[] {
  const ports = rule.ports ?? rule.dports ?? [];
  return [
    ...address('-s', rule.source),
    ...address('-d', rule.destination),
    ...option(['-i'], rule.in_interface),
    ...option(['-o'], rule.out_interface),
    ...option(['-p'], rule.protocol),
    ...option(['-m', 'addrtype', '--dst-type'], rule.dst_type?.toUpperCase()),
    ...option(['-m', 'state', '--state'], rule.state?.join(',').toUpperCase()),
    ...(ports.length > 1 ? ['-m', 'multiport', '--dports', ports.join(',')] : ports.length === 1 ? ['-m', rule.protocol!, '--dport', ports[0]!] : []),
    ...option(['-m', 'icmp', '--icmp-type'], rule.icmp_type),
    ...option(['-m', 'comment', '--comment'], rule.comment),
    '-j',
    rule.target,
    ...option(['--reject-with'], rule.reject_with),
  ];
}

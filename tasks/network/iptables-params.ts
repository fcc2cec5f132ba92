import { z } from 'zod';
import { Flag, Text, Texts, Whole, params } from '../../runner/task/params.ts';
import { Network } from './firewall-rules.ts';

/** Parameters of `iptables`, as in Ansible. */
export const iptablesParams = params({
  table: z.enum(['filter', 'nat', 'mangle', 'raw', 'security']).default('filter').describe('Table.'),
  chain: Text.optional().describe('Chain; needed unless the whole table is flushed.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the rule shall be there.'),
  action: z.enum(['append', 'insert']).default('append').describe('Where a missing rule goes.'),
  rule_num: Whole.optional().describe('Number before which it is inserted; needs action insert.'),
  ip_version: z.enum(['ipv4', 'ipv6']).default('ipv4').describe('iptables or ip6tables.'),
  protocol: Text.optional().describe('Protocol.'),
  source: Network.optional().describe('Where packets come from.'),
  destination: Network.optional().describe('Where they go.'),
  in_interface: Text.optional().describe('Interface they come in by.'),
  out_interface: Text.optional().describe('Interface they leave by.'),
  fragment: Text.optional().describe('Second and later fragments.'),
  match: Texts.default([]).describe('Match extensions to load.'),
  source_port: Text.optional().describe('Source port or range.'),
  destination_port: Text.optional().describe('Destination port or range.'),
  destination_ports: Texts.default([]).describe('Several destination ports (multiport).'),
  ctstate: Texts.default([]).describe('States of the connection.'),
  src_range: Text.optional().describe('Range of source addresses.'),
  dst_range: Text.optional().describe('Range of destination addresses.'),
  icmp_type: Text.optional().describe('Kind of ICMP message.'),
  tcp_flags: z.strictObject({ flags: Texts, flags_set: Texts }).optional().describe('TCP flags looked at, and those of them that must be set.'),
  syn: z.enum(['ignore', 'match', 'negate']).default('ignore').describe('Only (or no) packets that open a connection.'),
  limit: Text.optional().describe('How often the rule may match.'),
  limit_burst: Text.optional().describe('How often before the limit counts.'),
  uid_owner: Text.optional().describe('User whose packets are meant.'),
  gid_owner: Text.optional().describe('Group whose packets are meant.'),
  match_set: Text.optional().describe('Name of an ipset.'),
  match_set_flags: Text.optional().describe('Directions for it, e.g. src,dst.'),
  comment: Text.optional().describe('Stored with the rule.'),
  jump: Text.optional().describe('ACCEPT, DROP, REJECT or a chain.'),
  goto: Text.optional().describe('Chain to go on in without coming back.'),
  reject_with: Text.optional().describe('What REJECT answers; implies jump REJECT.'),
  log_prefix: Text.optional().describe('Before each line of LOG.'),
  log_level: Text.optional().describe('Level of LOG.'),
  to_source: Text.optional().describe('Address of SNAT.'),
  to_destination: Text.optional().describe('Address of DNAT.'),
  to_ports: Text.optional().describe('Ports of REDIRECT or MASQUERADE.'),
  set_dscp_mark: Text.optional().describe('Mark of DSCP.'),
  set_dscp_mark_class: Text.optional().describe('Class of DSCP.'),
  gateway: Text.optional().describe('Where TEE sends copies.'),
  set_counters: Text.optional().describe('Packets and bytes to begin counting with.'),
  chain_management: Flag.default(false).describe('Make the chain when it is missing; without any other part of a rule, the chain itself is what is there or not.'),
  policy: z.enum(['ACCEPT', 'DROP', 'QUEUE', 'RETURN']).optional().describe('What the chain does with what no rule decides.'),
  flush: Flag.default(false).describe('Remove all rules of the chain or table.'),
  wait: Text.optional().describe('Accepted for compatibility: a busy lock is tried again anyway.'),
  numeric: Flag.optional().describe('Accepted for compatibility: listings are numeric anyway.'),
  rollback_after: Whole.default(60).describe('Seconds after which the host takes the change back by itself unless a new connection could be opened.'),
});

/** Validated parameters of `iptables`. */
export type IptablesParams = z.output<typeof iptablesParams>;

/** The rule's words after the chain, in the order Ansible gives them. */
export function iptablesWords(p: IptablesParams): readonly string[] {
  const matching = (...names: readonly string[]): string[] => names.filter((name) => !p.match.includes(name)).flatMap((name) => ['-m', name]);
  const jump = p.jump ?? (p.reject_with === undefined ? undefined : 'REJECT');
  return [
    ...option('-p', p.protocol),
    ...option('-s', p.source),
    ...option('-d', p.destination),
    ...p.match.flatMap((name) => ['-m', name]),
    ...option('-i', p.in_interface),
    ...option('-o', p.out_interface),
    ...option('-f', p.fragment),
    ...option('--source-port', p.source_port),
    ...option('--destination-port', p.destination_port),
    ...(p.destination_ports.length > 0 ? [...matching('multiport'), '--dports', p.destination_ports.join(',')] : []),
    ...((p.src_range ?? p.dst_range) !== undefined ? matching('iprange') : []),
    ...option('--src-range', p.src_range),
    ...option('--dst-range', p.dst_range),
    ...(p.ctstate.length > 0
      ? p.match.includes('state')
        ? ['--state', p.ctstate.join(',')]
        : [...matching('conntrack'), '--ctstate', p.ctstate.join(',')]
      : []),
    ...(p.tcp_flags ? ['--tcp-flags', p.tcp_flags.flags.join(','), p.tcp_flags.flags_set.join(',')] : []),
    ...(p.syn === 'ignore' ? [] : p.syn === 'match' ? ['--syn'] : ['!', '--syn']),
    ...(p.limit !== undefined || p.limit_burst !== undefined ? matching('limit') : []),
    ...option('--limit', p.limit),
    ...option('--limit-burst', p.limit_burst),
    ...(p.uid_owner !== undefined || p.gid_owner !== undefined ? matching('owner') : []),
    ...option('--uid-owner', p.uid_owner),
    ...option('--gid-owner', p.gid_owner),
    ...(p.match_set === undefined ? [] : [...matching('set'), ...option('--match-set', p.match_set), p.match_set_flags ?? 'src']),
    ...option('--icmp-type', p.icmp_type),
    ...(p.comment === undefined ? [] : [...matching('comment'), '--comment', p.comment]),
    ...option('-j', jump),
    ...option('--log-prefix', p.log_prefix),
    ...option('--log-level', p.log_level),
    ...option('--to-destination', p.to_destination),
    ...option('--to-source', p.to_source),
    ...option('--to-ports', p.to_ports),
    ...option('--set-dscp', p.set_dscp_mark),
    ...option('--set-dscp-class', p.set_dscp_mark_class),
    ...option('--gateway', p.gateway),
    ...option('-c', p.set_counters),
    ...option('-g', p.goto),
    ...option('--reject-with', p.reject_with),
  ];
}

function option(name: string, value: string | undefined): readonly string[] {
  if (value === undefined) return [];
  return value.startsWith('!') ? ['!', name, value.slice(1).trim()] : [name, value];
}

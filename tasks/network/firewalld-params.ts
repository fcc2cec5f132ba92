import { z } from 'zod';
import { Flag, Text, Whole, params } from '../../runner/task/params.ts';

/** Parameters of `firewalld`, as in Ansible. */
export const firewalldParams = params({
  service: Text.optional().describe('Name of a service.'),
  port: Text.pipe(z.string().regex(/^\d+(-\d+)?\/(tcp|udp|sctp|dccp)$/, 'must be PORT/PROTOCOL or FROM-TO/PROTOCOL'))
    .optional()
    .describe('Port and protocol, e.g. 5405/udp.'),
  protocol: Text.optional().describe('IP protocol, e.g. igmp.'),
  source: Text.optional().describe('Network bound to the zone.'),
  interface: Text.optional().describe('Interface bound to the zone.'),
  rich_rule: Text.optional().describe('Rich rule.'),
  masquerade: Flag.optional().describe('Masquerading of the zone.'),
  icmp_block: Text.optional().describe('Kind of ICMP message that is turned away.'),
  icmp_block_inversion: Flag.optional().describe('Whether only the named ICMP messages are let in.'),
  forward: Flag.optional().describe('Forwarding between the interfaces and sources of the zone.'),
  port_forward: z.array(z.strictObject({ port: Text, proto: z.enum(['udp', 'tcp']), toport: Text, toaddr: Text.optional() })).max(1).optional().describe('A port that is forwarded: `port`, `proto`, `toport`, `toaddr`.'),
  target: z.enum(['default', 'ACCEPT', 'DROP', '%%REJECT%%']).optional().describe('What happens to packets that nothing decides; stored only.'),
  zone: Text.optional().describe('Zone; the default zone without it. With nothing else named, whether there is such a zone (stored only).'),
  state: z.enum(['enabled', 'disabled', 'present', 'absent']).describe('Whether it shall be there.'),
  permanent: Flag.default(false).describe('In the stored configuration.'),
  immediate: Flag.default(false).describe('At run time; without permanent this is understood.'),
  offline: Flag.default(false).describe('Accepted for compatibility: a stopped firewalld is configured offline anyway.'),
  timeout: Whole.default(0).describe('Seconds after which a run-time setting ends; 0: never.'),
});

/** Validated parameters of `firewalld`. */
export type FirewalldParams = z.output<typeof firewalldParams>;

/** One thing to be switched: its option in firewall-cmd and its value (none for a switch such as masquerade). */
export interface Setting {
  readonly option: string;
  readonly value?: string;
  /** The task says no to a switch: enabled means off. */
  readonly inverted?: boolean;
}

/** The settings a task names. */
export function settings(p: FirewalldParams): readonly Setting[] {
  const named = (['service', 'port', 'protocol', 'source', 'interface'] as const).flatMap((option) =>
    p[option] === undefined ? [] : [{ option, value: p[option] }],
  );
  return [
    ...named,
    ...(p.rich_rule === undefined ? [] : [{ option: 'rich-rule', value: p.rich_rule }]),
    ...(p.icmp_block === undefined ? [] : [{ option: 'icmp-block', value: p.icmp_block }]),
    ...(p.port_forward ?? []).map(({ port, proto, toport, toaddr }) => ({ option: 'forward-port', value: `port=${port}:proto=${proto}:toport=${toport}${toaddr === undefined ? '' : `:toaddr=${toaddr}`}` })),
    ...([['masquerade', p.masquerade], ['icmp-block-inversion', p.icmp_block_inversion], ['forward', p.forward]] as const).flatMap(([option, on]) => (on === undefined ? [] : [{ option, inverted: !on }])),
  ];
}

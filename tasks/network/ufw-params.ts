import { z } from 'zod';
import { Flag, Text, Whole, params } from '../../runner/task/params.ts';

/** Parameters of `ufw`, as in Ansible. */
export const ufwParams = params({
  state: z.enum(['enabled', 'disabled', 'reloaded', 'reset']).optional().describe('Whether the firewall runs, now and at boot; reloaded and reset act each time.'),
  default: z.enum(['allow', 'deny', 'reject']).optional().meta({ aliases: ['policy'] }).describe('What happens to what no rule is about, in `direction`.'),
  logging: z.enum(['full', 'high', 'low', 'medium', 'off', 'on']).optional().describe('How much is logged.'),
  direction: z.enum(['in', 'incoming', 'out', 'outgoing', 'routed']).optional().describe('Of a rule: in or out; of a default: incoming, outgoing or routed.'),
  delete: Flag.default(false).describe('Delete the rule.'),
  route: Flag.default(false).describe('The rule is for what is forwarded.'),
  insert: Whole.optional().describe('Place of a new rule.'),
  insert_relative_to: z.enum(['zero', 'first-ipv4', 'last-ipv4', 'first-ipv6', 'last-ipv6']).default('zero').describe('What `insert` counts from.'),
  rule: z.enum(['allow', 'deny', 'limit', 'reject']).optional().describe('What the rule does.'),
  interface: Text.optional().meta({ aliases: ['if'] }).describe('Interface of the rule; needs `direction`.'),
  interface_in: Text.optional().meta({ aliases: ['if_in'] }).describe('Interface that it comes in at.'),
  interface_out: Text.optional().meta({ aliases: ['if_out'] }).describe('Interface that it goes out at.'),
  log: Flag.default(false).describe('Log what the rule matches.'),
  from_ip: Text.default('any').meta({ aliases: ['from', 'src'] }).describe('Source address or network.'),
  from_port: Text.optional().describe('Source port.'),
  to_ip: Text.default('any').meta({ aliases: ['dest', 'to'] }).describe('Destination address or network.'),
  to_port: Text.optional().meta({ aliases: ['port'] }).describe('Destination port or ports, e.g. `80` or `8000:8100`.'),
  proto: z.enum(['ah', 'any', 'esp', 'ipv6', 'tcp', 'udp', 'gre', 'igmp']).optional().meta({ aliases: ['protocol'] }).describe('Protocol.'),
  name: Text.optional().meta({ aliases: ['app'] }).describe('Application profile in /etc/ufw/applications.d.'),
  comment: Text.optional().describe('Comment of the rule.'),
})
  .refine((given) => [given.state, given.default, given.rule, given.logging].some((each) => each !== undefined), 'one of the following is required: state, default, rule, logging')
  .refine(({ name, proto, logging }) => [name, proto, logging].filter((each) => each !== undefined).length < 2, 'parameters are mutually exclusive: name|proto|logging')
  .refine(({ direction, interface_in: enter, interface_out: leave }) => direction === undefined || (enter === undefined && leave === undefined), 'parameters are mutually exclusive: direction|interface_in|interface_out')
  .refine((given) => given.interface === undefined || given.direction !== undefined, "missing parameter(s) required by 'interface': direction")
  .refine((given) => given.default === undefined || !['in', 'out'].includes(given.direction ?? ''), 'For default, direction must be one of "outgoing", "incoming" and "routed", or direction must not be specified.')
  .refine((given) => given.rule === undefined || [undefined, 'in', 'out'].includes(given.direction), 'For rules, direction must be one of "in" and "out", or direction must not be specified.')
  .refine((given) => given.rule === undefined || given.route || given.interface_in === undefined || given.interface_out === undefined, 'Only route rules can combine interface_in and interface_out');

/** Validated parameters of `ufw`. */
export type UfwParams = z.output<typeof ufwParams>;

/** The words of a rule, in ufw's long form. */
export function ufwRule(given: UfwParams, insert: number | null): readonly string[] {
  const pair = (word: string, value: string | undefined): readonly string[] => (value === undefined || value === '' ? [] : [...word.split(' '), value]);
  return [
    ...(given.route ? ['route'] : []),
    ...(given.delete ? ['delete'] : []),
    ...(insert === null ? [] : ['insert', String(insert)]),
    given.rule ?? '',
    ...(given.direction === undefined ? [] : [given.direction]),
    ...pair('on', given.interface),
    ...pair('in on', given.interface_in),
    ...pair('out on', given.interface_out),
    ...(given.log ? ['log'] : []),
    ...pair('from', given.from_ip),
    ...pair('port', given.from_port),
    ...pair('to', given.to_ip),
    ...pair('port', given.to_port),
    ...pair('proto', given.proto),
    ...pair('app', given.name),
    ...pair('comment', given.comment),
  ];
}

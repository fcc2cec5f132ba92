import { change, ABSENT, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { parseRule, ruleLine } from '../parse/iptables-rule.ts';
import { parseListing, type IptablesTable } from '../parse/iptables-table.ts';
import { guardedRules, listingOf } from './firewall.ts';
import { iptablesParams, iptablesWords, type IptablesParams } from './iptables-params.ts';

const toolOf = ({ ip_version }: IptablesParams): 'iptables' | 'ip6tables' => (ip_version === 'ipv6' ? 'ip6tables' : 'iptables');

/** One rule of iptables at run time, with Ansible's parameters. */
export default defineTask<IptablesParams, IptablesTable>({
  name: 'iptables',
  summary: 'One rule, policy or flush of iptables at run time.',
  description: `Takes Ansible's parameters and works with iptables 1.4.7 as well, which has no --check: the table is listed and compared by meaning.
Nothing is stored for the next boot (\`firewall\` does that). The change is guarded: the host restores the old rules by itself unless a new
connection can be opened afterwards.`,
  examples: `- name: Answer the load balancer
  iptables: { chain: INPUT, action: insert, protocol: tcp, destination_port: "80", source: 192.0.2.10, jump: ACCEPT }
`,
  params: iptablesParams,
  exclusive: 'iptables',
  probe: (params, host) => host.read(sh`${toolOf(params)} -t ${params.table} -S`, (output) => parseListing(listingOf(output))),
  plan(params, seen) {
    const { chain, flush, policy } = params;
    const tool = sh`${toolOf(params)} -t ${params.table}`;
    if (flush) {
      const gone = seen.rules.filter((rule) => chain === undefined || rule.chain === chain).map(ruleLine);
      return gone.length === 0 ? [] : [change('rules', gone, ABSENT, [sh`${tool} ${['-F', ...(chain === undefined ? [] : [chain])]}`], { risk: 'disconnect' })];
    }
    if (chain === undefined) throw new TaskFailure("'chain' is missing: only 'flush' works without it");
    if (params.chain_management && policy === undefined) return planChain(params, chain, seen);
    if (!seen.policies.has(chain)) throw new TaskFailure(`table ${params.table} has no chain '${chain}'; it has ${[...seen.policies.keys()].join(', ')}`);
    if (policy !== undefined) {
      const now = seen.policies.get(chain) ?? '-';
      return now === policy
        ? []
        : [change('policy', now, policy, [sh`${tool} -P ${chain} ${policy}`], { risk: 'disconnect', undo: [{ run: sh`${tool} -P ${chain} ${now}` }] })];
    }
    return planRule(params, chain, seen);
  },
  apply: (planned, host, params) =>
    guardedRules(
      host,
      params.rollback_after,
      planned.steps.flatMap((step) => ('run' in step ? [step.run] : [])),
      toolOf(params),
    ),
  result: (params) => ({ chain: params.chain ?? '', rule: iptablesWords(params).join(' ') }),
});

/** A chain that may be missing, with a rule or for itself. */
function planChain(params: IptablesParams, chain: string, seen: IptablesTable): readonly Change[] {
  const tool = sh`${toolOf(params)} -t ${params.table}`;
  const alone = iptablesWords(params).length === 0;
  if (seen.policies.has(chain)) {
    if (!alone) return planRule(params, chain, seen);
    return params.state === 'present' ? [] : [change('chain', chain, ABSENT, [sh`${tool} -X ${chain}`], { risk: 'disconnect' })];
  }
  if (params.state === 'absent') return [];
  const made = change('chain', ABSENT, chain, [sh`${tool} -N ${chain}`], { undo: [{ run: sh`${tool} -X ${chain}` }] });
  return [made, ...(alone ? [] : planRule(params, chain, seen))];
}

function planRule(params: IptablesParams, chain: string, seen: IptablesTable): readonly Change[] {
  const tool = sh`${toolOf(params)} -t ${params.table}`;
  const rule = parseRule(chain, iptablesWords(params));
  const found = seen.rules.filter(({ meaning, comment }) => meaning === rule.meaning && comment === rule.comment);
  const line = ruleLine(rule);
  if (params.state === 'absent') {
    return found.length === 0
      ? []
      : [
          change(
            'rule',
            found.map(ruleLine),
            ABSENT,
            found.map(({ words }) => sh`${tool} -D ${chain} ${words}`),
            { risk: 'disconnect' },
          ),
        ];
  }
  if (found.length > 0) return [];
  const { words } = rule;
  const add =
    params.action === 'append'
      ? sh`${tool} -A ${chain} ${words}`
      : sh`${tool} ${['-I', chain, ...(params.rule_num === undefined ? [] : [params.rule_num]), ...words]}`;
  return [change('rule', ABSENT, line, [add], { risk: 'disconnect', undo: [{ run: sh`${tool} -D ${chain} ${words}` }] })];
}

import { change, ABSENT, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { ruleLine, type IptablesRule } from '../parse/iptables-rule.ts';
import { parseSaved, verdict, type IptablesTable, type Packet } from '../parse/iptables-table.ts';
import { planAbsent, planPresent, type EditPlan, type RuleEdit } from './firewall-edit.ts';
import { sshRule, wantedRules, type FirewallParams } from './firewall-rules.ts';

/** What a look at a firewall gave. */
export interface FirewallSeen {
  readonly runtime: IptablesTable;
  /** `iptables -S` as it came. */
  readonly listing: string;
  /** The file for the boot; undefined when it does not matter. */
  readonly boot?: { readonly path: string; readonly text: string | null; readonly folder: boolean };
  /** Where this connection comes from, if that is known, and sshd's port. */
  readonly ssh: Packet;
}

/** The file of a host that has none yet: everything passes but what rules say. */
const EMPTY_FILE = '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n';

/** What must be done at run time and in the file for the boot, each looked at by itself. */
export function planFirewall(params: FirewallParams, seen: FirewallSeen): readonly Change[] {
  const wanted = wantedRules(params);
  const changes: Change[] = [];
  const runtime = planLayer(params, seen.runtime, wanted, seen.ssh, 'now');
  if (runtime.edits.length > 0) {
    changes.push(
      change('runtime', lines(runtime.edits, 'delete'), lines(runtime.edits, 'insert'), runtime.edits.map(editCommand), {
        risk: 'disconnect',
        diff: { beforeLabel: 'iptables -S', afterLabel: 'iptables -S', before: listed(seen.runtime), after: listed(runtime.after) },
      }),
    );
  }
  if (seen.boot === undefined) return changes;
  const { path, text, folder } = seen.boot;
  if (!folder)
    throw new TaskFailure(`${path} cannot be written: its folder does not exist (install iptables-persistent or iptables-services, or set 'persist: false')`);
  const table = parseSaved(text ?? EMPTY_FILE);
  const old = text ?? '';
  const base = table ? (text ?? EMPTY_FILE) : `${old}${old === '' || old.endsWith('\n') ? '' : '\n'}${EMPTY_FILE}`;
  const boot = planLayer(params, parseSaved(base)!, wanted, seen.ssh, 'after the next boot');
  if (boot.edits.length === 0) return changes;
  const after = editText(base, boot.edits);
  changes.push(
    change(
      'boot',
      text === null ? ABSENT : lines(boot.edits, 'delete'),
      lines(boot.edits, 'insert'),
      [{ write: { path, content: after, mode: '0600', owner: 'root', group: 'root', validate: 'iptables-restore --test %s' } }],
      {
        diff: { beforeLabel: path, afterLabel: path, before: old, after },
      },
    ),
  );
  return changes;
}

function planLayer(params: FirewallParams, table: IptablesTable, wanted: readonly IptablesRule[], ssh: Packet, when: string): EditPlan {
  const plan = params.state === 'absent' ? planAbsent(table, wanted) : planPresent(table, wanted);
  if (!params.keep_ssh || verdict(plan.after, ssh) === 'accepted') return plan;
  const from = ssh.source === undefined ? '' : ` from ${ssh.source}`;
  const cut = `new ssh connections${from} to port ${ssh.port} would be refused ${when}`;
  // Rules that cut the branch the task sits on are not repaired silently by opening it to everybody: that is for what was there before.
  if (verdict(table, ssh) === 'accepted') throw new TaskFailure(`${cut}: give a rule that accepts them before the refusal, or set 'keep_ssh: false'`);
  if (params.state === 'absent') return plan;
  const repaired = planPresent(table, [sshRule(ssh.port), ...wanted]);
  if (verdict(repaired.after, ssh) === 'accepted') return repaired;
  throw new TaskFailure(`${cut} whatever is inserted before the first refusal: an earlier rule drops them; correct it, or set 'keep_ssh: false'`);
}

function lines(edits: readonly RuleEdit[], kind: RuleEdit['kind']): string[] | typeof ABSENT {
  const found = edits.filter((edit) => edit.kind === kind).map(({ rule }) => ruleLine(rule));
  return found.length === 0 ? ABSENT : found;
}

function editCommand(edit: RuleEdit): Command {
  const { chain, words } = edit.rule;
  if (edit.kind === 'delete') return sh`iptables -D ${chain} ${words}`;
  return edit.last ? sh`iptables -A ${chain} ${words}` : sh`iptables -I ${chain} ${edit.position} ${words}`;
}

function listed({ policies, rules }: IptablesTable): string {
  const heads = [...policies].map(([chain, policy]) => (policy === '-' ? `-N ${chain}` : `-P ${chain} ${policy}`));
  return [...heads, ...rules.map(ruleLine), ''].join('\n');
}

/** Edits the text of the file line by line: comments, order and other tables stay. */
function editText(text: string, edits: readonly RuleEdit[]): string {
  let current = text;
  for (const edit of edits) {
    const table = parseSaved(current)!;
    const all = current.split('\n');
    if (edit.kind === 'delete') all.splice(table.lines[edit.index]!, 1);
    else
      all.splice(
        edit.index === 0 ? (table.lines[0] ?? table.end) : edit.last ? table.lines[edit.index - 1]! + 1 : table.lines[edit.index]!,
        0,
        ruleLine(edit.rule),
      );
    current = all.join('\n');
  }
  return current;
}

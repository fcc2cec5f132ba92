import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Actuator, Observer, Output } from '../../runner/task/host.ts';
import { performSteps } from '../../runner/task/perform.ts';
import { parseListing, parseSaved, verdict } from '../parse/iptables-table.ts';
import { firewallParams, type FirewallParams } from './firewall-rules.ts';
import { planFirewall, type FirewallSeen } from './firewall-plan.ts';

/** Rules of iptables where they have an effect: now and after the next boot. */
export default defineTask<FirewallParams, FirewallSeen>({
  name: 'firewall',
  summary: 'Rules of iptables before the first one that refuses everything, now and after the next boot.',
  description: `Works with iptables 1.4.7 (EL6), which cannot check for a rule: the rules are listed and compared by meaning, however they are
written, at run time and in the file for the boot separately. A rule that stands behind the refusal, where it does nothing, is moved.
The runtime change is guarded: unless a new connection can be opened afterwards, the host restores the old rules by itself. The file is
edited line by line and tried with \`iptables-restore --test\` before it replaces the old one. A result that would refuse ssh is repaired or
refused (\`keep_ssh\`).`,
  examples: `- name: Let the nodes talk
  firewall:
    peers: "{{ groups['cluster'] | difference([inventory_hostname]) | map('extract', hostvars, 'cluster_address') | list }}"
    igmp: true
- name: Only what the cluster needs, from the cluster's network
  firewall:
    igmp: true
    rules:
      - { protocol: udp, ports: ["5404", "5405"], source: 192.168.1.0/24, state: NEW }
      - { protocol: udp, ports: ["5404", "5405"], source: 192.168.1.0/24, dst_type: MULTICAST, state: NEW }
      - { protocol: tcp, ports: ["11111", "16851", "21064"], source: 192.168.1.0/24, state: NEW }
`,
  params: firewallParams,
  exclusive: 'iptables',
  probe: lookFirewall,
  plan: planFirewall,
  async apply(planned, host, { rollback_after }) {
    if (planned.aspect !== 'runtime') return performSteps(planned.steps, host);
    await guardedRules(
      host,
      rollback_after,
      planned.steps.flatMap((step) => ('run' in step ? [step.run] : [])),
    );
  },
  result(_, { runtime, boot, ssh }) {
    const saved = boot && parseSaved(boot.text ?? '');
    return { rules: runtime.rules.length, ssh: verdict(runtime, ssh), ...(saved && { boot_rules: saved.rules.length }) };
  },
});

async function lookFirewall(params: FirewallParams, host: Observer): Promise<FirewallSeen> {
  const { family } = await host.system();
  const path = params.path ?? (family === 'Debian' ? '/etc/iptables/rules.v4' : '/etc/sysconfig/iptables');
  const [listing, connection, text, folder] = await Promise.all([
    host.read(sh`iptables -S`, listingOf),
    host.read(sh`echo "\${SSH_CONNECTION:-}"`, ({ stdout }) => stdout.trim().split(' ')),
    params.persist ? host.readFile(path) : null,
    params.persist ? host.stat(path.replace(/\/[^/]*$/, '') || '/', { follow: true }) : null,
  ]);
  const [source, , , port] = connection;
  const ssh = { port: String(params.ssh_port ?? port ?? 22), ...(source !== undefined && source !== '' && { source }) };
  return {
    runtime: parseListing(listing),
    listing,
    ssh,
    ...(params.persist && { boot: { path, text: text === null ? null : text.toString(), folder: folder !== null } }),
  };
}

/** The text of `iptables -S`. @throws TaskFailure when it cannot be had */
export function listingOf({ code, stdout, stderr }: Output): string {
  if (code === 127) throw new TaskFailure('this host has no iptables');
  if (code !== 0)
    throw new TaskFailure(
      /root|Permission denied/.test(stderr)
        ? "iptables answers to root only: use 'become: true'"
        : `iptables -S failed: ${stderr.trim() || `exit code ${code}`}`,
      { rc: code, stderr },
    );
  return stdout;
}

/** Changes rules at run time under a guard that restores the old ones. Retries while another iptables holds its lock: 1.4.7 has no -w. */
export async function guardedRules(host: Actuator, seconds: number, commands: readonly Command[], tool: 'iptables' | 'ip6tables' = 'iptables'): Promise<void> {
  const before = await host.read(sh`${tool}-save`, listingOf);
  await host.guarded(sh`printf %s ${before} | ${tool}-restore`, seconds, async () => {
    for (const command of commands) {
      for (let tries = 1; ; tries++) {
        const { code, stderr, stdout } = await host.run(command, { ok: 'any' });
        if (code === 0) break;
        const busy = code === 4 || /temporarily unavailable|xtables lock/i.test(stderr);
        if (!busy || tries >= 10) throw new TaskFailure(`${command.shown}: ${stderr.trim() || `exit code ${code}`}`, { rc: code, stderr, stdout });
        await host.run(sh`sleep 1`);
      }
    }
  });
}

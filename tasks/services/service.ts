import { defineTask } from '../../runner/task/define.ts';
import type { Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import type { Actuator } from '../../runner/task/host.ts';
import type { UnitState } from '../parse/systemd-show.ts';
import { runScript } from './run-script.ts';
import { serviceParams, type ServiceParams } from './service-params.ts';
import { isRunning, lookSysv, planSysv, type SysvSeen } from './sysv-service.ts';
import { lookUnit, planUnit } from './systemd-unit.ts';

type Seen = SysvSeen | { readonly kind: 'systemd'; readonly unit: UnitState };

/** A service's state and its start at boot, under whatever init the host has. */
export default defineTask<ServiceParams, Seen>({
  name: 'service',
  summary: 'Whether a service runs now and starts at boot, under systemd, SysV or OpenRC.',
  description: `The kind of init is seen on the host. Under SysV the state comes from the script's status action by its LSB exit code, with the
known exceptions of old scripts; \`enabled\` goes through chkconfig. A script that fails is reported with its own last lines.`,
  examples: `- name: The time is right
  service: { name: ntpd, state: started, enabled: true }
- name: Nothing manages the interfaces behind the cluster's back
  service: { name: NetworkManager, state: stopped, enabled: false }
`,
  params: serviceParams,
  settleWithin: 5,
  async probe(params, host) {
    const { init } = await host.system();
    return init === 'systemd' ? { kind: 'systemd', unit: await lookUnit(params.name, 'system', host) } : lookSysv(params, host);
  },
  plan: (params, seen) => (seen.kind === 'systemd' ? planUnit(params, seen.unit) : planSysv(params, seen)),
  apply: (change, host, { name }) => applyService(change, host, name),
  result({ name, state, enabled }, seen) {
    const running = seen.kind === 'systemd' ? seen.unit.active === 'active' : seen.runtime && isRunning(name, seen.runtime);
    return { name, ...(state !== undefined && { state: running ? 'started' : 'stopped' }), ...(enabled !== undefined && { enabled }) };
  },
});

/** Runs the steps of a change of a service; a failed one is told with the script's lines and, under systemd, the unit's journal. */
export async function applyService(change: Change, host: Actuator, name: string): Promise<void> {
  for (const step of change.steps) {
    if (!('run' in step)) continue;
    const journal = step.run.script.startsWith('systemctl') ? sh`systemctl status --no-pager --lines=10 ${name}` : undefined;
    await runScript(host, step.run, `'${name}' (${change.aspect}) could not be changed`, journal);
  }
}

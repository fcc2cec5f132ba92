import { sh } from '../../runner/task/command.ts';
import type { Observer } from '../../runner/task/host.ts';
import { parseServiceStatus, type ServiceState } from '../parse/lsb-status.ts';

/**
 * Whether a start of cman was cut off: corosync answers, the node is not in the fence domain though it should join it, and no start is under
 * way, by hand or at boot. rgmanager waits for the domain without end, and from 6.1 on another start refuses beside a running corosync.
 */
const CMAN_CUT_OFF = sh`cman_tool status >/dev/null 2>&1 && ! fence_tool ls >/dev/null 2>&1 && ! grep -Eqs '^ *FENCE_JOIN=.?no' /etc/sysconfig/cluster /etc/sysconfig/cman && ! pgrep -f '(init[.]d/|/S[0-9]+)cman star[t]' >/dev/null`;

/** Asks an init script for the state of its service, and of cman what the script cannot tell: it counts processes. */
export async function lookScript(name: string, host: Observer): Promise<ServiceState> {
  const [state, cutOff] = await Promise.all([
    host.read(sh`service ${name} status`, parseServiceStatus),
    name === 'cman' ? host.read(CMAN_CUT_OFF, ({ code }) => code === 0) : false,
  ]);
  return cutOff ? { kind: 'partial', text: state.text } : state;
}

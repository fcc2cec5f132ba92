import { change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { parseChkconfig, type ChkconfigState } from '../parse/chkconfig.ts';
import { parseServiceStatus, type ServiceState } from '../parse/lsb-status.ts';
import { planBootLevels } from './boot-levels.ts';
import { lookScript } from './script-status.ts';
import type { ServiceParams } from './service-params.ts';

/** How a service stands on a host whose init runs scripts. */
export interface SysvSeen {
  readonly kind: 'sysv';
  /** Absent when the state does not matter. */
  readonly runtime?: ServiceState;
  /** Absent when it does not matter: by chkconfig, by rc links (Debian), or by rc-update (OpenRC). */
  readonly boot?: { readonly by: 'chkconfig'; readonly state: ChkconfigState } | { readonly by: 'update-rc.d' | 'rc-update'; readonly on: boolean };
}

/** Looks at a script's service: its state, and whether it starts at boot. */
export async function lookSysv({ name, state, enabled, runlevel, arguments: words }: ServiceParams, host: Observer): Promise<SysvSeen> {
  const { init, family } = await host.system();
  const openrc = init === 'openrc';
  // With words of its own a start may well be meant to end half way (`service cman start join`).
  const look = (): Promise<ServiceState> =>
    openrc || words.length > 0 ? host.read(openrc ? sh`rc-service ${name} status` : sh`service ${name} status`, parseServiceStatus) : lookScript(name, host);
  const [runtime, boot] = await Promise.all([
    state === undefined ? undefined : look(),
    enabled === undefined ? undefined : lookAtBoot(),
  ]);
  return { kind: 'sysv', ...(runtime && { runtime }), ...(boot && { boot }) };

  async function lookAtBoot(): Promise<NonNullable<SysvSeen['boot']>> {
    if (openrc) {
      const on = await host.read(sh`rc-update show ${runlevel}`, ({ stdout }) => stdout.split('\n').some((line) => line.split('|')[0]?.trim() === name));
      return { by: 'rc-update', on };
    }
    if (family === 'Debian')
      return {
        by: 'update-rc.d',
        on: await host.read(sh`ls /etc/rc2.d /etc/rc3.d`, ({ stdout }) => stdout.split('\n').some((link) => /^S\d\d/.test(link) && link.slice(3) === name)),
      };
    return { by: 'chkconfig', state: await host.read(sh`chkconfig --list ${name}`, (output) => parseChkconfig(name, output)) };
  }
}

/** What must be done to a script's service. */
export function planSysv(params: ServiceParams, seen: SysvSeen): readonly Change[] {
  return [...planAtBoot(params, seen), ...planRuntime(params, seen)];
}

function planAtBoot({ name, enabled, runlevel }: ServiceParams, { boot }: SysvSeen): readonly Change[] {
  if (enabled === undefined || boot === undefined) return [];
  if (boot.by === 'chkconfig')
    return planBootLevels({ name, enabled, levels: /^[0-6]+$/.test(runlevel) ? runlevel.split('').map(Number) : [2, 3, 4, 5] }, boot.state);
  if (boot.on === enabled) return [];
  if (boot.by === 'rc-update')
    return [change('boot', boot.on, enabled, [enabled ? sh`rc-update add ${name} ${runlevel}` : sh`rc-update del ${name} ${runlevel}`])];
  return [change('boot', boot.on, enabled, enabled ? [sh`update-rc.d ${name} defaults`, sh`update-rc.d ${name} enable`] : [sh`update-rc.d ${name} disable`])];
}

function planRuntime({ name, state, arguments: words, sleep }: ServiceParams, { runtime }: SysvSeen): readonly Change[] {
  if (state === undefined || runtime === undefined) return [];
  const running = isRunning(name, runtime);
  const act = (action: string) => sh`service ${[name, action, ...words]}`;
  const partial = runtime.kind === 'partial';
  const before = runtime.kind === 'dead' ? `dead (${runtime.text || 'files left behind'})` : runtime.kind;
  if (state === 'stopped') return running || partial ? [change('runtime', before, 'stopped', [act('stop')], { risk: 'restart' })] : [];
  if (!running && state !== 'restarted') return [change('runtime', before, 'running', partial ? [act('stop'), act('start')] : [act('start')])];
  if (state === 'started') return [];
  if (state === 'reloaded') return [change('runtime', 'running', 'reloaded', [act('reload')], { repeats: true })];
  const steps = sleep === undefined ? [act('restart')] : [act('stop'), sh`sleep ${sleep}`, act('start')];
  return running ? [change('runtime', 'running', 'restarted', steps, { repeats: true, risk: 'restart' })] : [change('runtime', before, 'running', steps)];
}

/** Whether a service counts as running. @throws TaskFailure when that cannot be told */
export function isRunning(name: string, { kind, text }: ServiceState): boolean {
  switch (kind) {
    case 'running':
      return true;
    case 'stopped':
    case 'dead':
    case 'partial':
      return false;
    case 'missing':
      throw new TaskFailure(`there is no service '${name}' on this host (is its package installed?)`, { stdout: text });
    case 'forbidden':
      throw new TaskFailure(`the state of '${name}' is told to root only: use 'become: true'`, { stdout: text });
    case 'unknown':
      throw new TaskFailure(`cannot tell whether '${name}' is running: its status action said ${text ? `'${text}'` : 'nothing'}`, { stdout: text });
  }
}

import { change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { parseUnit, UNIT_PROPERTIES, type UnitState } from '../parse/systemd-show.ts';

/** What is wanted of a unit; what is left out does not matter. */
export interface UnitWish {
  readonly name: string;
  readonly state?: 'started' | 'stopped' | 'restarted' | 'reloaded' | undefined;
  readonly enabled?: boolean | undefined;
  readonly masked?: boolean | undefined;
  /** Read the unit files again when they have changed. */
  readonly daemonReload?: boolean;
  readonly scope?: 'system' | 'user' | 'global';
  readonly noBlock?: boolean;
}

/** The `systemctl` of a scope. */
export function systemctl(scope: UnitWish['scope'] = 'system'): Command {
  return scope === 'system' ? sh`systemctl` : sh`systemctl ${`--${scope}`}`;
}

/** Looks at a unit, in one round trip. */
export async function lookUnit(name: string, scope: UnitWish['scope'], host: Observer): Promise<UnitState> {
  const properties = UNIT_PROPERTIES.flatMap((property) => ['-p', property]);
  const [show, isEnabled] = await Promise.all([
    host.read(sh`${systemctl(scope)} show ${properties} ${name}`, (output) => output),
    host.read(sh`${systemctl(scope)} is-enabled ${name}`, (output) => output),
  ]);
  if (show.code === 127) throw new TaskFailure('this host has no systemctl: it is not run by systemd');
  if (!/^LoadState=/m.test(show.stdout))
    throw new TaskFailure(`systemd does not answer: ${(show.stderr || show.stdout).trim() || `exit code ${show.code}`}`, { rc: show.code });
  return parseUnit(show, isEnabled);
}

/** What must be done to a unit, in the order systemd needs: files read, unmasked, enabled, then the state. */
export function planUnit(wish: UnitWish, seen: UnitState): readonly Change[] {
  const { name, enabled, masked } = wish;
  const ctl = systemctl(wish.scope);
  const isMasked = seen.load === 'masked' || seen.enablement.startsWith('masked');
  const reload = wish.daemonReload === true && (seen.stale || seen.load === 'not-found');
  if (!reload && seen.load === 'not-found' && seen.enablement === '') throw new TaskFailure(`systemd knows no unit '${name}' (is its package installed?)`);
  const starts = wish.state === 'started' || wish.state === 'restarted' || wish.state === 'reloaded';
  if (isMasked && masked !== false && (starts || enabled === true))
    throw new TaskFailure(`'${name}' is masked: it cannot be started or enabled; give 'masked: false'`);

  const changes: Change[] = [];
  if (reload) changes.push(change('unit file', 'changed since it was read', 'read', [sh`${ctl} daemon-reload`]));
  if (masked === false && isMasked) changes.push(change('masked', true, false, [sh`${ctl} unmask ${name}`], { undo: [{ run: sh`${ctl} mask ${name}` }] }));
  if (enabled !== undefined && enabled !== seen.enabled && !(isMasked && !enabled)) {
    const [verb, inverse] = enabled ? ['enable', 'disable'] : ['disable', 'enable'];
    if (!enabled && (seen.enablement === 'static' || seen.enablement === 'generated'))
      throw new TaskFailure(`'${name}' cannot be disabled: it is ${seen.enablement}, other units pull it in; mask it instead`);
    changes.push(change('boot', seen.enabled, enabled, [sh`${ctl} ${verb} ${name}`], { undo: [{ run: sh`${ctl} ${inverse} ${name}` }] }));
  }
  changes.push(...planState(wish, seen, ctl));
  if (masked === true && !isMasked) changes.push(change('masked', false, true, [sh`${ctl} mask ${name}`], { undo: [{ run: sh`${ctl} unmask ${name}` }] }));
  return changes;
}

function planState({ name, state, noBlock }: UnitWish, seen: UnitState, ctl: Command): readonly Change[] {
  if (state === undefined) return [];
  const active = ['active', 'activating', 'reloading'].includes(seen.active);
  const act = (verb: string): Command => sh`${ctl} ${[verb, ...(noBlock === true ? ['--no-block'] : []), name]}`;
  if (state === 'stopped')
    return active || seen.active === 'deactivating' ? [change('runtime', seen.active, 'inactive', [act('stop')], { risk: 'restart' })] : [];
  // A oneshot unit is inactive again when its work is done: started means run, each time.
  if (!active && seen.runsOnce) return [change('runtime', seen.active, 'run', [act('start')], { repeats: true })];
  if (!active) return [change('runtime', seen.active, 'active', [act(state === 'restarted' ? 'restart' : 'start')])];
  if (state === 'started') return [];
  const verb = state === 'restarted' ? 'restart' : 'reload';
  return [change('runtime', seen.active, state, [act(verb)], { repeats: true, ...(state === 'restarted' && { risk: 'restart' as const }) })];
}

import type { Output } from '../../runner/task/host.ts';

/** What systemd knows of one unit. */
export interface UnitState {
  /** `loaded`, `not-found`, `masked`, `error` … */
  readonly load: string;
  /** `active`, `inactive`, `failed`, `activating` … */
  readonly active: string;
  readonly sub: string;
  /** A oneshot unit that is inactive again as soon as it has run. */
  readonly runsOnce: boolean;
  /** Its files have changed since systemd read them. */
  readonly stale: boolean;
  /** The word of `is-enabled`: `enabled`, `disabled`, `static`, `masked`, `indirect` …; empty when it said nothing. */
  readonly enablement: string;
  readonly enabled: boolean;
}

/** `Key=value` lines of `systemctl show`. */
function parseProperties(text: string): Readonly<Record<string, string>> {
  const entries = text
    .split('\n')
    .map((line) => /^([A-Za-z0-9]+)=(.*)$/.exec(line))
    .filter((match) => match !== null);
  return Object.fromEntries(entries.map(([, key = '', value = '']) => [key, value]));
}

/** The properties that `parseUnit` needs. */
export const UNIT_PROPERTIES = ['LoadState', 'ActiveState', 'SubState', 'Type', 'RemainAfterExit', 'NeedDaemonReload'] as const;

/** Joins the answers of `systemctl show` and `systemctl is-enabled`. */
export function parseUnit(show: Output, isEnabled: Output): UnitState {
  const properties = parseProperties(show.stdout);
  const enablement = isEnabled.stdout.trim().split('\n').at(-1) ?? '';
  return {
    load: properties['LoadState'] ?? 'unknown',
    active: properties['ActiveState'] ?? 'unknown',
    sub: properties['SubState'] ?? 'unknown',
    runsOnce: properties['Type'] === 'oneshot' && properties['RemainAfterExit'] !== 'yes',
    stale: properties['NeedDaemonReload'] === 'yes',
    enablement,
    // `indirect` and `alias` exit 0, but nothing pulls the unit in by its own name.
    enabled: isEnabled.code === 0 && enablement !== 'indirect' && enablement !== 'alias',
  };
}

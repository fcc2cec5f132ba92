import { change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import type { Observer } from '../../runner/task/host.ts';
import { parseAptSimulation } from '../parse/dpkg.ts';
import type { AptParams } from './apt-params.ts';

/** What apt-get would do for the whole host, by its own simulation. */
export interface DebUpkeep {
  /** Packages with a newer version. */
  readonly upgrades: readonly string[];
  /** Packages that nothing needs any more. */
  readonly unneeded: readonly string[];
}

/** Whether all that is installed is to be upgraded, and how; `name: '*'` with `latest` says so, too. */
function upgradeOf({ upgrade, name, state, autoremove }: AptParams): readonly string[] | undefined {
  const extra = autoremove ? ['--auto-remove'] : [];
  if (upgrade === 'full' || upgrade === 'dist') return ['dist-upgrade', ...extra];
  return upgrade !== 'no' || (state === 'latest' && name.includes('*')) ? ['upgrade', '--with-new-pkgs', ...extra] : undefined;
}

/** Without names or files, `autoremove` is the task itself. */
function removesOnly(params: AptParams): boolean {
  return params.autoremove && params.name.length === 0 && params.deb.length === 0 && upgradeOf(params) === undefined;
}

/** Asks apt-get what an upgrade and the removal of what nothing needs would do. */
export async function lookUpkeep(params: AptParams, host: Observer): Promise<DebUpkeep> {
  const words = upgradeOf(params);
  const [upgrade, remove] = await Promise.all([
    words && host.read(sh`apt-get -s -q ${words}`, parseAptSimulation),
    removesOnly(params) ? host.read(sh`apt-get -s -q autoremove`, parseAptSimulation) : undefined,
  ]);
  return { upgrades: [...(upgrade?.installs.keys() ?? [])], unneeded: [...(remove?.removes ?? [])] };
}

/** Upgrades and removals; `aptGet` makes the command of apt-get's own words. With old lists nobody knows yet what is newer. */
export function planUpkeep(params: AptParams, seen: DebUpkeep, stale: boolean, aptGet: (words: readonly string[]) => Command): readonly Change[] {
  const words = upgradeOf(params);
  const removal = aptGet([...(params.purge ? ['--purge'] : []), 'autoremove']);
  const changes: Change[] = [];
  if (words && seen.upgrades.length > 0) changes.push(change('upgrade', 'older', [...seen.upgrades], [aptGet(words)]));
  else if (words && stale) changes.push(change('upgrade', 'to be seen once the lists are fetched', 'newest', [aptGet(words)], { repeats: true }));
  if (seen.unneeded.length > 0) changes.push(change('unneeded', [...seen.unneeded], [], [removal], { risk: 'destroy' }));
  return changes;
}

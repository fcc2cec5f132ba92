import { change, ABSENT, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Actuator, Observer } from '../../runner/task/host.ts';
import { lastLines } from '../parse/console-text.ts';
import { DPKG_FORMAT, parseAptSimulation, parseDpkg, type AptSimulation } from '../parse/dpkg.ts';
import { globRegex } from '../parse/shell-glob.ts';
import type { AptParams } from './apt-params.ts';
import { lookDebFiles, planDebFiles, type DebFile } from './deb-file.ts';
import { lookUpkeep, planUpkeep, type DebUpkeep } from './deb-upkeep.ts';

/** What a look at packages gave. */
export interface DebSeen extends DebUpkeep {
  /** Names as asked, with patterns replaced by what they match. */
  readonly names: readonly string[];
  readonly files: readonly DebFile[];
  /** Names as asked that are installed, in the version asked for if one was. */
  readonly installed: ReadonlySet<string>;
  /** Names as asked of which only configuration files are left. */
  readonly residual: ReadonlySet<string>;
  /** What apt-get says it would do; only when something is missing or the newest is wanted. */
  readonly simulation?: AptSimulation;
  /** Seconds since the lists were fetched; Infinity when they never were. */
  readonly cacheAge: number;
}

const removing = (state: AptParams['state']): boolean => state === 'absent' || state === 'removed';
/** Prints the seconds since the lists were fetched. */
const CACHE_AGE = sh`now=$(date +%s); cd /var/lib/apt && at=$(stat -c %Y periodic/update-success-stamp 2>/dev/null || stat -c %Y lists 2>/dev/null) && echo $((now - at))`;
/** apt's own words for waiting, for its locks and for not asking. */
const quiet = sh`DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none`;

/** Looks at packages, at the age of the lists, and asks apt-get what it would do. */
export async function lookDeb(params: AptParams, host: Observer): Promise<DebSeen> {
  const { state } = params;
  const names = await expanded(params, host);
  const plain = names.map((name) => name.split('=')[0] ?? name);
  const [known, files, upkeep, cacheAge] = await Promise.all([
    names.length === 0 ? parseDpkg('') : host.read(sh`dpkg-query -W -f ${DPKG_FORMAT}`, ({ stdout }) => parseDpkg(stdout)),
    lookDebFiles(params.deb, host),
    lookUpkeep(params, host),
    !needsCache(params) ? 0 : host.read(CACHE_AGE, ({ code, stdout }) => (code === 0 ? Number(stdout) : Infinity)),
  ]);
  const has = (name: string, index: number): boolean => {
    const found = known.packages.get(plain[index] ?? '');
    const version = name.split('=')[1];
    if (found && !found.residual)
      return version === undefined || found.version === version || (version.endsWith('*') && found.version.startsWith(version.slice(0, -1)));
    return version === undefined && !removing(state) && known.provided.has(name);
  };
  if (state === 'build-dep') {
    const simulation = names.length === 0 ? undefined : await host.read(sh`apt-get -s -q build-dep ${names}`, parseAptSimulation);
    return { names, files, ...upkeep, installed: new Set(simulation?.installs.size === 0 ? names : []), residual: new Set(), cacheAge, ...(simulation && { simulation }) };
  }
  const installed = new Set(names.filter(has));
  const residual = new Set(names.filter((_, index) => known.packages.get(plain[index] ?? '')?.residual));
  const ask = !removing(state) && (state === 'latest' ? names.length > 0 : installed.size < names.length);
  const simulation = ask ? await host.read(sh`${installCommand(params, ['-s', '-q'], names)}`, parseAptSimulation) : undefined;
  return { names, files, ...upkeep, installed, residual, cacheAge, ...(simulation && { simulation }) };
}

/** The names with patterns replaced by the packages they match, of all that apt knows; `*` with `latest` is no pattern. */
async function expanded({ name: names, state }: AptParams, host: Observer): Promise<readonly string[]> {
  const isPattern = (name: string): boolean => /^[^=]*[*?[]/.test(name);
  const wanted = names.filter((name) => !(name === '*' && state === 'latest'));
  if (!wanted.some(isPattern)) return wanted;
  const all = await host.read(sh`apt-cache pkgnames; dpkg-query -W -f ${'${Package}\\n'}`, ({ stdout }) => [...new Set(stdout.split('\n').filter(Boolean))].sort());
  return wanted.flatMap((name) => {
    if (!isPattern(name)) return [name];
    const pattern = globRegex(name);
    const found = all.filter((each) => pattern.test(each));
    if (found.length === 0 && !removing(state)) throw new TaskFailure(`No package(s) matching '${name}' available`);
    return found;
  });
}

function needsCache({ update_cache, cache_valid_time }: AptParams): boolean {
  return update_cache || cache_valid_time > 0;
}

function installCommand(params: AptParams, flags: readonly string[], names: readonly string[]): Command {
  const words = [
    ...(params.install_recommends === undefined ? [] : ['-o', `APT::Install-Recommends=${params.install_recommends ? 'yes' : 'no'}`]),
    ...(params.default_release === undefined ? [] : ['-t', params.default_release]),
    ...(params.allow_unauthenticated ? ['--allow-unauthenticated'] : []),
    ...(params.autoremove ? ['--auto-remove'] : []),
    ...(params.allow_downgrade || params.force ? ['--allow-downgrades'] : []),
    ...(params.allow_change_held_packages || params.force ? ['--allow-change-held-packages'] : []),
    ...(params.force ? ['--allow-unauthenticated', '--allow-remove-essential'] : []),
    ...(params.only_upgrade ? ['--only-upgrade'] : []),
    ...(params.fail_on_autoremove ? ['--no-remove'] : []),
    ...(params.state === 'fixed' ? ['--fix-broken'] : []),
  ];
  return sh`apt-get ${[...flags, ...words, params.state === 'build-dep' ? 'build-dep' : 'install', ...names]}`;
}

/** What must be installed, upgraded or removed. */
export function planDeb(params: AptParams, seen: DebSeen): readonly Change[] {
  const { state, purge, timeout, lock_timeout } = params;
  const { names } = seen;
  const asked = params.name.length + params.deb.length > 0;
  const lock = ['-o', `DPkg::Lock::Timeout=${lock_timeout}`];
  const dpkg = params.dpkg_options.flatMap((option) => ['-o', `Dpkg::Options::=--${option}`]);
  const update = sh`${quiet} apt-get -q ${lock} update`.with({ timeout: 600 });
  const stale = needsCache(params) && seen.cacheAge >= params.cache_valid_time;
  const changes: Change[] = [];
  const aptGet = (words: readonly string[]): Command => sh`${quiet} apt-get ${['-y', '-q', ...lock, ...words]}`.with({ timeout });
  const upkeep = planUpkeep(params, seen, stale, (words) => aptGet([...dpkg, ...words]));
  if (removing(state)) {
    const gone = names.filter((name) => seen.installed.has(name) || (purge && seen.residual.has(name)));
    const remove = aptGet([...(purge ? ['--purge'] : []), ...(params.autoremove ? ['--auto-remove'] : []), 'remove', ...gone]);
    return [...(gone.length === 0 ? [] : [change('installed', gone, ABSENT, [remove], { risk: 'destroy' })]), ...upkeep];
  }
  const unknown = seen.simulation?.unknown ?? [];
  if (unknown.length > 0 && !stale)
    throw new TaskFailure(`no repository has ${unknown.join(', ')}${needsCache(params) ? '' : ' (are the lists fresh? see update_cache)'}`, {
      unknown: [...unknown],
    });
  // With only_upgrade a package that is not there stays away.
  const missing = params.only_upgrade ? names.filter((name) => !seen.installed.has(name) && seen.simulation?.installs.has(name.split('=')[0] ?? name)) : names.filter((name) => !seen.installed.has(name));
  const newer = state === 'latest' ? names.filter((name) => seen.installed.has(name) && seen.simulation?.installs.has(name.split('=')[0] ?? name)) : [];
  const targets = state === 'latest' && stale ? names : [...missing, ...newer];
  const install = withPolicy(params.policy_rc_d, sh`${quiet} ${installCommand(params, ['-y', '-q', ...lock, ...dpkg], targets)}`).with({ timeout });
  const acting = missing.length + newer.length > 0;
  // Fetching lists alone is an action, not a state: with cache_valid_time 0 it is wanted again each time.
  if (stale && (acting || !asked || state === 'latest' || seen.files.some(({ version, installed }) => version !== installed))) changes.push(change('lists', 'old', 'fetched', [update], { repeats: true }));
  if (missing.length > 0) changes.push(change('installed', ABSENT, missing, [install]));
  if (newer.length > 0) changes.push(change('version', 'older', newer, missing.length > 0 ? [] : [install]));
  else if (state === 'latest' && stale && missing.length === 0 && names.length > 0)
    changes.push(change('version', 'to be seen once the lists are fetched', 'newest', [install], { repeats: true }));
  const files = planDebFiles(seen.files, (paths) => withPolicy(params.policy_rc_d, sh`${quiet} ${installCommand({ ...params, state: 'present' }, ['-y', '-q', ...lock, ...dpkg], paths)}`).with({ timeout }));
  changes.push(...files, ...upkeep);
  for (const verb of ['clean', 'autoclean'] as const) if (params[verb]) changes.push(change('cache', 'as it is', verb, [sh`apt-get -q ${verb}`], { repeats: true }));
  return changes;
}

/** The command with a policy that says what may be done to services meanwhile; one that is there already stays and counts. */
function withPolicy(code: number | undefined, command: Command): Command {
  if (code === undefined) return command;
  const file = '/usr/sbin/policy-rc.d';
  return sh`if [ -e ${file} ]; then ${command}; else printf '#!/bin/sh\\nexit %s\\n' ${code} >${file} && chmod 0755 ${file} && { ${command}; rc=$?; rm -f ${file}; exit $rc; }; fi`;
}

/** Runs the steps of a package change; a lock that is not given up is told with its holder. */
export async function applyDeb(planned: Change, lockTimeout: number, host: Actuator): Promise<void> {
  for (const step of planned.steps) {
    if (!('run' in step)) continue;
    const output = await host.run(step.run, { ok: 'any', stream: true });
    if (output.code === 0) continue;
    const lock = /Could not get lock (\S+?)\.? It is held by process (\d+) \(([^)]*)\)/.exec(output.stderr);
    if (lock)
      throw new TaskFailure(`${lock[1]} is held by process ${lock[2]} (${lock[3]}); waited ${lockTimeout} s (lock_timeout)`, {
        rc: output.code,
        holder: Number(lock[2]),
      });
    throw new TaskFailure(`${step.run.shown} exited with ${output.code}:\n${lastLines(output)}`, {
      rc: output.code,
      stdout: output.stdout,
      stderr: output.stderr,
    });
  }
}

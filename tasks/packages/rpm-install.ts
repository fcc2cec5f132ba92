import { change, ABSENT, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Actuator, Observer } from '../../runner/task/host.ts';
import { lastLines } from '../parse/console-text.ts';
import { parseInstalled, parseUpdates } from '../parse/rpm-query.ts';
import { lookGroups, missingMembers, type GroupSeen } from './rpm-groups.ts';
import { assertFree, whenFree } from './rpm-lock.ts';
import { repoWords, type RpmParams } from './rpm-params.ts';

/** The tool that installs. */
export type RpmTool = 'yum' | 'dnf';

/** What a look at packages gave. */
export interface RpmSeen {
  readonly installed: ReadonlySet<string>;
  /** Names with a newer version in a repository; only asked for with `latest`. */
  readonly updates: ReadonlySet<string>;
  readonly groups: readonly GroupSeen[];
}

const isGroup = (name: string): boolean => name.startsWith('@');
const plainNames = ({ name }: RpmParams): readonly string[] => name.filter((each) => !isGroup(each) && each !== '*');

/** Looks at all packages of a task with one question to rpm. */
export async function lookRpm(params: RpmParams, tool: RpmTool, host: Observer): Promise<RpmSeen> {
  const names = plainNames(params);
  const words = repoWords(params);
  const [installed, updates, groups] = await Promise.all([
    lookInstalled(names, host),
    lookUpdates(),
    lookGroups(groupNames(params), { tool, words, lockTimeout: params.lock_timeout }, host),
  ]);
  return { installed, updates, groups };

  async function lookUpdates(): Promise<ReadonlySet<string>> {
    if (params.state !== 'latest') return new Set();
    const wanted = params.name.includes('*') ? [] : names;
    if (wanted.length === 0 && !params.name.includes('*')) return new Set();
    const command = whenFree(tool, params.lock_timeout, sh`${tool} ${['-q', ...words, 'check-update', ...wanted]}`.with({ timeout: 180 }));
    return host.read(command, (output) => {
      assertFree(output, params.lock_timeout);
      if (output.code !== 0 && output.code !== 100)
        throw new TaskFailure(`${tool} cannot say which updates there are: ${lastLines(output, 4)}`, { rc: output.code });
      return parseUpdates(output.stdout);
    });
  }
}

/** The names of groups among the names, without `@`. */
function groupNames({ name }: RpmParams): readonly string[] {
  return name.filter(isGroup).map((each) => each.replace(/^@\^?/, ''));
}

/** A file that is to be installed is known to rpm by the name inside it. */
async function lookInstalled(names: readonly string[], host: Observer): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const files = names.filter((name) => name.endsWith('.rpm'));
  const inner = await Promise.all(
    files.map((file) =>
      host.read(sh`rpm -qp --nosignature --qf ${'%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}'} ${file}`, (output) => {
        if (output.code !== 0) throw new TaskFailure(`cannot read the package file ${file}: ${lastLines(output, 2)}`, { rc: output.code });
        return output.stdout.trim();
      }),
    ),
  );
  const asked = names.map((name) => inner[files.indexOf(name)] ?? name);
  const [byName, byProvides] = await Promise.all([
    host.read(sh`rpm -q ${asked}`, ({ stdout }) => stdout),
    host.read(sh`rpm -q --whatprovides ${asked} 2>&1`, ({ stdout }) => stdout),
  ]);
  const installed = parseInstalled(asked, byName, byProvides);
  return new Set(names.filter((_, index) => installed.has(asked[index] ?? '')));
}

/** What must be installed, updated or removed. */
export function planRpm(params: RpmParams, tool: RpmTool, seen: RpmSeen): readonly Change[] {
  const { state, exclude, autoremove } = params;
  const words = repoWords(params);
  const names = plainNames(params);
  const act = (verb: string, targets: readonly string[]): Command => sh`${tool} ${['-y', ...words, verb, ...targets]}`.with({ timeout: params.timeout });
  if (state === 'absent' || state === 'removed') {
    const gone = [...names.filter((name) => seen.installed.has(name)), ...seen.groups.flatMap(({ installed }) => installed)];
    if (gone.length === 0) return [];
    return [change('installed', gone, ABSENT, [act(autoremove && tool === 'dnf' ? 'autoremove' : 'remove', [...new Set(gone)])], { risk: 'destroy' })];
  }
  const wanted = params.update_only ? [] : names.filter((name) => !seen.installed.has(name));
  const groupMembers = seen.groups.flatMap((group) => missingMembers(group, exclude));
  const missing = [...wanted, ...groupMembers];
  const refresh = params.update_cache ? [sh`${tool} ${['-q', ...words, 'clean', 'expire-cache']}`] : [];
  const changes: Change[] = [];
  if (missing.length > 0) {
    const incomplete = seen.groups.filter((group) => missingMembers(group, exclude).length > 0).map(({ asked }) => `@${asked}`);
    changes.push(
      change('installed', ABSENT, missing, [...refresh, act('install', [...wanted, ...new Set(incomplete)])], {
        undo: [{ run: sh`${tool} -y remove ${missing}` }],
      }),
    );
  }
  const members = params.name.includes('*') ? [...seen.updates] : [...seen.updates].filter((name) => !missing.includes(name));
  if (members.length > 0)
    changes.push(change('version', 'older', members, [...(missing.length > 0 ? [] : refresh), act('update', params.name.includes('*') ? [] : members)]));
  return changes;
}

/** Runs the steps of a package change once no other yum runs, and does not believe an exit code of 0. */
export async function applyRpm(change: Change, tool: RpmTool, lockTimeout: number, host: Actuator): Promise<void> {
  for (const step of change.steps) {
    if (!('run' in step)) continue;
    const output = await host.run(whenFree(tool, lockTimeout, step.run), { ok: 'any', stream: true });
    assertFree(output, lockTimeout);
    const said = `${output.stdout}\n${output.stderr}`;
    const unknown = [
      ...said.matchAll(
        /^(?:No package (\S+) available\.?|(?:Error: )?Unable to find a match: (.+)|Warning: Group (.+) does not exist\.|Module or Group '(.+)' is not available\.)$/gm,
      ),
    ].map((match) => match.slice(1).find(Boolean));
    if (unknown.length > 0 && !step.run.script.includes(' remove '))
      throw new TaskFailure(`no enabled repository has ${unknown.join(', ')}`, { rc: output.code, stdout: output.stdout, stderr: output.stderr });
    if (output.code !== 0)
      throw new TaskFailure(`${step.run.shown} exited with ${output.code}:\n${lastLines(output)}`, {
        rc: output.code,
        stdout: output.stdout,
        stderr: output.stderr,
      });
  }
}

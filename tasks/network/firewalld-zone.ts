import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer, Output } from '../../runner/task/host.ts';
import { settings, type FirewalldParams } from './firewalld-params.ts';

/** What is stored of a zone itself. */
export interface ZoneSeen {
  readonly exists: boolean;
  /** What happens to packets that nothing decides; undefined unless asked for. */
  readonly target?: string;
}

/** Whether a task is about a zone itself: its target, or whether there is such a zone. */
export function aboutZone(params: FirewalldParams): boolean {
  return params.target !== undefined || (params.zone !== undefined && settings(params).length === 0);
}

/** Looks at the stored zone. */
export async function lookZone(params: FirewalldParams, running: boolean, host: Observer): Promise<ZoneSeen> {
  const { zone, target } = params;
  const exists = zone === undefined || (await host.read(call(running, ['--get-zones']), listed)).includes(zone);
  if (target === undefined || !exists) return { exists };
  return { exists, target: await host.read(call(running, [...inZone(zone), '--get-target']), ({ stdout }) => stdout.trim()) };
}

/** What must change of a zone itself. */
export function planZone(params: FirewalldParams, running: boolean, seen: ZoneSeen): readonly Change[] {
  const { zone, target, state, permanent } = params;
  const there = state === 'present' || state === 'enabled';
  if (!permanent) throw new TaskFailure('a zone and its target can only be changed in the stored configuration: set permanent: true');
  if (target !== undefined) {
    if (!seen.exists) throw new TaskFailure(`there is no zone '${zone ?? ''}'`);
    const want = there ? target : 'default';
    return seen.target === want ? [] : [change('target', seen.target ?? ABSENT, want, [call(running, [...inZone(zone), `--set-target=${want}`])])];
  }
  if (zone === undefined || seen.exists === there) return [];
  return [change('zone', there ? ABSENT : zone, there ? zone : ABSENT, [call(running, [there ? `--new-zone=${zone}` : `--delete-zone=${zone}`])])];
}

function inZone(zone: string | undefined): readonly string[] {
  return zone === undefined ? [] : [`--zone=${zone}`];
}

function call(running: boolean, words: readonly string[]): Command {
  return running ? sh`firewall-cmd --permanent ${words}` : sh`firewall-offline-cmd ${words}`;
}

function listed({ stdout }: Output): readonly string[] {
  return stdout.split(/\s+/);
}

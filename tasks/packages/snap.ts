import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Texts, params } from '../../runner/task/params.ts';
import type { Json, JsonObject } from '../../runner/util/json.ts';

const schema = params({
  name: Texts.describe('Snaps.'),
  state: z.enum(['absent', 'present', 'enabled', 'disabled']).default('present').describe('Whether they are there, and whether they can be used.'),
  classic: Flag.default(false).describe('Install without confinement.'),
  channel: Text.default('stable').describe('Channel to install from.'),
  options: Texts.default([]).describe('Settings: `KEY=VALUE`, or `SNAP:KEY=VALUE` where there are several snaps.'),
});
type Params = z.output<typeof schema>;

interface Seen {
  /** Name → notes of `snap list`. */
  readonly installed: ReadonlyMap<string, string>;
  /** Name → settings. */
  readonly settings: ReadonlyMap<string, JsonObject>;
}

interface Option {
  readonly snap: string | undefined;
  readonly key: string;
  readonly value: string;
}

function optionOf(text: string): Option {
  const [, snap, key, value] = /^(?:([\w-]+):)?([\w.-]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new TaskFailure(`Cannot parse the option '${text}': it must be KEY=VALUE or SNAP:KEY=VALUE`);
  return { snap, key, value };
}

/** The value of a setting such as `a.b.c`, as `snap set` takes it. */
function settingAt(settings: JsonObject, key: string): string | undefined {
  const found = key.split('.').reduce<Json | undefined>((at, part) => (typeof at === 'object' && at !== null && !Array.isArray(at) ? (at as JsonObject)[part] : undefined), settings);
  return found === undefined ? undefined : typeof found === 'string' ? found : JSON.stringify(found);
}

/** Snaps. */
export default defineTask<Params, Seen>({
  name: 'snap',
  summary: 'Snaps: installed, removed, switched on or off, and their settings.',
  examples: `
- snap: { name: certbot, classic: true }
`,
  params: schema,
  exclusive: 'snap',
  async probe({ options }, host) {
    const installed = await host.read(sh`snap list`, ({ code, stdout, stderr }) => {
      if (code === 127) throw new TaskFailure('Failed to find required executable "snap": install snapd first');
      if (code !== 0 && !/No snaps are installed/.test(stderr)) throw new TaskFailure(stderr.trim(), { rc: code });
      return new Map(stdout.split('\n').slice(1).map((line) => line.trim().split(/\s+/)).filter((words) => words.length > 2).map((words) => [words[0] ?? '', words.at(-1) ?? ''] as const));
    });
    const names = options.length === 0 ? [] : [...installed.keys()];
    const settings = await Promise.all(names.map((name) => host.read(sh`snap get -d ${name}`, ({ code, stdout }) => [name, code === 0 ? (JSON.parse(stdout) as JsonObject) : {}] as const)));
    return { installed, settings: new Map(settings) };
  },
  plan({ name: names, state, classic, channel, options }, { installed, settings }): readonly Change[] {
    const flags = [...(classic ? ['--classic'] : []), ...(channel === 'stable' ? [] : ['--channel', channel])];
    const changes = names.flatMap((name): readonly Change[] => {
      const notes = installed.get(name);
      const off = notes?.includes('disabled') === true;
      if (state === 'absent') return notes === undefined ? [] : [change(name, 'installed', ABSENT, [sh`snap remove ${name}`.with({ timeout: 600 })])];
      if (state === 'present') return notes === undefined ? [change(name, ABSENT, 'installed', [sh`snap install ${[...flags, name]}`.with({ timeout: 1800 })])] : [];
      if (notes === undefined) throw new TaskFailure(`the snap '${name}' is not installed`);
      if (off === (state === 'disabled')) return [];
      return [change(name, off ? 'disabled' : 'enabled', state, [state === 'enabled' ? sh`snap enable ${name}` : sh`snap disable ${name}`])];
    });
    if (state === 'absent') return changes;
    const wanted = options.map(optionOf).flatMap((option) => names.filter((name) => option.snap === undefined || option.snap === name).map((name) => ({ ...option, name })));
    return [...changes, ...wanted.flatMap(({ name, key, value }) => {
      const before = settingAt(settings.get(name) ?? {}, key);
      return before === value ? [] : [change(`${name}: ${key}`, before ?? ABSENT, value, [sh`snap set ${name} ${`${key}=${value}`}`])];
    })];
  },
  result: ({ classic, channel }) => ({ classic, channel }),
});

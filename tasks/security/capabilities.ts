import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Text, params } from '../../runner/task/params.ts';

const schema = params({
  path: Text.meta({ aliases: ['key'] }).describe('The program.'),
  capability: Text.meta({ aliases: ['cap'] }).describe('Capability with its flags, e.g. `cap_net_bind_service=+ep`; without them to take it away.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the program has it.'),
}).refine(({ state, capability }) => state === 'absent' || /[=+-]/.test(capability), "Couldn't find operator (one of: ('=', '-', '+'))");

/** Capability → operator and flags. */
type Seen = ReadonlyMap<string, string>;

/** Capability, and its operator with the flags. */
function parted(text: string): readonly [string, string] {
  const [, name = '', flags = ''] = /^([^=+-]*)([=+-].*)?$/.exec(text.trim().toLowerCase()) ?? [];
  return [name, flags.replace(/^=\+?|^\+/, '=')];
}

/** Reads what getcap says of one file: `/bin/x = cap_a,cap_b+ep` or `/bin/x cap_a,cap_b=ep`. */
function parseGetcap(text: string, path: string): Seen {
  const words = text.trim().slice(path.length).replace(/^\s*=(?=\s|$)/, '').trim().split(/\s+/).filter(Boolean);
  return new Map(words.flatMap((word) => {
    const [names, flags] = parted(word);
    return names.split(',').map((name) => [name, flags] as const);
  }));
}

/** Capabilities of a program. */
export default defineTask<z.output<typeof schema>, Seen>({
  name: 'capabilities',
  summary: 'A capability of a program, by setcap: what it may do without being root.',
  examples: `
- capabilities: { path: /usr/local/bin/proxy, capability: cap_net_bind_service=+ep }
`,
  params: schema,
  probe: ({ path: given }, host) => {
    const path = given.trim();
    return host.read(sh`getcap ${path}`, ({ code, stdout, stderr }) => {
      if (code === 127) throw new TaskFailure('Failed to find required executable "getcap": install libcap2-bin or libcap first');
      if (code !== 0 || stderr !== '') throw new TaskFailure(`Unable to get capabilities of ${path}`, { stdout: stdout.trim(), stderr });
      return parseGetcap(stdout, path);
    });
  },
  plan({ path: given, capability, state }, seen): readonly Change[] {
    const [path, [name, flags]] = [given.trim(), parted(capability)];
    if (state === 'present' ? seen.get(name) === flags : !seen.has(name)) return [];
    const rest = [...seen].filter(([each]) => each !== name);
    const next = state === 'present' ? [...rest, [name, flags]] : rest;
    const words = next.map((each) => each.join('')).join(' ');
    return [change(name, seen.get(name) ?? ABSENT, state === 'present' ? flags : ABSENT, [words === '' ? sh`setcap -r ${path}` : sh`setcap ${words} ${path}`])];
  },
  apply: async ({ steps }, host) => {
    for (const step of steps) if ('run' in step) await host.run(step.run);
    return { msg: 'capabilities changed' };
  },
  result: ({ state }) => ({ state }),
});

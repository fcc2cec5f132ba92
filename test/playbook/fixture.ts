import { z } from 'zod';
import type { Environment } from '../../runner/expr/scope.ts';
import type { LoadContext } from '../../runner/playbook/load-context.ts';
import type { FileReader } from '../../runner/source/reader.ts';
import { defineControl, type AnyControl } from '../../runner/task/control.ts';
import { defineTask, type AnyTask } from '../../runner/task/define.ts';
import { Flag, params, Text, Texts, Whole } from '../../runner/task/params.ts';
import { createRegistry } from '../../runner/task/registry.ts';

/** Files in memory; folders are what the paths imply. */
export function memoryFiles(files: Readonly<Record<string, string>>): FileReader {
  const below = (path: string): string[] => Object.keys(files).filter((each) => each.startsWith(`${path.replace(/\/$/, '')}/`));
  return {
    read: (path) => files[path],
    list: (path) => {
      const inside = below(path);
      return inside.length === 0 ? undefined : [...new Set(inside.map((each) => each.slice(path.replace(/\/$/, '').length + 1).split('/')[0] ?? ''))].sort();
    },
    isDirectory: (path) => below(path).length > 0,
    isExecutable: () => false,
    run: () => ({ code: 1, stdout: '', stderr: '' }),
  };
}

const task = (name: string, schema: z.ZodType, more: Partial<AnyTask> = {}): AnyTask => defineTask({ name, summary: name, params: schema, probe: async () => null, plan: () => [], ...more });
const control = (name: string, schema: z.ZodType, more: Partial<AnyControl> = {}): AnyControl => defineControl({ name, summary: name, params: schema, act: () => ({}), ...more });
const command = params({ cmd: Text.optional(), argv: Texts.optional(), chdir: Text.optional(), creates: Text.optional(), removes: Text.optional() });

/** A few modules of every shape: parameters with aliases, free form, any name, bare expressions. */
const registry = createRegistry(
  [
    task('ping', params({ data: Text.default('pong') })),
    task('copy', params({ src: Text.optional(), content: Text.optional(), dest: Text.meta({ aliases: ['path'] }), mode: Text.optional(), backup: Flag.default(false) })),
    task('service', params({ name: Text, state: z.enum(['started', 'stopped', 'restarted']).optional(), enabled: Flag.optional() })),
    task('package', params({ name: Texts.meta({ aliases: ['pkg'] }), state: z.enum(['present', 'absent']).default('present'), retries: Whole.optional() })),
    task('command', command, { freeForm: 'cmd' }),
    task('shell', command, { freeForm: 'cmd' }),
    task('seboolean', params({ name: Text, state: Flag, persistent: Flag.default(false) }), { aliases: ['ansible.posix.seboolean'] }),
  ],
  [
    control('debug', params({ msg: z.any().optional(), var: Text.optional() }), { expressions: ['var'] }),
    control('set_fact', z.record(z.string(), z.any())),
    control('assert', params({ that: z.union([z.string(), z.boolean(), z.array(z.any())]), fail_msg: Text.optional() }), { expressions: ['that'] }),
    control('meta', params({ action: z.enum(['flush_handlers', 'end_play', 'noop']) }), { freeForm: 'action' }),
    control('include_vars', params({ file: Text.optional(), name: Text.optional() }), { freeForm: 'file' }),
    control('validate_argument_spec', z.record(z.string(), z.any())),
  ],
);

const environment: Environment = {
  filters: new Map([['upper', (args) => args[0] ?? null], ['default', (args) => args[0] ?? null]]),
  tests: new Map([['defined', () => true]]),
  globals: new Map(),
  lookups: new Map([['items', (terms) => terms], ['dict', (terms) => terms], ['file', (terms) => terms]]),
};

/** What to load with. */
export function contextOf(files: Readonly<Record<string, string>>, more: Partial<LoadContext> = {}): LoadContext {
  return { files: memoryFiles(files), registry, environment, rolesPath: ['/etc/roles'], extraVars: new Map(), ...more };
}

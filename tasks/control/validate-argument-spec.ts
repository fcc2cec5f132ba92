import { z } from 'zod';
import { defineControl } from '../../runner/task/control.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { params } from '../../runner/task/params.ts';
import type { Json, JsonObject } from '../../runner/util/json.ts';
import { argumentErrors, type ArgumentSpec } from '../parse/argument-spec.ts';
import { put } from '../../runner/util/own.ts';

const schema = params({
  argument_spec: z.record(z.string(), z.custom<ArgumentSpec>((given) => typeof given === 'object' && given !== null)).describe('What each argument must be, by name.'),
  provided_arguments: z.record(z.string(), z.custom<Json>(() => true)).default({}).describe('Arguments beside the variables of those names.'),
  validate_args_context: z.record(z.string(), z.custom<Json>(() => true)).default({}).describe('Where the specification comes from.'),
});

/** Checks the arguments of a role. */
export default defineControl<z.output<typeof schema>>({
  name: 'validate_argument_spec',
  summary: "Checks variables against a role's argument specification.",
  description: 'Roles with a `meta/argument_specs.yml` begin with it by themselves.',
  examples: `
- validate_argument_spec:
    argument_spec:
      port: { type: int, required: true }
`,
  params: schema,
  act({ argument_spec, provided_arguments, validate_args_context }, control) {
    const given: Record<string, Json> = {};
    for (const name of Object.keys(argument_spec)) {
      const value = control.variable(name);
      if (value !== undefined) put(given, name, value);
    }
    const errors = argumentErrors(argument_spec, { ...given, ...provided_arguments });
    const about: JsonObject = { validate_args_context };
    if (errors.length > 0) throw new TaskFailure(`Validation of arguments failed:\n${errors.join('\n')}`, { ...about, argument_errors: errors });
    return { ...about, msg: 'The arg spec validation passed' };
  },
});

import { z } from 'zod';
import { defineControl } from '../../runner/task/control.ts';
import { Text, Whole } from '../../runner/task/params.ts';
import type { Json } from '../../runner/util/json.ts';

// Unlike other modules' parameters a message may be null: that is what is said then.
const schema = z.strictObject({
  msg: z.custom<Json>(() => true).optional().describe('What to say: a text, or anything.'),
  var: Text.optional().describe('An expression (no braces) whose value to show.'),
  verbosity: Whole.default(0).describe('Say it only from this many `-v` on.'),
}).refine((given) => given.msg === undefined || given.var === undefined, "'msg' and 'var' are incompatible options");

/** Says something. */
export default defineControl<z.output<typeof schema>>({
  name: 'debug',
  summary: 'Says something: a message, or the value of a variable.',
  examples: `
- debug: { msg: "{{ inventory_hostname }} has {{ ansible_facts.memtotal_mb }} MB" }
- debug: { var: result.stdout_lines, verbosity: 1 }
`,
  params: schema,
  expressions: ['var'],
  act({ msg, var: expression, verbosity }, control) {
    if (verbosity > control.verbosity) return { skipped_reason: 'Verbosity threshold not met.', skipped: true };
    if (expression === undefined) return { msg: msg === undefined ? 'Hello world!' : msg };
    const name = control.expressionText('var');
    return { [name]: valueOr(() => control.evaluate('var'), control.verbosity > 0) };
  },
});

/** What is undefined is shown as such, not an error: that may be just what one wants to find out. */
function valueOr(evaluate: () => Json, verbose: boolean): Json {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof Error && /undefined|has no attribute|no element/.test(error.message)) return verbose ? `VARIABLE IS NOT DEFINED!: ${error.message}` : 'VARIABLE IS NOT DEFINED!';
    throw error;
  }
}

import { z } from 'zod';
import { defineControl } from '../../runner/task/control.ts';
import { Flag, params } from '../../runner/task/params.ts';
import type { Json } from '../../runner/util/json.ts';

const schema = params({
  data: z.record(z.string(), z.custom<Json>(() => true)).describe('Names and values.'),
  per_host: Flag.default(false).describe('For this host, not for the run.'),
  aggregate: Flag.default(true).describe('Add to what is there.'),
});

/** Publishes numbers of the run. */
export default defineControl<z.output<typeof schema>>({
  name: 'set_stats',
  summary: 'Publishes values with the results of the run.',
  examples: `
- set_stats: { data: { packages_updated: 7 } }
`,
  params: schema,
  act: ({ data, per_host, aggregate }) => ({ ansible_stats: { data, per_host, aggregate } }),
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../runner/event/event.ts';
import { classicReporter } from '../../runner/report/classic.ts';
import { pythonJson } from '../../runner/report/python-json.ts';
import { textSink } from '../../runner/report/sink.ts';

const CASES = join(import.meta.dirname, 'cases');
/** `verbose` was recorded with -v. */
const VERBOSITY: Readonly<Record<string, number>> = { verbose: 1 };

/** NAME.out is what ansible-playbook 2.14 printed (80 columns, no colours); NAME.events.jsonl is the same run as our events. */
test.each(readdirSync(CASES).filter((name) => name.endsWith('.out')))('%s, byte for byte', (file) => {
  const name = file.replace('.out', '');
  const sink = textSink();
  const reporter = classicReporter(sink, { verbosity: VERBOSITY[name] ?? 0 });
  for (const line of readFileSync(join(CASES, `${name}.events.jsonl`), 'utf8').trimEnd().split('\n')) reporter.handle(JSON.parse(line) as Event);
  expect(sink.text()).toBe(readFileSync(join(CASES, file), 'utf8'));
});

test.each([
  [{ b: 1, a: [true, null] }, undefined, '{"a": [true, null], "b": 1}'],
  [{}, 4, '{}'],
  [[], 4, '[]'],
  [{ a: [{ b: 'é"\n' }] }, 4, '{\n    "a": [\n        {\n            "b": "é\\"\\n"\n        }\n    ]\n}'],
])('JSON as Python writes it: %j', (value, indent, text) => {
  expect(pythonJson(value, indent)).toBe(text);
});

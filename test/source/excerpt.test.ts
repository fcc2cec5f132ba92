import { formatDiagnostic } from '../../runner/source/excerpt.ts';
import { SourceFile } from '../../runner/source/file.ts';
import { nearest } from '../../runner/util/suggest.ts';
import { problem } from '../../runner/source/diagnostic.ts';

test('a diagnostic shows place, excerpt, caret, cause and fix', () => {
  const file = new SourceFile('site.yml', '- hosts: all\n\ttaks: []\n');
  const at = file.text.indexOf('taks');
  const text = formatDiagnostic(problem('unknown-keyword', "'taks' is no keyword of a play", { file, start: at, end: at + 4 }, "did you mean 'tasks'?"));
  expect(text.split('\n')).toEqual([
    "error[unknown-keyword]: 'taks' is no keyword of a play",
    '  --> site.yml:2:2',
    '  2 | \ttaks: []',
    '    | \t^^^^',
    "  fix: did you mean 'tasks'?",
  ]);
});

test('a span over several lines is underlined to the end of its first line', () => {
  const file = new SourceFile('f', 'abc def\nghi\n');
  expect(formatDiagnostic(problem('x', 'm', { file, start: 4, end: 10 }))).toContain('    ^^^');
});

test('the nearest word is near, or there is none', () => {
  expect(nearest('taks', ['tasks', 'tags', 'hosts'])).toBe('tasks');
  expect(nearest('zzzzzz', ['tasks', 'tags'])).toBeUndefined();
});

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadPlaybook } from '../../runner/playbook/load.ts';
import { formatDiagnostic } from '../../runner/source/excerpt.ts';
import { contextOf } from './fixture.ts';
import { summaryOf } from './summary.ts';

// A case is one file: `=== PATH` before each file that is loaded (the first is the playbook), `=== expect` before what is made
// of it: diagnostics as they are shown, then the model in lines. With UPDATE_CASES=1 the expectation is written, to be read.
const folder = new URL('cases/', import.meta.url);

test.each(readdirSync(folder))('%s', (name) => {
  const url = new URL(name, folder);
  const sections = readFileSync(url, 'utf8').split(/^=== (.*)\n/m).slice(1);
  const files: Record<string, string> = {};
  let expected = '';
  for (let index = 0; index < sections.length; index += 2) {
    if (sections[index] === 'expect') expected = sections[index + 1] ?? '';
    else files[sections[index] ?? ''] = sections[index + 1] ?? '';
  }
  const { playbook, diagnostics } = loadPlaybook(sections[0] ?? '', contextOf(files, { extraVars: new Map([['which', 'extra']]) }));
  const actual = `${[...diagnostics.map(formatDiagnostic), ...summaryOf(playbook)].join('\n')}\n`;
  if (process.env['UPDATE_CASES']) {
    writeFileSync(url, `${Object.entries(files).map(([path, text]) => `=== ${path}\n${text}`).join('')}=== expect\n${actual}`);
  } else {
    expect(actual).toBe(expected);
  }
});

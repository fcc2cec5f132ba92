import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseExtraVars } from '../../runner/cli/load/extra-vars.ts';
import { foreseeRun } from '../../runner/cli/run/foresee-run.ts';
import { loadRun } from '../../runner/cli/load/load-run.ts';
import type { RunSettings } from '../../runner/engine/request.ts';
import { formatDiagnostic } from '../../runner/source/excerpt.ts';
import { memoryFiles } from '../playbook/fixture.ts';

// What a person is told of a mistake before anything is contacted. A file is a topic, and holds one case after the other:
// `=== CASE`, then `--- PATH` before each file (`/play/site.yml` is run on the hosts of `/play/hosts`, or on h1 and h2), `--- -e` before
// extra variables, `--- expect` before everything that is said. With UPDATE_CASES=1 the expectations are written, to be read.
const folder = new URL('refused/', import.meta.url);

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly expected: string;
}

function casesOf(text: string): Case[] {
  const parts = text.split(/^=== (.*)\n/m).slice(1);
  return Array.from({ length: parts.length / 2 }, (_, index) => {
    const sections = (parts[index * 2 + 1] ?? '').split(/^--- (.*)\n/m).slice(1);
    const files = Object.fromEntries(Array.from({ length: sections.length / 2 }, (_each, at) => [sections[at * 2] ?? '', sections[at * 2 + 1] ?? '']));
    const { expect: expected = '', ...others } = files;
    return { name: parts[index * 2] ?? '', files: others, expected };
  });
}

async function said({ files }: Case): Promise<string> {
  const { '-e': extra = '', ...given } = files;
  const inventories = ['/play/hosts' in given ? '/play/hosts' : 'h1,h2'];
  const loaded = await loadRun({
    cwd: '/play', playbooks: ['site.yml'], inventories, taskPaths: [], rolesPath: [], vaultSecrets: [], selection: { only: ['all'], skip: [] },
    extraVars: parseExtraVars([extra.trim()], memoryFiles(given)).vars, files: memoryFiles(given),
  }, () => undefined);
  const found = foreseeRun(loaded, { mode: 'run', settings: {} as RunSettings, inventories });
  return found.length === 0 ? 'nothing\n' : `${found.map(formatDiagnostic).join('\n')}\n`;
}

describe.each(readdirSync(folder))('%s', (file) => {
  const url = new URL(file, folder);
  const cases = casesOf(readFileSync(url, 'utf8'));
  if (process.env['UPDATE_CASES'] !== undefined) {
    test('is written anew', async () => {
      const texts: string[] = [];
      for (const each of cases) texts.push(`=== ${each.name}\n${Object.entries(each.files).map(([path, text]) => `--- ${path}\n${text}`).join('')}--- expect\n${await said(each)}`);
      writeFileSync(url, texts.join(''));
    });
    return;
  }
  test.each(cases)('$name', async (each) => expect(await said(each)).toBe(each.expected));
});

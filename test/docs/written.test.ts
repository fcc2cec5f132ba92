import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { buildProgram } from '../../runner/cli/commands.ts';
import { docMarkdown, indexMarkdown } from '../../runner/cli/doc/doc-markdown.ts';
import { allDocs } from '../../runner/cli/doc/show-doc.ts';
import { Redactor } from '../../runner/event/redact.ts';
import { LAB_HELP } from '../../lab/help.ts';
import {
  BLOCK_KEYWORDS, HANDLER_KEYWORDS, PHASE_KEYWORDS, PLAY_KEYWORDS, TASK_KEYWORDS,
} from '../../runner/playbook/keywords.ts';

/** `npm run docs` writes these pages instead of comparing them. */
const WRITE = process.env['ROLLCALL_WRITE_DOCS'] !== undefined;
const DOCS = join(import.meta.dirname, '../../docs');

function hold(path: string, text: string): void {
  const file = join(DOCS, path);
  if (WRITE) writeFileSync(file, text);
  // When this fails: npm run docs.
  expect(readFileSync(file, 'utf8')).toBe(text);
}

test('docs/modules has a page for every module, as its definition says, and no others', () => {
  const docs = allDocs();
  const folder = join(DOCS, 'modules');
  if (WRITE) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  for (const doc of docs) hold(`modules/${doc.name}.md`, docMarkdown(doc));
  hold('modules/README.md', indexMarkdown(docs));
  expect(readdirSync(folder).sort()).toEqual(['README.md', ...docs.map(({ name }) => `${name}.md`)].sort());
});

/** What `--help` of a command prints, its examples included. */
function helpOf(command: Command): string {
  if (command.name() === 'lab') return LAB_HELP;
  let text = '';
  command.configureHelp({ helpWidth: 110 }).configureOutput({ writeOut: (part) => void (text += part) });
  command.outputHelp();
  return text;
}

test('docs/cli.md has the help of every command', () => {
  const program = buildProgram({ redactor: new Redactor(), signal: new AbortController().signal, complain: () => undefined, finish: () => undefined });
  const commands = program.commands.flatMap((command) => [command, ...command.commands.filter((each) => each.name() !== 'help')]);
  const section = (command: Command): string => {
    const name = command.parent === program ? command.name() : `${command.parent?.name()} ${command.name()}`;
    return `## rollcall ${name}\n\n\`\`\`text\n${helpOf(command).trim()}\n\`\`\`\n`;
  };
  const before = readFileSync(join(DOCS, 'cli.md'), 'utf8').split('\n## rollcall ')[0] ?? '';
  hold('cli.md', `${before.trimEnd()}\n\n${commands.map(section).join('\n')}`);
});

test('docs/playbooks.md names every keyword, and only those', () => {
  const text = readFileSync(join(DOCS, 'playbooks.md'), 'utf8');
  const table = text.slice(text.indexOf('## Keywords'), text.indexOf('## Facts'));
  const phase = text.slice(text.indexOf('A phase takes:'), text.indexOf('## Keywords'));
  const named = new Set([...`${table}${phase}`.matchAll(/`([a-z_]+)`/g)].map(([, word = '']) => word));
  const known = new Set([...PLAY_KEYWORDS, ...TASK_KEYWORDS, ...BLOCK_KEYWORDS, ...HANDLER_KEYWORDS, ...PHASE_KEYWORDS]);
  expect([...named].sort()).toEqual([...known].sort());
});

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, '../RESULTS.md');

const HEAD = `# Measured

Written by the programs of this folder (\`npm run bench:NAME\`), each its own section. Contenders take turns in one pass, so that
whatever else the machine did met all of them; figures are medians, ratios are medians of the ratios within a round. After every run
the state of every host is compared with what it has to be: nothing is fast by not being done.
`;

/** Replaces one section of RESULTS.md, and prints it. */
export function writeResults(name: string, title: string, body: string): void {
  const text = existsSync(FILE) ? readFileSync(FILE, 'utf8') : HEAD;
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const section = `${begin}\n## ${title}\n\n${machine()}\n\n${body.trim()}\n${end}`;
  const at = text.indexOf(begin);
  const rest = at === -1 ? `${text.trimEnd()}\n\n${section}\n` : text.slice(0, at) + section + text.slice(text.indexOf(end) + end.length);
  writeFileSync(FILE, rest);
  console.log(`\n${section}`);
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function machine(): string {
  const load = readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 2).join(', ');
  const version = (argv: readonly [string, ...string[]]): string => {
    try {
      const [program, ...words] = argv;
      return execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).split('\n')[0] ?? '';
    } catch {
      return 'none';
    }
  };
  const facts = [`${cpus().length} × ${cpus()[0]?.model.trim() ?? 'processor'}`, `${Math.round(totalmem() / 2 ** 30)} GB`, `node ${process.version}`, version(['ansible', '--version'])];
  return `${new Date().toISOString().slice(0, 10)}, ${facts.join(', ')}; load when it ended ${load}.`;
}

import type { ModuleDoc, ParamDoc } from './module-doc.ts';

/** What every result has, whatever the module. */
const RETURNS: readonly (readonly [string, string])[] = [
  ['changed', 'whether anything was (with --check: would be) changed'],
  ['failed', 'whether it failed'],
  ['msg', 'what a person should know, above all of a failure'],
  ['diff', 'what changed, with before and after'],
];

/** A module's documentation for the terminal. */
export function docText(doc: ModuleDoc, width: number): string {
  const sections = [
    `${doc.name.toUpperCase()}${doc.aliases.length > 0 ? `  (also ${doc.aliases.join(', ')})` : ''}\n`,
    indent(wrap(doc.summary, width - 2), 2),
    ...(doc.description === '' ? [] : doc.description.trim().split(/\n\s*\n/).map((text) => indent(wrap(text.replaceAll(/\s*\n\s*/g, ' '), width - 2), 2))),
    ...remarks(doc).map((text) => indent(wrap(text, width - 2), 2)),
    doc.params.length === 0 ? 'PARAMETERS\n  none\n' : `PARAMETERS (= means required)\n${doc.params.map((param) => paramText(param, width)).join('')}`,
    `RETURNS\n${RETURNS.map(([name, text]) => `  ${name.padEnd(9)}${text}\n`).join('')}`,
    ...(doc.examples === '' ? [] : [`EXAMPLES\n${indent(doc.examples.trimEnd(), 2)}`]),
  ];
  return sections.join('\n');
}

/** What is special about a module, in sentences. */
export function remarks(doc: ModuleDoc): string[] {
  const said: string[] = [];
  if (doc.kind === 'control') said.push('It steers the run and needs no connection to a host.');
  if (!doc.predictable) said.push('What it does cannot be predicted: check mode says so and does not run it.');
  if (doc.freeForm !== undefined) said.push(`It may be written as one text, which is the parameter '${doc.freeForm}'.`);
  return said;
}

function paramText(param: ParamDoc, width: number): string {
  const facts = [param.type, ...(param.choices ? [`one of ${param.choices.join(', ')}`] : []), ...(param.default !== undefined ? [`default ${JSON.stringify(param.default)}`] : []), ...(param.aliases.length > 0 ? [`also ${param.aliases.join(', ')}`] : [])];
  const description = param.description === '' ? '' : indent(wrap(param.description, width - 6), 6);
  return `${param.required ? '=' : '-'} ${param.name}  (${facts.join('; ')})\n${description}`;
}

/** A task with every parameter, to copy: required ones filled in to be changed, the others as comments. */
export function docSnippet(doc: ModuleDoc): string {
  const lines = doc.params.map((param) => `    ${param.required ? '' : '# '}${param.name}: ${valueFor(param)}${param.description === '' ? '' : `  # ${param.description.replaceAll(/\s*\n\s*/g, ' ')}`}`);
  return `- name: ${doc.summary.replaceAll(': ', ' - ')}\n  ${doc.name}:${lines.length === 0 ? ' {}' : ''}\n${lines.map((line) => `${line}\n`).join('')}`;
}

function valueFor(param: ParamDoc): string {
  return param.default === undefined ? (param.choices?.[0] ?? '…') : JSON.stringify(param.default);
}

/** Names with their summaries, one a line. */
export function docList(docs: readonly ModuleDoc[], width: number): string {
  const longest = Math.max(0, ...docs.map((doc) => doc.name.length));
  return docs.map((doc) => `${doc.name.padEnd(longest)}  ${cut(doc.summary, width - longest - 2)}\n`).join('');
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(8, width - 1))}…`;
}

function wrap(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < Math.max(20, width)) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}

function indent(text: string, by: number): string {
  return text.split('\n').map((line) => `${line === '' ? '' : ' '.repeat(by)}${line}\n`).join('');
}

import { remarks } from './doc-text.ts';
import type { ModuleDoc, ParamDoc } from './module-doc.ts';

/** A module's page for docs/modules. */
export function docMarkdown(doc: ModuleDoc): string {
  const parts = [`# ${doc.name}`, doc.summary];
  if (doc.aliases.length > 0) parts.push(`Also known as ${doc.aliases.map(code).join(', ')}.`);
  if (doc.description !== '') parts.push(doc.description.trim());
  parts.push(...remarks(doc));
  parts.push('## Parameters', doc.params.length === 0 ? 'None.' : table(doc.params));
  if (doc.examples !== '') parts.push('## Examples', `\`\`\`yaml\n${doc.examples.trimEnd()}\n\`\`\``);
  return `${parts.join('\n\n')}\n`;
}

/** The page that lists all modules. */
export function indexMarkdown(docs: readonly ModuleDoc[]): string {
  const rows = docs.map((doc) => `| [${doc.name}](${doc.name}.md) | ${cell(doc.summary)} |`);
  return `# Modules\n\nWritten by \`rollcall doc --markdown docs/modules\` from the modules' own definitions; do not edit.\n\n| module | what it does |\n|---|---|\n${rows.join('\n')}\n`;
}

function table(params: readonly ParamDoc[]): string {
  const rows = params.map((param) => {
    const name = `${code(param.name)}${param.required ? ' **required**' : ''}${param.aliases.length > 0 ? `<br>also ${param.aliases.map(code).join(', ')}` : ''}`;
    const type = param.choices ? param.choices.map(code).join(', ') : param.type;
    return `| ${name} | ${cell(type)} | ${param.default === undefined ? '' : code(JSON.stringify(param.default))} | ${cell(param.description)} |`;
  });
  return `| parameter | takes | default | what it means |\n|---|---|---|---|\n${rows.join('\n')}`;
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function cell(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

import { ConcealedFile } from '../source/concealed-file.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { problem, warning } from '../source/diagnostic.ts';
import type { SourceFile } from '../source/file.ts';
import type { Span } from '../source/span.ts';
import { TemplateText, type Tree } from '../template/tree.ts';
import type { Inventory } from './model.ts';

/** What the readers of the several kinds of source share: where things go and where they came from. */
export interface Reading {
  readonly inventory: Inventory;
  readonly file: SourceFile;
  /** `inventory_file` of the hosts first named here. */
  readonly source: string;
  /** Their `inventory_dir`; none for host lists. */
  readonly folder: string | undefined;
  readonly diagnostics: Diagnostic[];
}

/** Reports an error at a place of the source being read. */
export function refuse(reading: Reading, code: string, message: string, at: Span | undefined, help?: string): void {
  // Messages quote what they are about, and of an encrypted file nothing may be shown.
  const said = reading.file instanceof ConcealedFile ? message.replace(/'[^']*'/g, "'…'") : message;
  reading.diagnostics.push(problem(code, said, at, help));
}

/** Reports a group name that cannot be used as a variable, as Ansible warns of. */
export function checkGroupName(reading: Reading, name: string, at: Span | undefined): void {
  const safe = safeGroupName(name);
  if (safe === name) return;
  reading.diagnostics.push(warning('group-name', `the group name '${name}' has characters that names of variables cannot have`, at, `name it '${safe}'`));
}

/** A group name with an underscore for everything that the name of a variable cannot have. */
export function safeGroupName(name: string): string {
  return name.replace(/^[^\p{L}_]|[^\p{L}\p{N}_]/gu, '_');
}

/** A text from a source without positions of its own: a template when it has braces. */
export function plainTemplate(text: string, label: SourceFile, start: number, end: number): Tree {
  if (!/\{[{%#]/.test(text)) return text;
  // Exact where the text stands as it is; quotes with escapes leave only the beginning of the value.
  const exact = label.text.indexOf(text, start);
  const isInside = exact !== -1 && exact + text.length <= end;
  return new TemplateText(text, { file: label, at: (offset) => (isInside ? exact + offset : start) });
}

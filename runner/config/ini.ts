import { problem, type Diagnostic } from '../source/diagnostic.ts';
import type { SourceFile } from '../source/file.ts';
import type { Span } from '../source/span.ts';

/** One `key = value` of an ini file. */
export interface IniEntry {
  readonly section: string;
  /** In lower case, as Ansible reads it. */
  readonly key: string;
  readonly value: string;
  /** The key, for messages. */
  readonly at: Span;
}

/**
 * Reads an ini file as Ansible reads `ansible.cfg`: `=` or `:` after the key, `#` and `;` begin a line that is a comment,
 * ` ;` one behind a value, and an indented line goes on with the value before it. A key that stands twice counts where it stood last.
 */
export function readIniFile(file: SourceFile): { entries: readonly IniEntry[]; diagnostics: readonly Diagnostic[] } {
  const entries = new Map<string, IniEntry>();
  const diagnostics: Diagnostic[] = [];
  let section: string | undefined;
  let last: string | undefined;
  let start = 0;
  for (const line of file.text.split('\n')) {
    const text = line.replace(/(?:^|\s);.*$/, '').trim();
    const at = { file, start: start + line.length - line.trimStart().length, end: start + line.trimEnd().length };
    start += line.length + 1;
    if (text === '' || text.startsWith('#')) continue;
    const before = last === undefined ? undefined : entries.get(last);
    if (/^\s/.test(line) && last !== undefined && before) {
      entries.set(last, { ...before, value: `${before.value}\n${text}` });
      continue;
    }
    const header = /^\[([^\]]+)\]/.exec(text);
    if (header) {
      section = header[1] ?? '';
      last = undefined;
      continue;
    }
    const pair = /^([^=:]+?)\s*(?:[=:]\s*(.*))?$/.exec(text);
    if (section === undefined || pair?.[2] === undefined) {
      const help = section === undefined ? 'begin with a section: [defaults]' : 'write KEY = VALUE';
      diagnostics.push(problem('config-syntax', section === undefined ? 'a setting stands before the first section' : `'${text}' is no setting`, at, help));
      continue;
    }
    const key = (pair[1] ?? '').toLowerCase();
    last = `${section}.${key}`;
    entries.set(last, { section, key, value: pair[2], at: { ...at, end: at.start + key.length } });
  }
  return { entries: [...entries.values()], diagnostics };
}

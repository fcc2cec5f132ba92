import { parseReplacement } from '../../runner/util/python-replacement.ts';
import { translateRegex } from '../../runner/util/python-regex.ts';

/** What `lineinfile` is asked to do, texts as bytes read as latin1 so that patterns see bytes, as Ansible's do. */
export interface LineEdit {
  readonly line: string;
  readonly regexp?: string | undefined;
  readonly searchString?: string | undefined;
  /** A pattern, `EOF` or `BOF`. */
  readonly insertAfter?: string | undefined;
  /** A pattern or `BOF`. */
  readonly insertBefore?: string | undefined;
  readonly backrefs: boolean;
  readonly firstMatch: boolean;
}

/** A file's lines after an edit, and what was done: lines that went, lines that came. */
export interface Edited {
  readonly text: string;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** Lines with their ends, as Python's `readlines` gives them. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

const bare = (line: string): string => line.replace(/[\r\n]+$/, '');
const unchanged = (lines: readonly string[]): Edited => ({ text: lines.join(''), removed: [], added: [] });

/** Finds lines by pattern or text. */
function matcher(regexp: string | undefined, searchString: string | undefined): ((line: string) => RegExpExecArray | boolean | null) | undefined {
  if (regexp !== undefined) {
    const pattern = translateRegex(regexp, 'a');
    return (line) => pattern.exec(line);
  }
  return searchString === undefined ? undefined : (line) => line.includes(searchString);
}

/** Puts a line into a text, as Ansible's `lineinfile` does with `state: present`. */
export function ensureLine(text: string, edit: LineEdit): Edited {
  const lines = splitLines(text);
  const found = findLine(lines, edit);
  if (found.at >= 0) return replaceLine(lines, edit, found);
  if (edit.backrefs) return unchanged(lines);
  return insertLine(lines, edit, found.insertAt);
}

interface Found {
  /** The line to be replaced, -1 for none. */
  readonly at: number;
  readonly match?: RegExpExecArray;
  /** Where `insertafter` or `insertbefore` points, -1 for nowhere. */
  readonly insertAt: number;
}

function findLine(lines: readonly string[], edit: LineEdit): Found {
  const matches = matcher(edit.regexp, edit.searchString);
  let at = -1;
  let match: RegExpExecArray | undefined;
  for (const [index, line] of matches ? lines.entries() : []) {
    const hit = matches?.(line);
    if (!hit) continue;
    at = index;
    match = hit === true ? undefined : hit;
    if (edit.firstMatch) break;
  }
  return at >= 0 ? { at, insertAt: -1, ...(match && { match }) } : findPlace(lines, edit);
}

/** Without a match: a line that is already the wanted one, else the place by `insertafter` or `insertbefore`; the last one counts unless `firstmatch`. */
function findPlace(lines: readonly string[], edit: LineEdit): Found {
  const { insertAfter, insertBefore } = edit;
  const pattern = insertAfter !== undefined && !['BOF', 'EOF'].includes(insertAfter) ? insertAfter : insertAfter === undefined && insertBefore !== undefined && insertBefore !== 'BOF' ? insertBefore : undefined;
  const place = pattern === undefined ? undefined : translateRegex(pattern, 'a');
  let at = -1;
  let insertAt = -1;
  for (const [index, line] of lines.entries()) {
    if (bare(line) === edit.line) at = index;
    else if (place?.test(line)) {
      insertAt = insertAfter === undefined ? index : index + 1;
      if (edit.firstMatch) break;
    }
  }
  return { at, insertAt };
}

function replaceLine(lines: string[], edit: LineEdit, { at, match }: Found): Edited {
  const old = lines[at] ?? '';
  const wanted = edit.backrefs && match ? parseReplacement(edit.line)(match) : edit.line;
  const line = wanted.endsWith('\n') ? wanted : `${wanted}\n`;
  if (line === old) return unchanged(lines);
  lines[at] = line;
  return { text: lines.join(''), removed: [bare(old)], added: [bare(line)] };
}

function insertLine(lines: string[], { line, insertAfter, insertBefore }: LineEdit, insertAt: number): Edited {
  const added = `${line}\n`;
  if (insertBefore === 'BOF' || insertAfter === 'BOF') lines.unshift(added);
  else if (insertAfter === 'EOF' || insertAt === -1) {
    const last = lines.at(-1);
    if (last !== undefined && !/[\r\n]$/.test(last)) lines.push('\n');
    lines.push(added);
  } else if (insertAfter !== undefined && bare(lines[insertAt] ?? lines[insertAt - 1] ?? '') === line) return unchanged(lines);
  else lines.splice(insertAt, 0, added);
  return { text: lines.join(''), removed: [], added: [line] };
}

/** Takes all matching lines out of a text, as Ansible's `lineinfile` does with `state: absent`. */
export function removeLines(text: string, { line, regexp, searchString }: { line?: string | undefined; regexp?: string | undefined; searchString?: string | undefined }): Edited {
  const matches = matcher(regexp, searchString) ?? ((each: string) => bare(each) === line);
  const lines = splitLines(text);
  const kept = lines.filter((each) => !matches(each));
  return { text: kept.join(''), removed: lines.filter((each) => matches(each)).map(bare), added: [] };
}

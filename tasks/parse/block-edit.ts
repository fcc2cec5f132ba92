import { translateRegex } from '../../runner/util/python-regex.ts';

/** What `blockinfile` is asked to do, texts as bytes read as latin1. */
export interface BlockEdit {
  /** The lines between the markers; empty removes the block. */
  readonly block: string;
  readonly begin: string;
  readonly end: string;
  /** A pattern or `EOF`. */
  readonly insertAfter?: string | undefined;
  /** A pattern or `BOF`. */
  readonly insertBefore?: string | undefined;
  readonly prependNewline: boolean;
  readonly appendNewline: boolean;
}

/** A text after an edit, with the block as it was (undefined: there was none). */
export interface BlockEdited {
  readonly text: string;
  readonly before: string | undefined;
}

/** Lines with their ends, as Python's `splitlines(True)` gives them for bytes: \n, \r\n and \r end a line. */
function splitLinesKeepingEnds(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
}

/** Puts a marked block into a text, replaces it, or (with an empty block) takes it out: Ansible's `blockinfile`. */
export function editBlock(text: string, edit: BlockEdit): BlockEdited {
  const lines = splitLinesKeepingEnds(text);
  const begin = `${edit.begin}\n`;
  const end = `${edit.end}\n`;
  const first = lines.lastIndexOf(begin);
  const last = lines.lastIndexOf(end);
  let before: string | undefined;
  let at: number;
  if (first === -1 || last === -1) at = placeOf(text, lines, edit);
  else {
    at = Math.min(first, last);
    before = lines.splice(at, Math.abs(last - first) + 1).slice(1, -1).join('');
  }
  if (at > 0 && !lines[at - 1]?.endsWith('\n')) lines[at - 1] += '\n';
  lines.splice(at, 0, ...blockLines(lines, at, edit, begin, end));
  return { text: lines.join(''), before };
}

const blank = (line: string | undefined): boolean => line?.trim() === '';

function blockLines(lines: readonly string[], at: number, edit: BlockEdit, begin: string, end: string): readonly string[] {
  if (edit.block === '') return [];
  const body = splitLinesKeepingEnds(edit.block.endsWith('\n') ? edit.block : `${edit.block}\n`);
  return [
    ...(edit.prependNewline && at > 0 && !blank(lines[at - 1]) ? ['\n'] : []),
    begin, ...body, end,
    ...(edit.appendNewline && at < lines.length && !blank(lines[at]) ? ['\n'] : []),
  ];
}

function placeOf(text: string, lines: readonly string[], { insertAfter, insertBefore }: BlockEdit): number {
  const pattern = insertAfter === undefined ? insertBefore : insertAfter;
  if (pattern === undefined || (insertAfter === undefined ? pattern === 'BOF' : pattern === 'EOF')) return insertAfter === undefined && insertBefore !== undefined ? 0 : lines.length;
  const after = insertAfter !== undefined;
  const found = /^\(\?[a-zA-Z]*m/.test(pattern) ? lineOfMatch(text, pattern, after) : lastMatch(lines, pattern);
  if (found === undefined) return lines.length;
  return after ? found + 1 : found;
}

/** With `(?m)` the pattern is searched in the whole text, and may span lines. */
function lineOfMatch(text: string, pattern: string, after: boolean): number | undefined {
  const match = translateRegex(pattern, 'a').exec(text);
  if (!match) return undefined;
  return text.slice(0, after ? match.index + match[0].length : match.index).split('\n').length - 1;
}

function lastMatch(lines: readonly string[], pattern: string): number | undefined {
  const regex = translateRegex(pattern, 'a');
  const found = lines.findLastIndex((line) => regex.test(line));
  return found === -1 ? undefined : found;
}

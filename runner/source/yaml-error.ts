import type { YAMLError } from 'yaml';
import { problem, type Diagnostic } from './diagnostic.ts';
import type { SourceFile } from './file.ts';
import type { Span } from './span.ts';

/** Says what a YAML parser's complaint means to the person who wrote the file. */
export function explainYamlError(error: YAMLError, file: SourceFile): Diagnostic {
  const start = Math.max(0, Math.min(error.pos[0], file.text.length));
  const { line } = file.position(start);
  if (error.message.includes('Missing closing')) {
    // The parser complains at the end of the file; the opening quote is what has to be looked at.
    const at = file.text.lastIndexOf(error.message.includes('"') ? '"' : "'", start);
    return problem(
      'yaml-quote',
      'this quote is never closed',
      { file, start: Math.max(0, at), end: at + 1 },
      'close it, or quote the value with the other kind of quotes',
    );
  }
  const found = commonMistake(file, line) ?? (error.code === 'UNEXPECTED_TOKEN' || error.code === 'MISSING_CHAR' ? commonMistake(file, line - 1) : undefined);
  if (found) return found;
  if (error.code === 'BAD_INDENT' && error.message.startsWith('Flow')) {
    const opening = openBracket(file.text, start);
    if (opening === undefined) return problem('yaml-syntax', 'a bracket opened before is not closed here', spanOf(error, file), 'close it, or quote the value');
    const mark = file.text[opening] === '{' ? '}' : ']';
    return problem('yaml-syntax', 'this bracket is not closed', { file, start: opening, end: opening + 1 }, `write ${mark} where it ends`);
  }
  const [message, help] = EXPLAINED.get(error.code) ?? [plainMessage(error), undefined];
  return problem('yaml-syntax', message, spanOf(error, file), help);
}

/** The last bracket before an offset that is not closed before it; undefined when all are. Quoted texts are passed over. */
function openBracket(text: string, end: number): number | undefined {
  const open: number[] = [];
  for (const { 0: piece, index } of text.slice(0, end).matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?<=^|\s)#.*|[[\]{}]/gm)) {
    if (piece === '{' || piece === '[') open.push(index);
    else if (piece === '}' || piece === ']') open.pop();
  }
  return open.at(-1);
}

function spanOf(error: YAMLError, file: SourceFile): Span {
  const start = Math.max(0, Math.min(error.pos[0], file.text.length));
  // A line break or indentation has nothing to look at: the caret goes to the nearest text.
  const blank = /^ +(?=\S)/.exec(file.text.slice(start, start + 80))?.[0].length ?? 0;
  const from = file.text[start] === '\n' && start > 0 ? start - 1 : start + blank;
  return { file, start: from, end: Math.max(from + 1, Math.min(error.pos[1], file.text.length)) };
}

/** `{{ x }}` read as a mapping whose key is a mapping. */
export function unquotedTemplate(file: SourceFile, start: number, end: number): Diagnostic {
  return problem(
    'unquoted-template',
    'a value that begins with {{ must be quoted, else YAML reads a mapping',
    { file, start, end },
    `quote the whole value: "${file.text.slice(start, end).split('\n')[0]}"`,
  );
}

/** The mistakes people make most, looked for by the text of the line alone: the parser's own complaint is often about what follows. */
function commonMistake(file: SourceFile, line: number): Diagnostic | undefined {
  const text = file.line(line);
  if (text === '') return undefined;
  const lineStart = offsetOfLine(file, line);
  const tab = /^ *\t+/.exec(text);
  if (tab) {
    const at = lineStart + text.indexOf('\t');
    return problem('yaml-tab', 'YAML does not allow tabs in indentation', { file, start: at, end: lineStart + tab[0].length }, 'indent with spaces');
  }
  const template = /^(\s*(?:- +)*(?:[^\s#'":{[][^:#'"{[]*:\s+|- +))(\{\{.*)$/.exec(text);
  if (template) {
    const at = lineStart + (template[1]?.length ?? 0);
    return unquotedTemplate(file, at, at + (template[2] ?? '').trimEnd().length);
  }
  const colon = /^\s*(?:- +)*[\w.-]+: +(?!["'[{|>&*!#])[^#]*?:(?= |$)/.exec(text);
  if (colon) {
    const at = lineStart + colon[0].length - 1;
    return problem('yaml-colon', "a plain value cannot contain ': '", { file, start: at, end: at + 1 }, 'quote the value');
  }
  const space = /^\s*(?:- +)*([A-Za-z_][\w.-]*):(?=[^\s:/\\])/.exec(text);
  if (space) {
    const at = lineStart + space[0].length - 1;
    return problem('yaml-space', `there is no space after the colon of '${space[1]}'`, { file, start: at, end: at + 1 }, `write '${space[1]}: …'`);
  }
  const quoted = /^\s*(?:- +)*(?:[\w.-]+: +)?((["'])(?:(?!\2).)*\2)\s*[^\s#:,\]}]/.exec(text);
  if (quoted) {
    const at = lineStart + quoted[0].length - 1;
    return problem(
      'yaml-quote',
      'there is text after the closing quote of a value',
      { file, start: at, end: at + 1 },
      'quote the whole value, with the other kind of quotes',
    );
  }
  return undefined;
}

const EXPLAINED: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['TAB_AS_INDENT', ['YAML does not allow tabs in indentation', 'indent with spaces']],
  ['BLOCK_AS_IMPLICIT_KEY', ["a plain value cannot contain ': '", 'quote the value, or put the mapping on lines of its own']],
  ['BAD_INDENT', ['this line is not indented like the lines before it', 'line it up with the keys or items it belongs to']],
  ['MULTILINE_IMPLICIT_KEY', ["this text is read as a key, and there is no ': ' after it on the same line", "check for a missing ':' or a wrong indentation"]],
  ['BAD_DQ_ESCAPE', ['this is no escape that YAML knows in double quotes', 'double the backslash, or use single quotes']],
  ['BAD_SCALAR_START', ['a plain value cannot begin with this character', 'quote the value']],
]);

function plainMessage(error: YAMLError): string {
  const text =
    error.message
      .split('\n')[0]
      ?.replace(/ at line .*$/, '')
      .trim() ?? '';
  if (text === 'Sequence item without - indicator') return "this line stands in a list but does not begin with '- '";
  if (text === 'Implicit map keys need to be followed by map values') return "this text stands where a key is expected, and there is no ': ' after it";
  return text === '' ? 'this is not YAML' : (text[0] ?? '').toLowerCase() + text.slice(1);
}

function offsetOfLine(file: SourceFile, line: number): number {
  let low = 0;
  let high = file.text.length;
  // The file gives positions for offsets; the way back is a search.
  while (low < high) {
    const middle = (low + high) >> 1;
    if (file.position(middle).line < line) low = middle + 1;
    else high = middle;
  }
  return low;
}

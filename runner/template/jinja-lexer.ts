import { lexExpression, type Surface, type Token } from '../expr/lexer.ts';
import { InputError, problem } from '../source/diagnostic.ts';
import { spanAt, type Origin } from '../source/span.ts';

/** A template in pieces, comments gone. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output' | 'statement'; readonly tokens: readonly Token[]; readonly start: number; readonly end: number };

/** How a template is read; the defaults are those of Ansible's `template` module. */
export interface Syntax {
  readonly outputStart: string;
  readonly outputEnd: string;
  readonly statementStart: string;
  readonly statementEnd: string;
  readonly commentStart: string;
  readonly commentEnd: string;
  /** The line break after a statement is dropped. */
  readonly trimBlocks: boolean;
  /** White space from the beginning of the line to a statement is dropped. */
  readonly lstripBlocks: boolean;
  /** How backslashes in `{{ }}` are taken. */
  readonly output: Surface;
}

/** Syntax of template files. */
export const FILE_SYNTAX: Syntax = {
  outputStart: '{{', outputEnd: '}}', statementStart: '{%', statementEnd: '%}', commentStart: '{#', commentEnd: '#}',
  trimBlocks: true, lstripBlocks: false, output: 'condition',
};

/** Syntax of strings in YAML. */
export const YAML_SYNTAX: Syntax = { ...FILE_SYNTAX, output: 'template' };

/** Cuts a template into pieces. @throws InputError */
export function lexTemplate(text: string, from: number, origin: Origin, syntax: Syntax): Piece[] {
  const pieces: Piece[] = [];
  const starts = [['output', syntax.outputStart], ['statement', syntax.statementStart], ['comment', syntax.commentStart]] as const;
  let at = from;
  const fail = (message: string, start: number, length: number, help: string): never => {
    throw new InputError([problem('template-syntax', message, spanAt(origin, start, start + length), help)]);
  };
  const addText = (end: number, trimEnd: boolean, leadIn: boolean): void => {
    let piece = text.slice(at, end);
    if (trimEnd) piece = piece.trimEnd();
    else if (leadIn) piece = withoutIndent(piece, at === from || text[at - 1] === '\n');
    if (piece !== '') pieces.push({ kind: 'text', text: piece.replace(/\r\n?/g, '\n') });
  };
  /** Takes the closing marker, with the white space that its sign and the syntax take with it. */
  const close = (end: number, marker: string, kind: 'output' | 'statement' | 'comment'): void => {
    const sign = text[end];
    const signed = sign === '-' || (sign === '+' && kind !== 'output');
    at = end + marker.length + (signed ? 1 : 0);
    const taken = sign === '-' ? /\s*/y : syntax.trimBlocks && kind !== 'output' && sign !== '+' ? /(?:\r?\n)?/y : undefined;
    if (!taken) return;
    taken.lastIndex = at;
    at += taken.exec(text)?.[0].length ?? 0;
  };
  while (at < text.length) {
    const [kind, marker, start] = nearestStart(text, at, starts);
    if (kind === undefined) break;
    const sign = text[start + marker.length];
    const inner = start + marker.length + (sign === '-' || sign === '+' ? 1 : 0);
    addText(start, sign === '-', syntax.lstripBlocks && kind !== 'output' && sign !== '+');
    if (kind === 'comment') {
      const end = text.indexOf(syntax.commentEnd, inner);
      if (end === -1) fail(`this comment has no closing ${syntax.commentEnd}`, start, marker.length, `write ${syntax.commentEnd} where it ends`);
      const signed = text[end - 1] === '-' || text[end - 1] === '+' ? end - 1 : end;
      close(Math.max(inner, signed), syntax.commentEnd, kind);
      continue;
    }
    const raw = kind === 'statement' ? rawBlock(text, inner, syntax) : undefined;
    if (raw) {
      if (raw.end === -1) fail("this 'raw' has no 'endraw'", start, marker.length, 'write {% endraw %} where it ends');
      at = raw.from;
      addText(raw.to, raw.stripEnd, syntax.lstripBlocks);
      close(raw.end, syntax.statementEnd, kind);
      continue;
    }
    const closer = kind === 'output' ? syntax.outputEnd : syntax.statementEnd;
    const { tokens, end } = lexExpression(text, inner, origin, kind === 'output' ? syntax.output : 'condition', closer);
    if (end >= text.length) fail(`this ${marker} has no closing ${closer}`, start, marker.length, `write ${closer} where it ends`);
    close(end, closer, kind);
    pieces.push({ kind, tokens, start, end: at });
  }
  addText(text.length, false, false);
  return pieces;
}

/** Drops the white space before a tag that begins its line. */
function withoutIndent(piece: string, atLineStart: boolean): string {
  const line = piece.lastIndexOf('\n') + 1;
  return (line > 0 || atLineStart) && piece.slice(line).trim() === '' ? piece.slice(0, line) : piece;
}

type Starts = readonly (readonly ['output' | 'statement' | 'comment', string])[];

function nearestStart(text: string, at: number, starts: Starts): readonly ['output' | 'statement' | 'comment' | undefined, string, number] {
  let best: readonly ['output' | 'statement' | 'comment' | undefined, string, number] = [undefined, '', text.length];
  for (const [kind, marker] of starts) {
    const found = text.indexOf(marker, at);
    if (found !== -1 && (found < best[2] || (found === best[2] && marker.length > best[1].length))) best = [kind, marker, found];
  }
  return best;
}

interface Raw {
  readonly from: number;
  readonly to: number;
  /** Where the closing marker of `endraw` stands; -1 when there is none. */
  readonly end: number;
  readonly stripEnd: boolean;
}

function rawBlock(text: string, at: number, syntax: Syntax): Raw | undefined {
  const [open, shut] = [escape(syntax.statementStart), escape(syntax.statementEnd)];
  const begin = new RegExp(`\\s*raw\\s*(?:-${shut}\\s*|${shut})`, 'y');
  begin.lastIndex = at;
  if (!begin.test(text)) return undefined;
  const finish = new RegExp(`${open}([-+]?)\\s*endraw\\s*(?=[-+]?${shut})`, 'g');
  finish.lastIndex = begin.lastIndex;
  const finished = finish.exec(text);
  const from = begin.lastIndex;
  if (!finished) return { from, to: text.length, end: -1, stripEnd: false };
  return { from, to: finished.index, end: finish.lastIndex, stripEnd: finished[1] === '-' };
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

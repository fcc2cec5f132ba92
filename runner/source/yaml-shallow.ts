/*
 * YAML wants the further lines of a quoted value, and of what stands in brackets, indented deeper than the key. PyYAML does not
 * ask for that, and `}}"` or `]` below the key is how many people write. The lexer here cuts such a value off at its first line.
 * The cut is found in what the lexer gives, and the line breaks of that one value are made blanks of the same length: then it is
 * on one line as far as the lexer is concerned, and every offset stays what it was.
 */

/** Marks that stand for no text: a document begins, a plain scalar comes, a flow collection ends without its bracket. */
const DOCUMENT = '\x02';
const SCALAR = '\x1f';
const FLOW_END = '\x18';

/** A stretch of a text: offsets of its first character and behind its last one. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A value to be put on one line, and the comments in it. */
interface Cut extends Stretch {
  readonly comments: readonly Stretch[];
}

/** Each costs another pass over the file: more of them than anybody writes are left to the parser, which refuses them. */
const MOST_CUTS = 500;

/** A text as the lexer can read it, and whether a cut may as well be a quote that somebody forgot to close. */
export interface Shallow {
  readonly text: string;
  readonly doubtful: boolean;
}

/** The text with every such value on one line, as long as before; `lex` gives the pieces of a text in order. The same text when there is none. */
export function shallowly(text: string, lex: (text: string) => Iterable<string>): Shallow {
  let shallow: Shallow = { text, doubtful: false };
  if (closesOnEveryLine(text)) return shallow;
  for (let cuts = 0; cuts < MOST_CUTS; cuts += 1) {
    const cut = cutOff(shallow.text, lex(shallow.text));
    if (cut === undefined) return shallow;
    const piece = shallow.text.slice(cut.start, cut.end);
    shallow = { text: onOneLine(shallow.text, cut), doubtful: shallow.doubtful || looksForgotten(piece) };
  }
  return shallow;
}

/** A line on which every quote and every bracket that is opened is closed as well. */
const CLOSED = /(?:[^"'[\]{}\\\n]|"[^"\\\n]*"|'[^'\n]*'|\[[^"'[\]{}\\\n]*\]|\{[^"'[\]{}\\\n]*\})*(?:\n|$)/y;

/** True of most files: nothing can be cut off in them, and they need not be read twice. */
function closesOnEveryLine(text: string): boolean {
  for (let at = 0; at < text.length; at = CLOSED.lastIndex) {
    CLOSED.lastIndex = at;
    if (!CLOSED.test(text)) return false;
  }
  return true;
}

/** The stretch of the first quoted value, or of the first brackets, that the lexer cut off although it is closed further down. */
function cutOff(text: string, lexemes: Iterable<string>): Cut | undefined {
  let at = 0;
  let depth = 0;
  let opening = 0;
  let plain = false;
  for (const lexeme of lexemes) {
    if (lexeme === FLOW_END && depth > 0) {
      const closed = brackets(text, opening);
      return closed && { start: opening, ...closed };
    }
    if (lexeme === SCALAR || lexeme === DOCUMENT || lexeme === FLOW_END) {
      plain = lexeme === SCALAR;
      continue;
    }
    const [first] = lexeme;
    if (!plain && (first === '"' || first === "'")) {
      const end = endOfQuotes(text, at);
      if (end !== undefined && end > at + lexeme.length) return { start: at, end, comments: [] };
    } else if (!plain && (lexeme === '[' || lexeme === '{')) {
      if (depth === 0) opening = at;
      depth += 1;
    } else if (!plain && (lexeme === ']' || lexeme === '}')) depth = Math.max(0, depth - 1);
    plain = false;
    at += lexeme.length;
  }
  return undefined;
}

/** The text with the line breaks of a cut, and comments in it, made blanks. */
function onOneLine(text: string, { start, end, comments }: Cut): string {
  let bare = text;
  for (const each of comments) bare = bare.slice(0, each.start) + ' '.repeat(each.end - each.start) + bare.slice(each.end);
  return text.slice(0, start) + bare.slice(start, end).replaceAll(/[\r\n]/g, ' ') + text.slice(end);
}

/** True of a quoted value with a line that looks like a key: a quote may have been left open before it. */
function looksForgotten(piece: string): boolean {
  return /^["']/.test(piece) && piece.split('\n').slice(1).some((line) => /^\s*(- )?[\w.-]+:(\s|$)/.test(line));
}

function endOfQuotes(text: string, start: number): number | undefined {
  const quoted = /"(?:[^"\\]|\\[^])*"|'(?:[^']|'')*'/y;
  quoted.lastIndex = start;
  return quoted.exec(text) === null ? undefined : quoted.lastIndex;
}

/** Where the bracket at `start` is closed, and the comments before that; undefined when it is not closed in its document. */
function brackets(text: string, start: number): { end: number; comments: readonly Stretch[] } | undefined {
  const comments: Stretch[] = [];
  let depth = 0;
  // The last character that is no blank: quotes stand for themselves inside of a plain value.
  let last = '';
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (/\s/.test(char)) {
      if (char === '\n' && /^(---|\.\.\.)(\s|$)/.test(text.slice(at + 1, at + 5))) return undefined;
      continue;
    }
    if (char === '#' && /[\s[{,]/.test(text.charAt(at - 1))) {
      const end = text.slice(at).search(/[\r\n]|$/) + at;
      comments.push({ start: at, end });
      at = end - 1;
      continue;
    }
    if ((char === '"' || char === "'") && '[{,:?'.includes(last)) {
      const end = endOfQuotes(text, at);
      if (end === undefined) return undefined;
      at = end - 1;
    } else if (char === '[' || char === '{') depth += 1;
    else if (char === ']' || char === '}') depth -= 1;
    if (depth === 0) return { end: at + 1, comments };
    last = char;
  }
  return undefined;
}

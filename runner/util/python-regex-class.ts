import { RegexError } from './python-regex-error.ts';
import { NOT_WORD, WORD } from './word-characters.ts';

/** A piece of a JavaScript pattern, and where the Python text it stands for ends. */
export interface Piece {
  readonly source: string;
  readonly end: number;
}

/** Translates the character class that begins at `start`. */
export function translateClass(text: string, start: number, ascii: boolean): Piece {
  let at = start + 1;
  let out = '[';
  if (text[at] === '^') {
    out += '^';
    at += 1;
  }
  for (let first = true; ; first = false) {
    const char = text[at];
    if (char === undefined) throw new RegexError('unterminated character set', start);
    if (char === ']' && !first) return { source: `${out}]`, end: at + 1 };
    if (char === '\\') {
      const item = inClass(text, at, ascii);
      out += item.source;
      at = item.end;
    } else {
      out += char === ']' || char === '[' || char === '/' ? `\\${char}` : char;
      at += 1;
    }
  }
}

function inClass(text: string, start: number, ascii: boolean): Piece {
  const char = text[start + 1];
  if (char === 'b') return { source: '\\x08', end: start + 2 };
  if (!ascii && char === 'w') return { source: WORD, end: start + 2 };
  if (!ascii && char === 'W') return { source: NOT_WORD, end: start + 2 };
  const octal = /^\\([0-7]{1,3})/.exec(text.slice(start));
  if (octal) return { source: `\\x${Number.parseInt(octal[1] ?? '', 8).toString(16).padStart(2, '0')}`, end: start + octal[0].length };
  return classItem(text, start);
}

/** Translates an escape that means the same inside and outside of a class. */
export function classItem(text: string, start: number): Piece {
  const rest = text.slice(start + 1);
  const char = rest[0];
  if (char === undefined) throw new RegexError('bad escape (end of pattern)', start);
  const code = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(rest);
  if (code) {
    const value = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16);
    if (value > 0xffff) throw new RegexError('characters beyond U+FFFF are not available', start);
    return { source: `\\u${value.toString(16).padStart(4, '0')}`, end: start + 1 + code[0].length };
  }
  if (char === 'a') return { source: '\\x07', end: start + 2 };
  if (/[a-zA-Z0-9]/.test(char) && !/[dDsSwWnrtfv]/.test(char)) throw new RegexError(`bad escape \\${char}`, start);
  return { source: /[\w]/.test(char) || /[\^$\\.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char, end: start + 2 };
}

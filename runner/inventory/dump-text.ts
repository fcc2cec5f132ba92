import { resolvePlain } from '../source/yaml-scalar.ts';
import { own } from '../util/own.ts';

/** Where a text is written. */
export interface Place {
  /** Column it begins at. */
  readonly column: number;
  /** Column of its further lines. */
  readonly indent: number;
  /** A key stays on one line. */
  readonly isKey: boolean;
}

const WIDTH = 80;
const BREAK = /[\r\n\x85\u2028\u2029]/;
/** What libyaml prints as it is; anything beyond the basic plane it escapes. */
const PRINTABLE = /^[\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/;
const TIMESTAMP = /^\d\d\d\d-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)?$/;

/** A text in the style that libyaml chooses for it (plain, single or double quotes), folded at 80 columns. */
export function writeText(text: string, place: Place): string {
  const { allowsPlain, allowsSingle, isMultiline } = analyse(text);
  if (place.isKey && isMultiline) return doubleQuoted(text, place);
  if (allowsPlain && text !== '' && resolvePlain(text) === text && !TIMESTAMP.test(text) && text !== '=' && text !== '<<') return plainStyle(text, place);
  return allowsSingle ? singleQuoted(text, place) : doubleQuoted(text, place);
}

function analyse(text: string): { allowsPlain: boolean; allowsSingle: boolean; isMultiline: boolean } {
  const characters = Array.from(text);
  const isSpecial = characters.some((character) => !PRINTABLE.test(character));
  const isMultiline = BREAK.test(text);
  const indicators =
    /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:-](?:[\s\0]|$))/.test(text) || /:(?:[ \t\r\n\x85\u2028\u2029\0]|$)/.test(text) || /[ \t\r\n\x85\u2028\u2029\0]#/.test(text);
  const edges = /^[ \r\n\x85\u2028\u2029]|[ \r\n\x85\u2028\u2029]$/.test(text);
  const spaceBreak = / [\r\n\x85\u2028\u2029]/.test(text);
  const breakSpace = /[\r\n\x85\u2028\u2029] /.test(text);
  return {
    allowsPlain: !indicators && !edges && !isMultiline && !isSpecial,
    allowsSingle: !spaceBreak && !breakSpace && !isSpecial,
    isMultiline,
  };
}

/** Where a line may be folded: a single space past the width, with the rest going on in the next line. */
function mayFold(characters: readonly string[], at: number, column: number, place: Place): boolean {
  return !place.isKey && column > WIDTH && characters[at - 1] !== ' ';
}

function plainStyle(text: string, place: Place): string {
  const characters = Array.from(text);
  let { column } = place;
  let out = '';
  for (const [at, character] of characters.entries()) {
    if (character === ' ' && mayFold(characters, at, column, place) && characters[at + 1] !== ' ') {
      out += `\n${' '.repeat(place.indent)}`;
      column = place.indent;
    } else {
      out += character;
      column++;
    }
  }
  return out;
}

function singleQuoted(text: string, place: Place): string {
  const characters = Array.from(text);
  const newLine = `\n${' '.repeat(place.indent)}`;
  let column = place.column + 1;
  let out = "'";
  let breaks = false;
  for (const [at, character] of characters.entries()) {
    if (character === ' ') {
      const isInside = at !== 0 && at !== characters.length - 1;
      if (isInside && mayFold(characters, at, column, place) && characters[at + 1] !== ' ') {
        out += newLine;
        column = place.indent;
      } else {
        out += character;
        column++;
      }
    } else if (BREAK.test(character)) {
      // The first of several breaks stands for the fold itself.
      out += breaks || character !== '\n' ? character : `\n${character}`;
      breaks = true;
    } else {
      if (breaks) {
        out += ' '.repeat(place.indent);
        column = place.indent;
        breaks = false;
      }
      const written = character === "'" ? "''" : character;
      out += written;
      column += written.length;
    }
  }
  return `${out}${breaks ? ' '.repeat(place.indent) : ''}'`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0', '\x07': 'a', '\b': 'b', '\t': 't', '\n': 'n', '\v': 'v', '\f': 'f', '\r': 'r', '\x1b': 'e', '"': '"', '\\': '\\', '\x85': 'N', '\u2028': 'L', '\u2029': 'P',
};

function doubleQuoted(text: string, place: Place): string {
  const characters = Array.from(text);
  let column = place.column + 1;
  let out = '"';
  for (const [at, character] of characters.entries()) {
    let written = character;
    if (character === ' ') {
      const isInside = at !== 0 && at !== characters.length - 1;
      if (isInside && mayFold(characters, at, column, place)) {
        // A space at the beginning of a line would be lost: it is escaped.
        out += `\n${' '.repeat(place.indent)}${characters[at + 1] === ' ' ? '\\' : ''}`;
        column = place.indent + (characters[at + 1] === ' ' ? 1 : 0);
        continue;
      }
    } else if (character === '"' || character === '\\' || BREAK.test(character) || !PRINTABLE.test(character)) written = escape(character);
    out += written;
    column += Array.from(written).length;
  }
  return `${out}"`;
}

function escape(character: string): string {
  const named = own(ESCAPES, character);
  if (named !== undefined) return `\\${named}`;
  const code = character.codePointAt(0) ?? 0;
  const hex = (width: number): string => code.toString(16).toUpperCase().padStart(width, '0');
  if (code <= 0xff) return `\\x${hex(2)}`;
  return code <= 0xffff ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}

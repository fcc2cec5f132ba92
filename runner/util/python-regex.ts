import { classItem, translateClass } from './python-regex-class.ts';
import { RegexError } from './python-regex-error.ts';
import { WORD } from './word-characters.ts';

/**
 * Turns a Python `re` pattern into a JavaScript one of the same meaning: named groups and references, `\A`, `\Z`, inline flags,
 * comments, verbose mode, and what looks alike but is not (`.`, `$`, `^` know only \n as a line's end; `\w` and `\b` know accents;
 * `]` may come first in a class). `flags` are `g`, `y`, `d`, `i`, `m`, `s`, `x`, added to those in the pattern; `m` and `s` are
 * spelled out in the result and do not show in its flags.
 * @throws RegexError for conditionals, atomic groups, possessive quantifiers, inline flags in the middle, and what Python refuses.
 */
export function translateRegex(pattern: string, flags = ''): RegExp {
  const key = `${flags} ${pattern}`;
  let known = translated.get(key);
  if (!known) {
    known = translate(pattern, flags);
    if (translated.size >= MOST) translated.clear();
    translated.set(key, known);
  }
  // A new one each time: it may remember where it last matched.
  return new RegExp(known);
}

/** Patterns that are remembered; the same few are asked for on every host. Python's own number. */
const MOST = 512;

const translated = new Map<string, RegExp>();

function translate(pattern: string, flags: string): RegExp {
  const leading = /^\(\?([aiLmsux]+)\)/.exec(pattern);
  const all = new Set(`${flags}${leading?.[1] ?? ''}`);
  if (all.has('L')) throw new RegexError('matching by locale (?L) is not available', 0);
  const translator = new Translator(pattern, leading?.[0].length ?? 0, all);
  const source = translator.all();
  const wanted = ['d', 'g', 'i', 'y'].filter((flag) => all.has(flag)).join('');
  try {
    return new RegExp(source, wanted);
  } catch (error) {
    throw new RegexError(error instanceof Error ? error.message.replace(/^Invalid regular expression: .*: /s, '') : 'not a regular expression', 0);
  }
}

/** `m` and `s` in force at one place of the pattern. */
interface Modes {
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

class Translator {
  readonly #text: string;
  readonly #flags: ReadonlySet<string>;
  readonly #open: { readonly at: number; readonly modes: Modes }[] = [];
  #groups = 0;
  #at: number;
  #modes: Modes;

  constructor(text: string, at: number, flags: ReadonlySet<string>) {
    this.#text = text;
    this.#at = at;
    this.#flags = flags;
    this.#modes = { multiline: flags.has('m'), dotAll: flags.has('s') };
  }

  all(): string {
    let out = '';
    while (this.#at < this.#text.length) out += this.#next();
    const unclosed = this.#open.at(-1);
    if (unclosed) throw new RegexError('missing ), unterminated subpattern', unclosed.at);
    return out === '' ? '(?:)' : out;
  }

  #next(): string {
    const start = this.#at;
    const char = this.#text[this.#at++] ?? '';
    switch (char) {
      case '\\': return this.#escape(start);
      case '.': return this.#modes.dotAll ? '[\\s\\S]' : '[^\\n]';
      case '^': return this.#modes.multiline ? '(?<![^\\n])' : '^';
      case '$': return this.#modes.multiline ? '(?![^\\n])' : '(?=\\n?(?![\\s\\S]))';
      case '[': {
        const found = translateClass(this.#text, start, this.#flags.has('a'));
        this.#at = found.end;
        return found.source;
      }
      case '(': return this.#group(start);
      case ')': return this.#close(start);
      case '{': return this.#braces(start);
      case '*': case '+': case '?': return this.#quantifier(char);
      case ']': case '}': case '/': return `\\${char}`;
      default: return this.#plain(char);
    }
  }

  #plain(char: string): string {
    if (!this.#flags.has('x')) return char;
    if (/\s/.test(char)) return '';
    if (char !== '#') return char;
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end + 1;
    return '';
  }

  #quantifier(found: string): string {
    if (this.#text[this.#at] === '+') throw new RegexError(`the possessive quantifier '${found}+' has no counterpart; write '${found}'`, this.#at);
    if (this.#text[this.#at] !== '?') return found;
    this.#at += 1;
    return `${found}?`;
  }

  #braces(start: number): string {
    const match = /^\{(\d*)(?:(,)(\d*))?\}/.exec(this.#text.slice(start));
    if (!match || (match[1] === '' && match[2] === undefined)) return '\\{';
    this.#at = start + match[0].length;
    const [, low = '', comma = '', high = ''] = match;
    return this.#quantifier(`{${low === '' ? '0' : low}${comma}${high}}`);
  }

  #escape(start: number): string {
    const rest = this.#text.slice(this.#at);
    const char = rest[0];
    if (char === undefined) throw new RegexError('bad escape (end of pattern)', start);
    const octal = /^(?:0[0-7]{0,2}|[0-3][0-7]{2})/.exec(rest);
    if (octal) {
      this.#at += octal[0].length;
      return `\\x${Number.parseInt(octal[0], 8).toString(16).padStart(2, '0')}`;
    }
    const reference = /^[1-9]\d?/.exec(rest);
    if (reference) {
      if (Number(reference[0]) > this.#groups) throw new RegexError(`invalid group reference ${reference[0]}`, this.#at);
      this.#at += reference[0].length;
      return `(?:\\${reference[0]})`;
    }
    const ascii = this.#flags.has('a');
    const special: Readonly<Record<string, string>> = {
      A: '(?<![\\s\\S])',
      Z: '(?![\\s\\S])',
      w: ascii ? '\\w' : `[${WORD}]`,
      W: ascii ? '\\W' : `[^${WORD}]`,
      b: ascii ? '\\b' : `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`,
      B: ascii ? '\\B' : `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`,
    };
    if (Object.hasOwn(special, char)) {
      this.#at += 1;
      return special[char] ?? '';
    }
    const item = classItem(this.#text, start);
    this.#at = item.end;
    return item.source;
  }

  #group(start: number): string {
    const rest = this.#text.slice(start);
    const comment = /^\(\?#[^)]*\)/.exec(rest);
    const reference = /^\(\?P=(\w+)\)/.exec(rest);
    if (comment || reference) {
      this.#at = start + (comment ?? reference)![0].length;
      return reference ? `\\k<${reference[1]}>` : '';
    }
    this.#open.push({ at: start, modes: this.#modes });
    if (!rest.startsWith('(?') || rest.startsWith('(?P<')) this.#groups += 1;
    if (!rest.startsWith('(?')) return '(';
    const known = /^\(\?(?:[:=!]|<[=!]|P<([A-Za-z_]\w*)>)/.exec(rest);
    if (known) {
      this.#at = start + known[0].length;
      return known[1] === undefined ? known[0] : `(?<${known[1]}>`;
    }
    const scoped = /^\(\?([imsaux]*)(?:-([imsx]+))?:/.exec(rest);
    if (scoped) return this.#scoped(start, scoped);
    if (/^\(\?[aiLmsux]+\)/.test(rest)) throw new RegexError('global flags not at the start of the expression', start);
    const what = rest.startsWith('(?>') ? 'atomic groups (?>…) have' : rest.startsWith('(?(') ? 'conditional groups (?(…)…) have' : `(${rest.slice(1, 3)}…) has`;
    throw new RegexError(`${what} no counterpart`, start);
  }

  #scoped(start: number, [whole, on = '', off = '']: readonly string[]): string {
    const caseless = this.#flags.has('i');
    if ((on.includes('i') && !caseless) || (off.includes('i') && caseless) || /[ax]/.test(on) || off.includes('x')) {
      throw new RegexError(`flags for a part of the expression, '${whole}', have no counterpart; put them at the start`, start);
    }
    this.#modes = {
      multiline: (this.#modes.multiline || on.includes('m')) && !off.includes('m'),
      dotAll: (this.#modes.dotAll || on.includes('s')) && !off.includes('s'),
    };
    this.#at = start + (whole ?? '').length;
    return '(?:';
  }

  #close(at: number): string {
    const opened = this.#open.pop();
    if (!opened) throw new RegexError('unbalanced parenthesis', at);
    this.#modes = opened.modes;
    return ')';
  }
}

/** A text with all that is special in a regular expression escaped. */
export function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

import { own } from '../util/own.ts';
/** A word of a free-form argument text, with the place where it begins there. */
export interface Word {
  readonly text: string;
  readonly start: number;
}

/** One `key=value`. */
export interface Pair {
  readonly key: string;
  readonly value: string;
  /** Where key and value begin in the text. */
  readonly keyStart: number;
  readonly valueStart: number;
}

/**
 * Splits at blanks, but keeps together what stands in quotes or in `{{ }}`, `{% %}`, `{# #}`: Ansible's rules to the letter,
 * line ends and `\` continuations included. Undefined when a quote or brace is never closed.
 */
export function splitArgs(text: string): Word[] | undefined {
  const words: { text: string; start: number }[] = [];
  let quote: string | undefined;
  const depths = [0, 0, 0];
  const append = (more: string, start: number): void => {
    const last = words.at(-1);
    if (last) last.text += more;
    else words.push({ text: more, start });
  };
  let lineStart = 0;
  const lines = text.split('\n');
  for (const [lineIndex, line] of lines.entries()) {
    const tokens = line.split(' ');
    let continued = false;
    let at = lineStart;
    for (const [index, token] of tokens.entries()) {
      const start = at;
      at += token.length + 1;
      if (token === '' && index !== 0) {
        append(' ', start);
        continue;
      }
      if (token === '\\' && quote === undefined) {
        continued = true;
        continue;
      }
      const wasQuoted = quote !== undefined;
      quote = quoteAfter(token, quote);
      const inBlock = depths.some((depth) => depth > 0);
      let placed = false;
      if (quote !== undefined && !wasQuoted && !inBlock) {
        words.push({ text: token, start });
        placed = true;
      } else if (inBlock || quote !== undefined || wasQuoted) {
        const glue = index === 0 && wasQuoted ? '' : tokens.length > 1 ? (index > 0 ? ' ' : '') : '\n';
        append(glue + token, start);
        placed = true;
      }
      for (const [which, [open, close]] of BLOCKS.entries()) {
        const before = depths[which] ?? 0;
        depths[which] = Math.max(0, before + count(token, open) - count(token, close));
        if (depths[which] === before || placed) continue;
        words.push({ text: token, start });
        placed = true;
      }
      if (!placed && token !== '' && quote === undefined && !depths.some((depth) => depth > 0)) words.push({ text: token, start });
    }
    if (lines.length > 1 && lineIndex !== lines.length - 1 && !continued) append('\n', lineStart);
    lineStart += line.length + 1;
  }
  return quote !== undefined || depths.some((depth) => depth > 0) ? undefined : words;
}

/** Puts words back together, blanks and line ends as they were. */
function joinArgs(words: readonly string[]): string {
  return words.reduce((text, word) => (text === '' || text.endsWith('\n') ? text + word : `${text} ${word}`), '');
}

/**
 * Reads `key=value` words. What is none of them, and with `only` every pair whose key is not one of these, is free text.
 * Undefined when a quote or brace is never closed.
 */
export function parsePairs(text: string, only?: ReadonlySet<string>): { pairs: Pair[]; rest: string; restStart: number } | undefined {
  const words = splitArgs(text);
  if (!words) return undefined;
  const pairs: Pair[] = [];
  const rest: Word[] = [];
  for (const { text: written, start } of words) {
    const word = decodeEscapes(written);
    const equals = separator(word);
    if (equals === undefined) {
      rest.push({ text: word.includes('=') ? word.replaceAll('\\=', '=') : written, start });
      continue;
    }
    const key = word.slice(0, equals);
    if (only && !only.has(key)) {
      rest.push({ text: written, start });
      continue;
    }
    const value = word.slice(equals + 1).trim();
    const bare = unquote(value);
    // Escapes before the value shift it; the search finds it again.
    const found = text.indexOf(bare, start + equals + 1);
    pairs.push({ key: key.trim(), value: bare, keyStart: start, valueStart: found === -1 ? start : found });
  }
  return { pairs, rest: joinArgs(rest.map((word) => word.text)), restStart: rest[0]?.start ?? 0 };
}

const BLOCKS = [
  ['{{', '}}'],
  ['{%', '%}'],
  ['{#', '#}'],
] as const;

function quoteAfter(token: string, before: string | undefined): string | undefined {
  let quote = before;
  for (let index = 0; index < token.length; index++) {
    const letter = token[index];
    if ((letter !== '"' && letter !== "'") || token[index - 1] === '\\') continue;
    if (quote === undefined) quote = letter;
    else if (quote === letter) quote = undefined;
  }
  return quote;
}

function count(text: string, piece: string): number {
  return text.split(piece).length - 1;
}

/** The first `=` that is neither first nor escaped. */
function separator(word: string): number | undefined {
  for (let at = word.indexOf('=', 1); at !== -1; at = word.indexOf('=', at + 1)) if (word[at - 1] !== '\\') return at;
  return undefined;
}

function unquote(text: string): string {
  const first = text[0];
  const quoted = text.length > 1 && (first === '"' || first === "'") && text.endsWith(first) && text.at(-2) !== '\\';
  return quoted ? text.slice(1, -1) : text;
}

const SIMPLE: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', "'": "'", '"': '"' };

function decodeEscapes(text: string): string {
  return text.replace(
    /\\(?:U([0-9a-fA-F]{8})|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\\'"abfnrtv]))/g,
    (all, long: string, short: string, byte: string, simple: string) => {
      if (simple) return own(SIMPLE, simple) ?? all;
      const point = Number.parseInt(long ?? short ?? byte, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : all;
    },
  );
}

import { own } from '../util/own.ts';
const SIMPLE: Readonly<Record<string, string>> = {
  '\\': '\\', "'": "'", '"': '"', a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\n': '',
};
const PREFIXES = new Set(['', 'r', 'u', 'b', 'br', 'rb']);

/**
 * Reads the rest of a Python string literal, standing behind its opening quote.
 * Undefined when it is not closed or cannot be decoded (`\N{name}` included: its names are not known here).
 */
export function pythonString(text: string, start: number, quote: string, prefix: string): { readonly value: string; readonly end: number } | undefined {
  if (!PREFIXES.has(prefix)) return undefined;
  const raw = prefix.includes('r');
  const bytes = prefix.includes('b');
  let value = '';
  let at = start;
  while (at < text.length) {
    if (text.startsWith(quote, at)) return { value, end: at + quote.length };
    const char = text[at] ?? '';
    if (bytes && char > '\x7f') return undefined;
    if (char !== '\\') {
      if (char === '\n' && quote.length === 1) return undefined;
      value += char;
      at++;
      continue;
    }
    if (raw) {
      value += text.slice(at, at + 2);
      at += 2;
      continue;
    }
    const escape = unescapeAt(text, at, bytes);
    if (!escape) return undefined;
    value += escape.value;
    at = escape.end;
  }
  return undefined;
}

function unescapeAt(text: string, at: number, bytes: boolean): { value: string; end: number } | undefined {
  const letter = text[at + 1];
  if (letter === undefined) return undefined;
  const simple = own(SIMPLE, letter);
  if (simple !== undefined) return { value: simple, end: at + 2 };
  const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4));
  if (octal) return { value: String.fromCharCode(Number.parseInt(octal[0], 8)), end: at + 1 + octal[0].length };
  const width = letter === 'x' ? 2 : bytes ? 0 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
  if (width > 0) {
    const digits = text.slice(at + 2, at + 2 + width);
    const code = Number.parseInt(digits, 16);
    if (digits.length !== width || !/^[0-9a-fA-F]+$/.test(digits) || code > 0x10ffff) return undefined;
    return { value: String.fromCodePoint(code), end: at + 2 + width };
  }
  if (letter === 'N' && !bytes) return undefined;
  // Python keeps the backslash of an escape it does not know.
  return { value: `\\${letter}`, end: at + 2 };
}

import type { YamlScalar } from './yaml-node.ts';

/** The value of a plain (unquoted) scalar, by PyYAML's YAML 1.1 rules: `yes` is true, `0644` is 420, `1:30` is 90, `1e3` is a string. */
export function resolvePlain(text: string): YamlScalar['value'] {
  const known = WORDS.get(text);
  if (known !== undefined) return known;
  const first = text.charCodeAt(0);
  // Numbers start with a digit, a sign or a dot: everything else is spared the expressions below.
  if (!(first >= 0x30 && first <= 0x39) && first !== 0x2b && first !== 0x2d && first !== 0x2e) return text;
  if (INTEGER.test(text)) return integer(text) ?? text;
  if (FLOAT.test(text)) return float(text);
  return text;
}

/** The value of a scalar that carries a core tag (`!!int "5"`); undefined when the text does not fit the tag. */
export function resolveTagged(tag: string, text: string): YamlScalar['value'] | undefined {
  const value = resolvePlain(text);
  switch (tag) {
    case 'str':
    case 'timestamp':
      return text;
    case 'null':
      return null;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'int':
      return typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
    case 'float':
      if (typeof value === 'number') return whole(value);
      return typeof value === 'object' ? value : undefined;
    default:
      return undefined;
  }
}

const WORDS: ReadonlyMap<string, null | boolean> = new Map([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['yes', 'true', 'on'].flatMap((word) => spellings(word).map((each) => [each, true] as const)),
  ...['no', 'false', 'off'].flatMap((word) => spellings(word).map((each) => [each, false] as const)),
]);

const INTEGER = /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT = new RegExp(
  [
    /[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?/,
    /\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?/,
    /[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*/,
    /[-+]?\.(?:inf|Inf|INF)/,
    /\.(?:nan|NaN|NAN)/,
  ]
    .map(({ source }) => `^(?:${source})$`)
    .join('|'),
);

function spellings(word: string): string[] {
  return [word, word[0]?.toUpperCase() + word.slice(1), word.toUpperCase()];
}

function integer(text: string): number | bigint | undefined {
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
  const magnitude = digits.includes(':') ? sexagesimal(digits) : plainInteger(digits);
  if (magnitude === undefined) return undefined;
  const value = text.startsWith('-') ? -magnitude : magnitude;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** Undefined for prefixes without digits (`0x_`), where PyYAML gives up. */
function plainInteger(digits: string): bigint | undefined {
  if (/^0[bx]/.test(digits)) return digits.length > 2 ? BigInt(digits) : undefined;
  // JavaScript wants `0o644` where YAML 1.1 writes `0644`.
  return BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
}

function sexagesimal(digits: string): bigint {
  return digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
}

function float(text: string): number | { readonly float: number } {
  const plain = text.replaceAll('_', '').replace(/^[-+]/, '').toLowerCase();
  const sign = text.startsWith('-') ? -1 : 1;
  if (plain === '.inf') return sign * Infinity;
  if (plain === '.nan') return Number.NaN;
  if (plain.includes(':')) return whole(sign * plain.split(':').reduce((sum, part) => sum * 60 + Number(part), 0));
  return whole(sign * Number(plain));
}

/** Whole floats are marked, so that `1.0` does not become the integer 1. */
function whole(value: number): number | { readonly float: number } {
  return Number.isInteger(value) ? { float: value } : value;
}

import * as fc from 'fast-check';

/** What people, editors and half-written files put where nobody looks for it. */
const ODD = [
  '\0', '\uD800', '\uDC00', '\uFEFF', '\r', '\r\n', '\t', '\u0085', '\u2028', '\u00a0', 'é', '😀', '\u0130', '\u202e', '\x1b[2J', '\x7f', '\n', '\n\n', ' ', '  ', ':', ': ', '- ', '? ', '#', ' #', '=', ',', '|', '>', '&a ', '*a', '<<: ',
  '!vault ', '!unsafe ', '!x ', '!!int ', '{', '}', '[', ']', '(', ')', '"', "'", '\\', '\\x', '\\u12', '{{', '}}', '{{{', '{%', '%}', '{#', '#}', '{{ x }}', '{% if %}', '{% endif %}', '{% for a in b %}', '---\n', '...\n', '%YAML 9\n', '~', '@', '`', '$', '%', '%s',
  '__proto__', 'constructor', 'toString', 'null', 'true', '0', '-1', '1e999', '99999999999999999999', '0x', '[1:99999999]', '[a:z]', '[0]', '::', '~[', '!', '&', '*', '$ANSIBLE_VAULT;1.1;AES256\n', '../', '/', '.',
];

/** Pieces that are dangerous in numbers: nesting and length. */
const MANY = ['[', '{', '(', '{{', '{% if a %}', '{{#if a}}', '- ', ' ', '\t', 'a', '"', 'not ', 'a.', '!', '~', '\\', '&a [*a,', '\n', 'x:\n ', 'x=1 ', '1+', '\uD800'];

interface Change {
  readonly kind: 'cut' | 'double' | 'swap' | 'put' | 'many' | 'end' | 'line';
  /** Places as shares of the text. */
  readonly from: number;
  readonly other: number;
  readonly length: number;
  readonly piece: string;
  readonly much: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('cut', 'double', 'swap', 'put', 'put', 'put', 'many', 'end', 'line'),
  from: fc.nat(9_999),
  other: fc.nat(9_999),
  length: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 60 })),
  piece: fc.oneof(fc.constantFrom(...ODD), fc.string({ unit: 'binary', minLength: 1, maxLength: 3 })),
  much: fc.tuple(fc.constantFrom(...MANY), fc.constantFrom(20, 400, 3000)).map(([piece, times]) => piece.repeat(times)),
});

function changed(text: string, { kind, from, other, length, piece, much }: Change): string {
  const at = Math.floor((from / 10_000) * (text.length + 1));
  const there = Math.floor((other / 10_000) * (text.length + 1));
  const part = text.slice(at, at + length);
  switch (kind) {
    case 'cut': return text.slice(0, at) + text.slice(at + length);
    case 'double': return text.slice(0, at) + part + text.slice(at);
    case 'swap': return text.slice(0, at) + text.slice(there, there + length) + text.slice(at + length);
    case 'put': return text.slice(0, at) + piece + text.slice(at);
    case 'many': return text.slice(0, at) + much + text.slice(at);
    case 'end': return text.slice(0, at);
    case 'line': {
      const lines = text.split('\n');
      lines.splice(Math.floor((from / 10_000) * lines.length), 0, lines[Math.floor((other / 10_000) * lines.length)] ?? '');
      return lines.join('\n');
    }
  }
}

/** One of some real texts with a few things wrong in it. */
export function mutated(corpus: readonly string[]): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...corpus), changes).map(([text, each]) => each.reduce(changed, text));
}

/** A few things to go wrong in a text. */
const changes = fc.array(change, { minLength: 1, maxLength: 4 });

/** Several texts that belong together, with something wrong in one of them; with the name of that one. */
export function mutatedOne(bundles: readonly Readonly<Record<string, string>>[]): fc.Arbitrary<{ readonly files: Readonly<Record<string, string>>; readonly hurt: string }> {
  return fc.tuple(fc.constantFrom(...bundles), fc.nat(9_999), changes).map(([files, which, each]) => {
    const names = Object.keys(files);
    const hurt = names[which % names.length] ?? '';
    return { hurt, files: { ...files, [hurt]: each.reduce(changed, files[hurt] ?? '') } };
  });
}

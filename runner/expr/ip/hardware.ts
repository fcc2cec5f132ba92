import { ExpressionError } from '../errors.ts';
import { toText } from '../text.ts';
import type { Value } from '../value.ts';
import { groups } from './address.ts';

/** The notations of a hardware address: digits of a word, words, and what stands between them. */
const NOTATIONS: readonly (readonly [digits: string, words: number, separators: string])[] = [
  ['1,2', 6, ':-'], ['1,4', 3, ':.-'], ['5,6', 2, ':-'], ['11,12', 1, ':'],
];

/** A hardware address of 48 bits in any of its notations; undefined for anything else. */
export function readHardware(text: string): bigint | undefined {
  for (const [digits, count, separators] of NOTATIONS) {
    for (const separator of separators) {
      const words = text.split(separator);
      if (words.length !== count || !words.every((word) => new RegExp(`^[\\da-f]{${digits}}$`, 'i').test(word))) continue;
      return BigInt(`0x${words.map((word) => word.padStart(12 / count, '0')).join('')}`);
    }
  }
  return undefined;
}

function hex(value: bigint, words: number, separator: string, pad = true): string {
  return groups(value, words, 48 / words).map((word) => (pad ? word.toString(16).padStart(12 / words, '0') : word.toString(16))).join(separator);
}

const FORMS: ReadonlyMap<string, (value: bigint) => Value> = new Map<string, (value: bigint) => Value>([
  ['bare', (value) => hex(value, 1, '').toUpperCase()],
  ['bool', () => true],
  ['int', (value) => Number(value)],
  ['cisco', (value) => hex(value, 3, '.')],
  ['linux', (value) => hex(value, 6, ':')],
  ['unix', (value) => hex(value, 6, ':', false)],
  ...['eui48', 'win'].map((name): [string, (value: bigint) => Value] => [name, (value) => hex(value, 6, '-').toUpperCase()]),
  ...['pgsql', 'postgresql', 'psql'].map((name): [string, (value: bigint) => Value] => [name, (value) => hex(value, 2, ':')]),
]);

/** A hardware address in the wanted form; as it was written without one. @throws ExpressionError */
export function hardware(value: Value, form: string, filter: string): Value {
  const read = readHardware(toText(value));
  if (read === undefined && form !== '' && form !== 'bool') throw new ExpressionError(`${filter}: not a hardware address: ${toText(value)}`);
  if (form === '') return read === undefined ? null : value;
  const show = FORMS.get(form);
  if (!show) throw new ExpressionError(`${filter}: unknown filter type: ${form}`);
  return read === undefined ? null : show(read);
}

/** The second half of the address that a host with this hardware gives itself: the middle filled, one bit turned. */
export function interfaceIdentifier(mac: bigint): bigint {
  return (((mac >> 24n) << 40n) | (0xfffen << 24n) | (mac & 0xffffffn)) ^ (1n << 57n);
}

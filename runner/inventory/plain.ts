import type { Float } from '../expr/value.ts';
import { TemplateText, VaultText, type Tree } from '../template/tree.ts';

/** A tree to be shown: templates are the text that was written, vaulted texts stay encrypted. */
export type Plain = null | boolean | number | bigint | string | Float | VaultText | readonly Plain[] | ReadonlyMap<PlainKey, Plain>;
/** A key of a dict to be shown. */
export type PlainKey = string | number | boolean | null | bigint;

/** Templates become the text they are. Equal trees give the same object: the YAML form writes it once and refers to it. */
export function plain(tree: Tree): Plain {
  if (tree instanceof TemplateText) return tree.text;
  if (tree instanceof VaultText || typeof tree !== 'object' || tree === null) return tree;
  const known = plains.get(tree);
  if (known !== undefined) return known;
  let made: Plain;
  if (Array.isArray(tree)) made = tree.map((each: Tree) => plain(each));
  else if (tree instanceof Map) made = new Map([...tree].map(([key, each]: [PlainKey, Tree]) => [key, plain(each)]));
  else return tree as Float;
  plains.set(tree, made);
  return made;
}

const plains = new WeakMap<object, Plain>();

/** Keys in Python's order; unsorted when it cannot compare them (texts among numbers). */
export function sortedKeys(map: ReadonlyMap<PlainKey, Plain>): PlainKey[] {
  const keys = [...map.keys()];
  return areComparable(keys) ? keys.sort(compareKeys) : keys;
}

/** Whether Python could sort these keys. */
export function areComparable(keys: readonly PlainKey[]): boolean {
  return keys.length < 2 || keys.every((key) => typeof key === 'string') || keys.every((key) => key !== null && typeof key !== 'string');
}

function compareKeys(a: PlainKey, b: PlainKey): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return Number(a) - Number(b);
}

/** Order of code points, which is not JavaScript's beyond the basic plane. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a[at] === b[at]) at++;
  if (at === length) return a.length - b.length;
  // Two halves of a pair may differ only in the second one.
  const isHalf = (text: string): boolean => at > 0 && /[\udc00-\udfff]/.test(text[at] ?? '') && /[\ud800-\udbff]/.test(text[at - 1] ?? '');
  const from = isHalf(a) || isHalf(b) ? at - 1 : at;
  return (a.codePointAt(from) ?? 0) - (b.codePointAt(from) ?? 0);
}

import { compareText } from '../expr/comparison.ts';
import { Tuple, type Float, type Value } from '../expr/value.ts';
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
  if (tree instanceof Tuple) made = Tuple.from(tree as readonly Tree[], (each) => plain(each) as Value) as readonly Plain[];
  else if (Array.isArray(tree)) made = tree.map((each: Tree) => plain(each));
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

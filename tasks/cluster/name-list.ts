import { didYouMean } from '../../runner/util/suggest.ts';

/** Names that come more than once. */
export function doubled(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** A suggestion for the end of a sentence. */
export function hint(word: string, known: readonly string[]): string {
  const text = didYouMean(word, known, known.length > 0 ? `known: ${known.join(', ')}` : undefined);
  return text === undefined ? '' : `; ${text}`;
}

import { FILTERS } from '../../expr/filters/all.ts';
import { standardLookups } from '../../expr/lookups/all.ts';
import { TESTS } from '../../expr/tests/all.ts';
import { BLOCK_KEYWORDS, HANDLER_KEYWORDS, LOOP_CONTROL_KEYWORDS, PLAY_KEYWORDS, ROLE_KEYWORDS, TASK_KEYWORDS } from '../../playbook/keywords.ts';
import { InputError, problem } from '../../source/diagnostic.ts';
import { didYouMean } from '../../util/suggest.ts';

/** What `rollcall doc --type` can tell of, beside modules. */
export const WORD_TYPES = ['filter', 'test', 'lookup', 'keyword'] as const;
/** A kind of word of the language. */
export type WordType = (typeof WORD_TYPES)[number];

const PLACES = { play: PLAY_KEYWORDS, role: ROLE_KEYWORDS, block: BLOCK_KEYWORDS, task: TASK_KEYWORDS, handler: HANDLER_KEYWORDS, loop_control: LOOP_CONTROL_KEYWORDS };

/** The words of one kind that mean something here, sorted; of keywords, where they may stand. With names, only those. @throws InputError for a word that is not there */
export function describeWords(type: WordType, names: readonly string[]): readonly { readonly name: string; readonly where?: readonly string[] }[] {
  const known = wordsOf(type);
  const wanted = names.length === 0 ? [...known.keys()].sort() : names.map((name) => plainName(name, type, known));
  return wanted.map((name) => {
    const where = known.get(name) ?? [];
    return where.length === 0 ? { name } : { name, where };
  });
}

function wordsOf(type: WordType): ReadonlyMap<string, readonly string[]> {
  if (type === 'filter') return unplaced(FILTERS.keys());
  if (type === 'test') return unplaced([...TESTS.keys()].filter((name) => /^\w+$/.test(name)));
  if (type === 'lookup') return unplaced([...standardLookups('.').keys(), 'template', 'config']);
  const places = new Map<string, string[]>();
  for (const [place, words] of Object.entries(PLACES)) for (const word of words) places.set(word, [...(places.get(word) ?? []), place]);
  return places;
}

function unplaced(names: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  return new Map([...names].map((name) => [name, []]));
}

function plainName(name: string, type: WordType, known: ReadonlyMap<string, unknown>): string {
  const plain = name.replace(/^(?:ansible\.builtin|ansible\.utils|community\.general)\./, '');
  if (!known.has(plain)) throw new InputError([problem(`unknown-${type}`, `there is no ${type} '${name}'`, undefined, didYouMean(plain, [...known.keys()], `\`rollcall doc -t ${type}\` lists all`))]);
  return plain;
}

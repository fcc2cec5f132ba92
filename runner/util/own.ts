/** What a table says about a word that somebody wrote: `constructor` and `__proto__` are in it only when they were put there. */
export function own<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

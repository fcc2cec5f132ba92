/** What a table says about a word that somebody wrote: `constructor` and `__proto__` are in it only when they were put there. */
export function own<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

/** Puts a word that somebody wrote into a table; a plain assignment would lose `__proto__`, and change what the table inherits. */
export function put<T>(table: Record<string, T>, word: string, value: T): void {
  Object.defineProperty(table, word, { value, enumerable: true, writable: true, configurable: true });
}

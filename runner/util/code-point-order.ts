/** Compares texts as Python sorts them: by their characters' numbers, whatever the language of the machine. */
export function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

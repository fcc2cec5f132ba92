/** Splits a command line into words as a POSIX shell would, without expanding anything (Python's `shlex.split`). @throws RangeError when a quote is not closed */
export function splitShellWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  const token = /\s+|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+)|(['"\\])/g;
  for (const [whole, single, double, escaped, plain, stray] of text.matchAll(token)) {
    if (stray !== undefined) throw new RangeError(stray === '\\' ? 'no escaped character' : `no closing quotation (${stray})`);
    if (/^\s/.test(whole) && single === undefined && double === undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + (single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped ?? plain ?? '');
  }
  return word === undefined ? words : [...words, word];
}

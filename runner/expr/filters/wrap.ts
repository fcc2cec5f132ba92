import { splitLines } from '../string-methods.ts';

/** Python's `textwrap.wrap` for each line of a text, without expanding tabs or replacing white space. */
export function wrapText(text: string, width: number, breakLong: boolean, by: string, hyphens: boolean): string {
  return splitLines(text).map((line) => wrapLine(line, width, breakLong, hyphens).join(by)).join(by);
}

function wrapLine(line: string, width: number, breakLong: boolean, hyphens: boolean): string[] {
  const chunks = chunksOf(line, hyphens).reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    const current: string[] = [];
    let length = 0;
    if (lines.length > 0 && chunks.at(-1)?.trim() === '') chunks.pop();
    while (chunks.length > 0 && length + (chunks.at(-1) ?? '').length <= width) {
      const chunk = chunks.pop() ?? '';
      current.push(chunk);
      length += chunk.length;
    }
    const long = chunks.at(-1);
    if (long !== undefined && long.length > width) {
      chunks.pop();
      const room = width < 1 ? 1 : width - length;
      if (breakLong) {
        // A long word is broken after its last hyphen that still fits.
        const hyphen = hyphens && long.length > room ? long.lastIndexOf('-', room - 1) : -1;
        const cut = hyphen > 0 && /[^-]/.test(long.slice(0, hyphen)) ? hyphen + 1 : room;
        current.push(long.slice(0, cut));
        chunks.push(long.slice(cut));
      } else if (current.length === 0) {
        current.push(long);
      } else {
        chunks.push(long);
      }
    }
    if (current.at(-1)?.trim() === '') current.pop();
    if (current.length > 0) lines.push(current.join(''));
  }
  return lines;
}

function chunksOf(line: string, hyphens: boolean): string[] {
  const words = line.split(/(\s+)/).filter((word) => word !== '');
  return hyphens ? words.flatMap((word) => word.split(/(?<=[\p{L}\p{N}_]{2,}-)(?=[\p{L}_])|(?<=[\p{L}\p{N}_!"'&.,?])(?=-{2,}\p{L})|(?<=-{2,})(?=\p{L})/u)) : words;
}

/** A word of a host line: quotes and backslashes undone, with the stretch of the line it stands on. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Splits a line the way Python's `shlex.split(line, comments=True)` does: POSIX quoting, and `#` begins a comment
 * even inside a bare word (`secret=a#b` is `secret=a`).
 */
export function splitWords(line: string): { readonly words: readonly Word[] } | { readonly error: string; readonly at: number } {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    if (isBlank(line[at])) {
      at++;
      continue;
    }
    if (line[at] === '#') break;
    const start = at;
    let text = '';
    while (at < line.length && !isBlank(line[at]) && line[at] !== '#') {
      const char = line[at] ?? '';
      if (char === '\\') {
        if (at + 1 >= line.length) return { error: 'a backslash stands at the end', at };
        text += line[at + 1];
        at += 2;
      } else if (char === '"' || char === "'") {
        const quoted = readQuoted(line, at);
        if (!quoted) return { error: `the quote ${char} is not closed`, at };
        text += quoted.text;
        at = quoted.end;
      } else {
        text += char;
        at++;
      }
    }
    words.push({ text, start, end: at });
  }
  return { words };
}

function readQuoted(line: string, start: number): { text: string; end: number } | undefined {
  const quote = line[start];
  let text = '';
  for (let at = start + 1; at < line.length; at++) {
    const char = line[at] ?? '';
    if (char === quote) return { text, end: at + 1 };
    const next = line[at + 1];
    // In double quotes a backslash escapes only the quote and itself.
    if (quote === '"' && char === '\\' && (next === '"' || next === '\\')) {
      text += next;
      at++;
    } else text += char;
  }
  return undefined;
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t' || char === '\r' || char === '\n';
}

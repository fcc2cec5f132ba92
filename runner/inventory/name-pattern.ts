/** A shell pattern (`*`, `?`, `[a-z]`, `[!x]`) over whole names, as Python's fnmatch reads it. */
export function globPattern(glob: string): RegExp {
  let source = '';
  for (let at = 0; at < glob.length; at++) {
    const char = glob[at] ?? '';
    if (char === '*') source += '.*';
    else if (char === '?') source += '.';
    else if (char === '[') {
      const close = closingBracket(glob, at);
      if (close === -1) source += '\\[';
      else {
        source += bracketSet(glob.slice(at + 1, close));
        at = close;
      }
    } else source += char.replace(/[\\^$.|+(){}\]/-]/, '\\$&');
  }
  return new RegExp(`^(?:${source})$`, 's');
}

/** A `~regex` pattern: Python's syntax, tied to the beginning of the name. Undefined when it is no regex. */
export function regexPattern(regex: string): RegExp | undefined {
  const source = regex.replace(/\(\?P</g, '(?<').replace(/\(\?P=(\w+)\)/g, '\\k<$1>').replace(/\\A/g, '^').replace(/\\Z/g, '$');
  try {
    return new RegExp(`^(?:${source})`);
  } catch {
    return undefined;
  }
}

function closingBracket(glob: string, open: number): number {
  let from = open + 1;
  if (glob[from] === '!') from++;
  if (glob[from] === ']') from++;
  return glob.indexOf(']', from);
}

function bracketSet(inside: string): string {
  const negated = inside.startsWith('!');
  const set = (negated ? inside.slice(1) : inside).replace(/[\\\]^[]/g, '\\$&');
  // A range that runs backwards matches nothing, and is an error in JavaScript.
  const usable = set.replace(/(\\.|[^\\])-(\\.|[^\\])/g, (pair, from: string, to: string) => (from.slice(-1) > to.slice(-1) ? '' : pair));
  if (usable === '') return negated ? '.' : '(?!)';
  return `[${negated ? '^' : ''}${usable}]`;
}

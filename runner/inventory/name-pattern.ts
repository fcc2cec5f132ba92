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
  const parts = rangeParts(negated ? inside.slice(1) : inside);
  const usable = parts.map((part) => part.replace(/[\\\]^[-]/g, '\\$&')).join('-');
  if (usable === '') return negated ? '.' : '(?!)';
  return `[${negated ? '^' : ''}${usable}]`;
}

/** A set, cut at the dashes that stand between the ends of a range. A range that runs backwards holds nothing, and is an error in JavaScript. */
function rangeParts(set: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (let dash = set.indexOf('-', 1); dash !== -1; dash = set.indexOf('-', dash + 3)) {
    parts.push(set.slice(from, dash));
    from = dash + 1;
  }
  const last = set.slice(from);
  if (last !== '' || parts.length === 0) parts.push(last);
  else parts.push(`${parts.pop() ?? ''}-`);
  for (let at = parts.length - 1; at > 0; at--) {
    const [before = '', after = ''] = parts.slice(at - 1, at + 1);
    if (before.slice(-1) > after.slice(0, 1)) parts.splice(at - 1, 2, before.slice(0, -1) + after.slice(1));
  }
  return parts;
}

/** A shell pattern (`*`, `?`, `[a-z]`, `[!a]`) as a regular expression for a whole name, as Python's fnmatch reads it. */
export function globRegex(pattern: string): RegExp {
  const source = pattern.replace(/\*|\?|\[(!?)(\]?[^\]]*)\]|[.+^${}()|[\]\\]/g, (found: string, not?: string, set?: string) => {
    if (found === '*') return '[\\s\\S]*';
    if (found === '?') return '[\\s\\S]';
    if (set === undefined) return `\\${found}`;
    return `[${not ? '^' : ''}${set.replace(/[\\\]^[]/g, '\\$&')}]`;
  });
  return new RegExp(`^${source}$`);
}

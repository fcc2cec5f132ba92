/** What an old-style lookup term says: `word word key=value key="value with spaces"`. */
export function keyValues(term: string): { readonly words: readonly string[]; readonly named: ReadonlyMap<string, string> } {
  const words: string[] = [];
  const named = new Map<string, string>();
  for (const [token] of term.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)) {
    const [, name, value = ''] = /^(\w+)=([^]*)$/.exec(token) ?? [];
    if (name === undefined) words.push(token);
    else named.set(name, value.replace(/^(["'])([^]*)\1$/, '$2'));
  }
  return { words, named };
}

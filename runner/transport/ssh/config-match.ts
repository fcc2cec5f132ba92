/** Whether a name fits one pattern of ssh_config or known_hosts: `*` any run, `?` one character. Case counts. */
export function fitsPattern(pattern: string, name: string): boolean {
  // Most are plain names, and a fleet compares each of its hosts with each line.
  if (!pattern.includes('*') && !pattern.includes('?')) return pattern === name;
  const source = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^(?:${source})$`, 's').test(name);
}

/** Whether a name fits a list: one pattern at least, and none of the negated ones. */
export function fitsList(patterns: readonly string[], name: string): boolean {
  if (patterns.some((pattern) => pattern.startsWith('!') && fitsPattern(pattern.slice(1), name))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && fitsPattern(pattern, name));
}

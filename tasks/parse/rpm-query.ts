/** Names asked of rpm that nothing installed answers to. */
function parseRpmMissing(stdout: string): ReadonlySet<string> {
  const missing = new Set<string>();
  for (const line of stdout.split('\n')) {
    const match =
      /^package (.+) is not installed$/.exec(line) ??
      /^no package provides (.+)$/.exec(line) ??
      /^(?:error: )?file (.+?): No such file or directory$/.exec(line) ??
      /^file (.+) is not owned by any package$/.exec(line);
    if (match?.[1] !== undefined) missing.add(match[1]);
  }
  return missing;
}

/** The installed ones among the names, given what `rpm -q` and `rpm -q --whatprovides` said of all of them: a name counts when either knows it. */
export function parseInstalled(names: readonly string[], byName: string, byProvides: string): ReadonlySet<string> {
  const unnamed = parseRpmMissing(byName);
  const unprovided = parseRpmMissing(byProvides);
  return new Set(names.filter((name) => !unnamed.has(name) || !unprovided.has(name)));
}

/** `name` of `name.arch  version  repository` lines of `check-update` or `list available`; long lines are wrapped by yum. */
export function parseUpdates(stdout: string): ReadonlySet<string> {
  const body = stdout.split(/^Obsoleting Packages/m)[0] ?? '';
  const joined = body.replace(/\n[ \t]+/g, ' ');
  const rows = joined.split('\n').map((line) => /^(\S+)\.[a-z0-9_]+\s+\S+\s+\S+\s*$/.exec(line));
  return new Set(rows.flatMap((match) => (match?.[1] === undefined ? [] : [match[1]])));
}

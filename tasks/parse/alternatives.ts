/** A slave of an alternative. */
export interface Slave {
  readonly name: string;
  readonly path: string;
  readonly link?: string | undefined;
}

/** What `update-alternatives --display` says of a name. */
export interface Alternatives {
  readonly mode: string;
  readonly current?: string;
  readonly link?: string;
  /** By path. */
  readonly choices: ReadonlyMap<string, { readonly priority: number; readonly slaves: readonly Slave[] }>;
}

/** Reads what `update-alternatives --display` prints, in Debian's words or in chkconfig's. */
export function parseAlternatives(text: string): Alternatives | null {
  const mode = /\s-\s(?:status\sis\s)?(\w*)(?:\smode|.)$/m.exec(text)?.[1];
  if (mode === undefined) return null;
  const current = /^\s*link currently points to (.*)$/m.exec(text)?.[1];
  const link = /^\s*link \w+ is (.*)$/m.exec(text)?.[1];
  const links = new Map([...text.matchAll(/^\s*(?:slave|follower) (\S+) is (.*)$/gm)].map(([, name = '', path = '']) => [name, path]));
  const choices = new Map<string, { priority: number; slaves: Slave[] }>();
  let slaves: Slave[] = [];
  for (const line of text.split('\n')) {
    const [, path, priority] = /^(\/.*)\s-\s(?:family\s\S+\s)?priority\s(\d+)/.exec(line) ?? [];
    const [, name, target] = /^\s+(?:slave|follower) ([^:]*): (.*)$/.exec(line) ?? [];
    if (path !== undefined) choices.set(path, { priority: Number(priority), slaves: (slaves = []) });
    else if (name !== undefined && target !== undefined && target !== '(null)') slaves.push({ name, path: target, link: links.get(name) });
  }
  return { mode, choices, ...(current !== undefined && { current }), ...(link !== undefined && { link }) };
}

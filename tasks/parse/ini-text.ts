/** A section of an ini file as Python's configparser reads one: keys in lower case, values of several lines joined by `\n`. */
export interface IniSection {
  readonly name: string;
  readonly values: ReadonlyMap<string, string>;
}

/** Reads an ini file; comments and blank lines are left out. */
export function parseIni(text: string): readonly IniSection[] {
  const sections: { name: string; values: Map<string, string> }[] = [];
  let key: string | undefined;
  for (const line of text.split('\n')) {
    const values = sections.at(-1)?.values;
    if (/^\s*([#;]|$)/.test(line)) continue;
    const head = /^\[([^\]]+)\]/.exec(line);
    const pair = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line);
    if (head) sections.push({ name: head[1] ?? '', values: new Map() });
    else if (/^\s/.test(line) && key !== undefined && values) values.set(key, `${values.get(key) ?? ''}\n${line.trim()}`);
    else if (pair && values) values.set((key = (pair[1] ?? '').toLowerCase()), pair[2] ?? '');
    if (head) key = undefined;
  }
  return sections;
}

/** Writes an ini file as Python's configparser does. */
export function formatIni(sections: readonly IniSection[]): string {
  return sections.map(({ name, values }) => `[${name}]\n${[...values].map(([key, value]) => `${key} = ${value.replaceAll('\n', '\n\t')}\n`).join('')}\n`).join('');
}

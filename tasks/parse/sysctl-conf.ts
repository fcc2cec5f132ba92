/** A value as the kernel shows it: runs of white space are one space. */
export function plainSysctlValue(value: string): string {
  return value.trim().replace(/\s+/g, ' ');
}

/** A name with dots between its parts: one written with slashes first has dots inside its parts (`net/ipv4/conf/eth0.1/x`), which become slashes. */
export function plainSysctlName(name: string): string {
  return /^[^./]*\//.test(name) ? name.replace(/[./]/g, (mark) => (mark === '/' ? '.' : '/')) : name;
}

/** The value a sysctl.conf gives a token (the last one counts); undefined when it gives none. */
export function sysctlConfValue(text: string, name: string): string | undefined {
  return entries(text).findLast((entry) => entry.name === name)?.value;
}

interface Entry {
  readonly line: string;
  readonly name?: string;
  readonly value?: string;
}

function entries(text: string): readonly Entry[] {
  return text.split('\n').map((line) => {
    const found = /^\s*(?![#;])([^=\s]+)\s*=(.*)$/.exec(line);
    return found ? { line, name: plainSysctlName(found[1] ?? ''), value: plainSysctlValue(found[2] ?? '') } : { line };
  });
}

/** The text with the token set in one place, or (undefined) in none. */
export function setSysctlConf(text: string, name: string, value: string | undefined): string {
  const list = entries(text === '' || text.endsWith('\n') ? text : `${text}\n`);
  const last = list.findLastIndex((entry) => entry.name === name);
  const wanted = `${name}=${value ?? ''}`;
  const lines = list.flatMap((entry, index) => {
    if (entry.name !== name) return [entry.line];
    if (value === undefined || index !== last) return [];
    return [entry.value === plainSysctlValue(value) ? entry.line : wanted];
  });
  if (value !== undefined && last === -1) lines.splice(-1, 0, wanted);
  return lines.join('\n');
}

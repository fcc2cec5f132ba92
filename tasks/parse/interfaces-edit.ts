/** An option of an interface in /etc/network/interfaces. */
export interface InterfaceWish {
  readonly iface: string;
  readonly family: string | undefined;
  readonly option: string;
  readonly value: string | undefined;
  readonly state: 'present' | 'absent';
}

/** Options that may stand there several times, each with a command. */
const COMMANDS = ['pre-up', 'up', 'down', 'post-up'];

interface Line {
  readonly text: string;
  readonly option: string;
  readonly value: string;
}

/** Sets or removes an option; undefined when there is no such interface. All other lines stay. */
export function editInterface(text: string, wish: InterfaceWish): string | undefined {
  const lines = text.split('\n');
  const own = new Set<number>();
  const heads: number[] = [];
  let inside = false;
  lines.forEach((line, index) => {
    const [word = '', name, family] = line.trim().split(/\s+/);
    if (/^(iface|mapping|auto|allow-\S*|no-auto-down|no-scripts|source|source-directory)$/.test(word)) {
      inside = word === 'iface' && name === wish.iface && (wish.family === undefined || family === wish.family);
      if (inside) heads.push(index);
    } else if (inside && word !== '' && !word.startsWith('#')) own.add(index);
  });
  const head = heads.at(-1);
  if (head === undefined) return undefined;
  const parsed = (index: number): Line => {
    const [, option = '', value = ''] = /^\s*(\S+)\s*(.*?)\s*$/.exec(lines[index] ?? '') ?? [];
    return { text: lines[index] ?? '', option, value };
  };
  const { option, value = '' } = wish;
  const several = COMMANDS.includes(option);
  if (option === 'method') return lines.map((line, index) => (heads.includes(index) && wish.state === 'present' ? line.replace(/\S+(\s*)$/, `${value.replaceAll('$', '$$$$')}$1`) : line)).join('\n');
  const found = [...own].filter((index) => parsed(index).option === option);
  if (wish.state === 'absent') {
    const gone = new Set(found.filter((index) => !several || wish.value === undefined || parsed(index).value === value));
    return lines.filter((_, index) => !gone.has(index)).join('\n');
  }
  const last = found.at(-1);
  if (last !== undefined && (!several || found.some((index) => parsed(index).value === value))) {
    if (several || parsed(last).value === value) return text;
    return lines.with(last, `${/^\s*\S+\s*/.exec(lines[last] ?? '')?.[0] ?? ''}${value}`).join('\n');
  }
  const after = last ?? Math.max(head, ...own);
  const indent = own.size === 0 ? `${/^\s*/.exec(lines[head] ?? '')?.[0] ?? ''}    ` : (/^\s*/.exec(lines[after] ?? '')?.[0] ?? '');
  return lines.toSpliced(after + 1, 0, `${indent}${option} ${value}`).join('\n');
}

/** Options of one host in an ssh_config, by keyword in small letters. */
export type SshOptions = ReadonlyMap<string, readonly string[]>;

/** What an edit came to. */
export interface SshConfigEdited {
  readonly text: string;
  /** Options of each block of that name before and after; none where there was no such block. */
  readonly blocks: readonly { readonly before: SshOptions; readonly after: SshOptions }[];
}

interface Line {
  readonly text: string;
  /** In small letters; undefined for comments and empty lines. */
  readonly key: string | undefined;
  readonly value: string;
}

/** Begin another block. */
const HEADS = new Set(['host', 'match']);

function readLine(text: string): Line {
  const [, key, value = ''] = /^\s*([A-Za-z][A-Za-z0-9]*)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(text) ?? [];
  return { text, key: key?.toLowerCase(), value };
}

function isHost(line: Line | undefined, host: string): boolean {
  return line?.key === 'host' && line.value.split(/\s+/).join(' ') === host;
}

function optionsOf(lines: readonly Line[]): SshOptions {
  const options = new Map<string, string[]>();
  for (const { key, value } of lines) if (key !== undefined) options.set(key, [...(options.get(key) ?? []), value]);
  return options;
}

/**
 * Gives every block of a host the wanted values; a keyword that is not named stays as it is. Without such a block one is added at the end. All
 * other lines stay, byte for byte.
 */
export function setSshHost(text: string, host: string, wanted: ReadonlyMap<string, string>): SshConfigEdited {
  const blocks: { before: SshOptions; after: SshOptions }[] = [];
  const out = overBlocks(text, host, (head, body) => {
    const after = setOptions(body, wanted);
    blocks.push({ before: optionsOf(body), after: optionsOf(after) });
    return [head, ...after];
  });
  if (blocks.length > 0) return { text: out, blocks };
  if (wanted.size === 0) return { text, blocks };
  const added = [`Host ${host}`, ...[...wanted].map(([key, value]) => `    ${key} ${value}`)].map((line) => `${line}\n`).join('');
  return { text: (text === '' || text.endsWith('\n') ? text : `${text}\n`) + added, blocks: [{ before: new Map(), after: new Map([...wanted].map(([key, value]) => [key, [value]])) }] };
}

/** The text without the blocks of a host; comments in them stay. */
export function dropSshHost(text: string, host: string): SshConfigEdited {
  const blocks: { before: SshOptions; after: SshOptions }[] = [];
  const out = overBlocks(text, host, (_head, body) => {
    blocks.push({ before: optionsOf(body), after: new Map() });
    return body.filter(({ key }) => key === undefined);
  });
  return { text: out, blocks };
}

function overBlocks(text: string, host: string, edit: (head: Line, body: readonly Line[]) => readonly Line[]): string {
  const ends = text.endsWith('\n');
  const lines = (ends ? text.slice(0, -1) : text).split('\n').map(readLine);
  const out: Line[] = [];
  for (let at = 0; at < lines.length; ) {
    const head = lines[at];
    if (!head || !isHost(head, host)) {
      if (head) out.push(head);
      at++;
      continue;
    }
    let end = at + 1;
    while (end < lines.length && !HEADS.has(lines[end]?.key ?? '')) end++;
    out.push(...edit(head, lines.slice(at + 1, end)));
    at = end;
  }
  const joined = out.map((line) => line.text).join('\n');
  return ends && joined !== '' ? `${joined}\n` : joined;
}

function setOptions(body: readonly Line[], wanted: ReadonlyMap<string, string>): readonly Line[] {
  const indent = /^\s*/.exec(body.find(({ key }) => key !== undefined)?.text ?? '    ')?.[0] ?? '';
  const lines = [...body];
  for (const [key, value] of wanted) {
    const there = lines.filter((line) => line.key === key);
    // Of several values, such as identity files, one may be the wanted one: the others are no hindrance.
    if (there.some((line) => line.value === value)) continue;
    const [first] = there;
    const place = first ? lines.indexOf(first) : lines.findLastIndex((line) => line.key !== undefined) + 1;
    for (const line of there) lines.splice(lines.indexOf(line), 1);
    lines.splice(place, 0, readLine(`${indent}${key} ${value}`));
  }
  return lines;
}

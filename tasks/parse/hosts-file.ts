/** One line of /etc/hosts: an entry, or anything else kept as it is. */
interface HostsLine {
  readonly text: string;
  readonly address?: string;
  readonly names: readonly string[];
}

/** What shall hold of the file. */
export interface HostsWish {
  readonly ip: string;
  readonly names: readonly string[];
  readonly present: boolean;
  /** Also take the names off the lines of 127.* and ::1. */
  readonly notLoopback: boolean;
}

/** Whether an address is this machine itself. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** Reads the lines of a hosts file. */
export function parseHosts(text: string): readonly HostsLine[] {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => {
      const [address, ...names] = (line.split('#')[0] ?? '').trim().split(/\s+/);
      return address ? { text: line, address, names } : { text: line, names: [] };
    });
}

/**
 * The text of the file with an entry put right: the names on the line of their address and on no other of its family; comments, blanks and
 * the order of lines stay. Lines left without a name go.
 */
export function withHostsEntry(text: string, { ip, names, present, notLoopback }: HostsWish): string {
  const lines = text === '' ? [] : parseHosts(text);
  const family = ip.includes(':');
  const own = lines.filter(({ address }) => address === ip);
  const missing = present ? names.filter((name) => !own.some((line) => line.names.includes(name))) : [];
  const out: string[] = [];
  for (const line of lines) {
    const { address } = line;
    const strip =
      address !== undefined && (present ? address !== ip && (isLoopback(address) ? notLoopback : address.includes(':') === family) : address === ip);
    if (line === own[0] && missing.length > 0) out.push(append(line.text, missing));
    else if (strip && line.names.some((name) => names.includes(name))) {
      if (line.names.some((name) => !names.includes(name))) out.push(without(line.text, names));
    } else out.push(line.text);
  }
  if (missing.length > 0 && own.length === 0) out.push(`${ip}\t${missing.join(' ')}`);
  return out.length === 0 ? '' : `${out.join('\n')}\n`;
}

function append(line: string, names: readonly string[]): string {
  const [, entry = line, comment = ''] = /^(.*?)(\s*(?:#.*)?)$/.exec(line) ?? [];
  return `${entry} ${names.join(' ')}${comment}`;
}

function without(line: string, names: readonly string[]): string {
  const [, entry = line, comment = ''] = /^([^#]*?)(\s*(?:#.*)?)$/.exec(line) ?? [];
  const parts = entry.match(/\s*\S+/g) ?? [];
  return parts.filter((part, index) => index === 0 || !names.includes(part.trim())).join('') + comment;
}

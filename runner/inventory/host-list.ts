import { addHost } from './change.ts';
import { hostNames } from './range.ts';
import type { Reading } from './source.ts';

/** Reads `-i 'a,b:2222,web[1:3],'`; what cannot be read as a host with a port or range is taken as a name. */
export function readHostList(reading: Reading): void {
  let at = 0;
  for (const part of reading.file.text.split(',')) {
    const name = part.trim();
    const start = at + part.indexOf(name);
    at += part.length + 1;
    if (name === '') continue;
    const named = hostNames(name);
    const { hosts, port } = 'error' in named ? { hosts: [name] } : { port: undefined, ...named };
    for (const host of hosts) {
      if (reading.inventory.hosts.has(host)) continue;
      const span = { file: reading.file, start, end: start + name.length };
      addHost(reading.inventory, host, { group: 'ungrouped', source: reading.source, folder: reading.folder, at: span, ...(port !== undefined && { port }) });
    }
  }
}

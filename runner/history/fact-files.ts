import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FactCache } from '../engine/request.ts';
import type { JsonObject } from '../util/json.ts';

/** Where facts are kept, for how many seconds (0: for ever), and which texts may not be among them. */
export interface FactFilesOptions {
  readonly folder: string;
  readonly prefix: string;
  readonly timeout: number;
  holdsSecret(text: string): boolean;
}

/** Facts in one JSON file per host, as Ansible's `jsonfile` keeps them. A file that cannot be read counts as none. */
export function factFiles({ folder, prefix, timeout, ...options }: FactFilesOptions): FactCache {
  const pathOf = (host: string): string => join(folder, basename(`${prefix}${host}`));
  return {
    read(host) {
      try {
        const path = pathOf(host);
        if (timeout > 0 && Date.now() - statSync(path).mtimeMs > timeout * 1000) return undefined;
        const facts: unknown = JSON.parse(readFileSync(path, 'utf8'));
        return typeof facts === 'object' && facts !== null && !Array.isArray(facts) ? (facts as JsonObject) : undefined;
      } catch {
        return undefined;
      }
    },
    write(host, facts) {
      const kept = Object.fromEntries(Object.entries(facts).filter(([, value]) => !options.holdsSecret(JSON.stringify(value))));
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const path = pathOf(host);
      writeFileSync(`${path}.${process.pid}.tmp`, JSON.stringify(kept, null, 4), { mode: 0o600 });
      renameSync(`${path}.${process.pid}.tmp`, path);
    },
    forget: (host) => rmSync(pathOf(host), { force: true }),
  };
}

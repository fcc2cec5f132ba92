import { posix } from 'node:path';
import type { FileStat } from '../task/host.ts';

/** What stands at a path of a fake host: a file's text, or more about it. */
export type FakeFile =
  | string
  | { readonly content: string | Buffer; readonly mode?: string; readonly owner?: string; readonly group?: string; readonly mtime?: number }
  | { readonly directory: true; readonly mode?: string; readonly owner?: string; readonly group?: string; readonly mtime?: number }
  | { readonly link: string }
  | { readonly special: 'fifo' | 'socket' | 'block' | 'char' };

/** One object of the fake file system; two paths with the same entry are hard links. */
export interface FakeEntry {
  type: FileStat['type'];
  content: Buffer;
  mode: string;
  owner: string;
  group: string;
  mtime: number;
  target?: string;
  readonly inode: number;
}

/** A file system in memory with links, owners and modes: enough for modules, nothing more. */
export class FakeFiles {
  readonly #entries = new Map<string, FakeEntry>();
  #inode = 100;

  constructor(files: Readonly<Record<string, FakeFile>> = {}) {
    this.#entries.set('/', this.#entry({ type: 'directory', mode: '0755' }));
    for (const folder of ['/tmp', '/etc', '/root']) this.put(folder, { directory: true });
    for (const [path, file] of Object.entries(files)) this.put(path, file);
  }

  /** Puts something at a path, parents included, replacing what was there. */
  put(path: string, file: FakeFile): void {
    const at = posix.normalize(path).replace(/(.)\/$/, '$1');
    const parent = posix.dirname(at);
    if (!this.#entries.has(parent)) this.put(parent, { directory: true });
    this.#entries.set(at, this.#fromSpec(file));
  }

  /** The entry at a path; the last component is followed when asked. Broken or circular links give undefined. */
  get(path: string, follow = true): FakeEntry | undefined {
    const real = this.resolve(path, follow);
    return real === undefined ? undefined : this.#entries.get(real);
  }

  /** The path with its links resolved; its last component need not exist. Undefined when a parent is missing or links are circular. */
  resolve(path: string, follow = true, budget = 40): string | undefined {
    const parts = posix.normalize(path).split('/').filter(Boolean);
    let at = '/';
    for (const [index, part] of parts.entries()) {
      const last = index === parts.length - 1;
      const next = posix.join(at, part);
      const entry = this.#entries.get(next);
      if (entry?.target !== undefined && (!last || follow)) {
        if (budget === 0) return undefined;
        return this.resolve(posix.join(posix.resolve(at, entry.target), ...parts.slice(index + 1)), follow, budget - 1);
      }
      if (!last && entry?.type !== 'directory') return undefined;
      at = next;
    }
    return at;
  }

  /** Makes two paths one file. */
  hardLink(path: string, entry: FakeEntry): void {
    this.#entries.set(path, entry);
  }

  /** Removes what stands at a path and all below it. */
  remove(path: string): void {
    const at = this.resolve(path, false);
    if (at === undefined) return;
    for (const each of this.paths(at)) this.#entries.delete(each);
  }

  /** The path itself, if it exists, and all below it, sorted. */
  paths(under = '/'): readonly string[] {
    const prefix = under === '/' ? '/' : `${under}/`;
    return [...this.#entries.keys()].filter((path) => path === under || path.startsWith(prefix)).sort();
  }

  /** How many paths lead to an entry. */
  linksTo(entry: FakeEntry): number {
    return entry.type === 'directory' ? 2 : [...this.#entries.values()].filter((each) => each === entry).length;
  }

  /** All that can be seen, as data: equal before and after means nothing has changed. */
  snapshot(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.paths().map((path) => {
      const { inode: _inode, content, ...rest } = this.#entries.get(path)!;
      return [path, { ...rest, content: content.toString('latin1') }];
    }));
  }

  #fromSpec(file: FakeFile): FakeEntry {
    if (typeof file === 'string') return this.#entry({ type: 'file', content: Buffer.from(file) });
    if ('link' in file) return this.#entry({ type: 'link', mode: '0777', target: file.link });
    if ('special' in file) return this.#entry({ type: file.special });
    const { mode, owner = 'root', group = 'root', mtime = 1_700_000_000 } = file;
    if ('directory' in file) return this.#entry({ type: 'directory', mode: fourDigits(mode ?? '0755'), owner, group, mtime });
    return this.#entry({ type: 'file', content: Buffer.from(file.content), mode: fourDigits(mode ?? '0644'), owner, group, mtime });
  }

  #entry(given: Partial<FakeEntry> & Pick<FakeEntry, 'type'>): FakeEntry {
    this.#inode += 1;
    return { content: Buffer.alloc(0), mode: '0644', owner: 'root', group: 'root', mtime: 1_700_000_000, ...given, inode: this.#inode };
  }
}

/** `644` and `0644` as `0644`. */
export function fourDigits(mode: string): string {
  return mode.padStart(4, '0');
}

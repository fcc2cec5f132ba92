import { hash } from 'node:crypto';
import { posix } from 'node:path';
import type { Change, FileSpec } from '../../task/change.ts';
import { commandOptions, commandsOf, VALUED } from '../../task/split-commands.ts';
import { TaskFailure } from '../../task/failure.ts';
import type { FileStat, Observer } from '../../task/host.ts';
import { own } from '../../util/own.ts';
import { folderOf, normalized } from '../../util/posix-path.ts';

interface Entry {
  readonly type: 'file' | 'directory' | 'link';
  readonly content?: Buffer;
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  /** Where they are known as numbers. */
  readonly uid?: number;
  readonly gid?: number;
  readonly target?: string;
}

/**
 * The files of a host as they will be once the changes predicted so far are made: what later tasks of a check look at, so that the
 * second edit of a file is predicted on top of the first. Knows writes, removals and plain file commands; everything else a
 * task would do stays unforeseen, and what hangs on it is reported as undetermined.
 */
export class ForeseenFiles {
  readonly #entries = new Map<string, Entry | null>();

  /** Takes note of changes that were predicted. */
  async take(changes: readonly Change[], host: Observer): Promise<void> {
    for (const step of changes.flatMap((change) => change.steps)) {
      if ('write' in step) await this.#write(step.write, host);
      else if ('upload' in step) await this.#write(step.upload.file, host);
      else if ('remove' in step) this.#gone(step.remove);
      else if ('run' in step) for (const words of commandsOf(step.run) ?? []) await this.#command(words, host);
    }
  }

  /** The host as it will be. */
  observer(host: Observer): Observer {
    if (this.#entries.size === 0) return host;
    return {
      ...host,
      stat: async (path, options) => this.stat(host, path, options),
      readFile: async (path, options) => {
        const entry = this.#at(path, true);
        return entry === undefined ? host.readFile(path, options) : contentOf(entry, path);
      },
      checksum: async (path, algorithm = 'sha256', options = {}) => {
        const entry = this.#at(path, true);
        if (entry === undefined) return host.checksum(path, algorithm, options);
        const content = contentOf(entry, path);
        return content && hash(algorithm, content);
      },
    };
  }

  /** The object that will be at a path. */
  stat(host: Observer, path: string, options?: { readonly follow?: boolean }): Promise<FileStat | null> {
    const entry = this.#at(path, options?.follow === true);
    return entry === undefined ? host.stat(path, options) : Promise.resolve(entry && statOf(entry));
  }

  /** What will be at a path: an entry, null for nothing, undefined when the host itself has to say. */
  #at(given: string, follow: boolean): Entry | null | undefined {
    if (this.#entries.size === 0) return undefined;
    const path = normalized(given).replace(/(.)\/$/, '$1');
    const entry = this.#entries.get(path);
    if (entry?.type === 'link' && follow) return this.#at(posix.resolve(folderOf(path), entry.target ?? ''), true);
    if (entry !== undefined) return entry;
    for (let parent = folderOf(path); parent !== '/' && parent !== '.'; parent = folderOf(parent)) {
      const above = this.#entries.get(parent);
      // A folder that is gone or new has nothing in it but what was foreseen.
      if (above !== undefined) return null;
    }
    return undefined;
  }

  async #write(file: Omit<FileSpec, 'content'> & Partial<FileSpec>, host: Observer): Promise<void> {
    const before = await this.stat(host, file.path, { follow: true });
    // A file that will be there has a folder, whoever makes it (a package, say): later tasks may count on it.
    await this.#folder(posix.dirname(file.path), host);
    this.#entries.set(normalized(file.path), {
      type: 'file',
      ...(file.content !== undefined && { content: Buffer.from(file.content) }),
      mode: file.mode ?? before?.mode ?? '0644',
      owner: file.owner ?? before?.owner ?? 'root',
      group: file.group ?? before?.group ?? 'root',
      ...(file.owner === undefined && before && { uid: before.uid }),
      ...(file.group === undefined && before && { gid: before.gid }),
    });
  }

  async #command([verb, ...words]: readonly string[], host: Observer): Promise<void> {
    const { options, operands } = commandOptions(words, own(VALUED, verb ?? ''));
    if (verb === 'install' && options.has('d')) {
      for (const path of operands) {
        await this.#folder(path, host);
        for (const [option, each] of [['m', 'chmod'], ['o', 'chown'], ['g', 'chgrp']] as const) {
          const value = options.get(option);
          if (value !== undefined) await this.#attribute(each, value, path, host);
        }
      }
      return;
    }
    if (verb === 'mkdir') for (const path of operands) await this.#folder(path, host);
    if (verb === 'rm' || verb === 'rmdir') for (const path of operands) this.#gone(path);
    if (verb === 'ln' && words.some((word) => /^-\w*s/.test(word))) {
      const [target = '', path = ''] = operands;
      this.#entries.set(path, { type: 'link', target, mode: '0777', owner: 'root', group: 'root' });
    }
    const [value = '', ...paths] = operands;
    for (const path of paths) await this.#attribute(verb, value, path, host);
  }

  #gone(path: string): void {
    for (const known of this.#entries.keys()) if (known.startsWith(`${path}/`)) this.#entries.delete(known);
    this.#entries.set(path, null);
  }

  async #folder(path: string, host: Observer): Promise<void> {
    if (path === '/' || path === '.' || (await this.stat(host, path, { follow: true }))) return;
    await this.#folder(posix.dirname(path), host);
    this.#entries.set(path, { type: 'directory', mode: '0755', owner: 'root', group: 'root' });
  }

  async #attribute(verb: string | undefined, value: string, path: string, host: Observer): Promise<void> {
    const entry = this.#entries.get(path);
    // Only of what is new: the attributes of what is there already are predicted once, and nobody asks for them again.
    if (!entry) return;
    if (verb === 'chmod' && /^[0-7]{3,4}$/.test(value)) this.#entries.set(path, { ...entry, mode: value.padStart(4, '0') });
    if (verb === 'chgrp') this.#entries.set(path, { ...withoutIds(entry), group: await nameOf(host, 'group', value) });
    if (verb === 'chown') {
      const [owner = '', group] = value.split(':');
      this.#entries.set(path, { ...withoutIds(entry), owner: await nameOf(host, 'passwd', owner), ...(group !== undefined && { group }) });
    }
  }
}

/** What will be in a file. @throws TaskFailure for one that is streamed, of which nobody here has the bytes */
function contentOf(entry: Entry | null, path: string): Buffer | null {
  if (entry?.type !== 'file') return null;
  if (entry.content === undefined) throw new TaskFailure(`what will be in ${path} is not known before it is copied`);
  return entry.content;
}

function withoutIds({ uid: _user, gid: _group, ...entry }: Entry): Entry {
  return entry;
}

/** Ids are shown by name where the host knows one. */
async function nameOf(host: Observer, database: string, value: string): Promise<string> {
  return /^\d+$/.test(value) ? ((await host.getent(database, value))?.[0] ?? value) : value;
}

function statOf(entry: Entry): FileStat {
  const { type, mode, owner, group, target, uid = owner === 'root' ? 0 : -1, gid = group === 'root' ? 0 : -1 } = entry;
  return {
    type, mode, owner, group, uid, gid, size: entry.content?.length ?? 0,
    mtime: Math.floor(Date.now() / 1000), inode: 0, device: '0', links: 1, ...(target !== undefined && { target }),
  };
}

import { chmodSync, lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hostAccess } from '../../runner/transport/access.ts';
import { createActuator } from '../../runner/transport/actuator.ts';
import { localTransport } from '../../runner/transport/local/transport.ts';
import { createObserver } from '../../runner/transport/observer.ts';
import { HostSession } from '../../runner/transport/session.ts';
import type { FakeFile } from '../../runner/testing/fake-files.ts';
import type { TestHost } from '../../runner/testing/run-task.ts';
import type { JsonObject } from '../../runner/util/json.ts';

/** This machine through a real shell, as modules see it. */
export function shellHost(shell = '/bin/sh'): TestHost & { close(): Promise<void> } {
  const session = new HostSession({ name: 'local', transport: 'local', address: 'localhost' }, localTransport(), { shell });
  const access = hostAccess(session);
  const { signal } = new AbortController();
  return { observer: createObserver(access, signal), actuator: createActuator(access, signal), close: () => session.close() };
}

/** Makes the files of a case below a real folder. */
export function makeFiles(root: string, files: Readonly<Record<string, FakeFile>>): void {
  for (const [path, file] of Object.entries(files)) {
    const at = join(root, path);
    mkdirSync(dirname(at), { recursive: true });
    if (typeof file === 'string') writeFileSync(at, file, { mode: 0o644 });
    else if ('link' in file) symlinkSync(file.link.startsWith('/') ? join(root, file.link) : file.link, at);
    else if ('directory' in file) mkdirSync(at, { recursive: true });
    else if ('content' in file) writeFileSync(at, file.content);
    if (typeof file === 'object' && 'mode' in file && file.mode !== undefined) chmodSync(at, Number.parseInt(file.mode, 8));
  }
}

/** What is at a path, in the form of a case's `files`. */
export function seen(root: string, path: string): JsonObject | null {
  const at = join(root, path);
  const stat = lstatSync(at, { throwIfNoEntry: false });
  if (!stat) return null;
  const mode = (stat.mode & 0o7777).toString(8).padStart(4, '0');
  if (stat.isSymbolicLink()) return { type: 'link', target: readlinkSync(at).replace(root, '') };
  return stat.isDirectory() ? { type: 'directory', mode } : { type: 'file', mode, content: readFileSync(at, 'utf8') };
}

/** Parameters with the paths of a case moved below a real folder. */
export function below(root: string, params: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, ['path', 'dest', 'src'].includes(name) && typeof value === 'string' && value.startsWith('/') ? root + value : value]));
}

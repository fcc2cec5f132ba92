import { posix } from 'node:path';
import type { Controller } from '../task/define.ts';
import { TaskFailure } from '../task/failure.ts';
import type { Json } from '../util/json.ts';

/** The controller's side as a test imagines it. */
export interface FakeControllerSpec {
  /** By path, relative to the playbook or absolute. */
  readonly files?: Readonly<Record<string, string | { readonly content: string | Buffer; readonly mode?: string }>>;
  /** What a template renders to, by path; without it, its own text. */
  readonly rendered?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, Json>>;
  readonly hostname?: string;
  readonly check?: boolean;
}

/** Makes a controller in memory for modules that read files or templates in `prepare`. */
export function fakeController(spec: FakeControllerSpec = {}): Controller {
  const files = new Map<string, { content: Buffer; mode: string }>();
  for (const [path, file] of Object.entries(spec.files ?? {})) {
    const { content, mode = '0644' } = typeof file === 'string' ? { content: file } : file;
    files.set(posix.resolve('/playbooks', path), { content: Buffer.from(content), mode });
  }
  const below = (path: string): string[] => [...files.keys()].filter((each) => each.startsWith(`${path}/`)).map((each) => each.slice(path.length + 1));
  const readFile = async (path: string): Promise<Buffer> => {
    const file = files.get(posix.resolve('/playbooks', path));
    if (!file) throw new TaskFailure(`Could not find or access '${path}'`);
    return file.content;
  };
  return {
    hostname: spec.hostname ?? 'fake',
    check: spec.check ?? false,
    variable: (name) => (name === 'playbook_dir' ? '/playbooks' : spec.variables?.[name]),
    readFile,
    async find(path, kind) {
      const places = [posix.resolve('/playbooks', kind, path), posix.resolve('/playbooks', path)];
      const found = places.find((place) => files.has(place) || below(place).length > 0);
      if (found === undefined) throw new TaskFailure(`Could not find or access '${path}'\nSearched in:\n\t${places.join('\n\t')}`);
      return found;
    },
    async listFiles(path) {
      const folders = new Set<string>();
      for (const each of below(path)) {
        const parts = each.split('/').slice(0, -1);
        parts.forEach((_, index) => folders.add(`${parts.slice(0, index + 1).join('/')}/`));
      }
      return [...folders, ...below(path)].sort();
    },
    async inspect(path) {
      const at = posix.resolve('/playbooks', path);
      const file = files.get(at);
      if (file) return { directory: false, size: file.content.length, mode: file.mode };
      return below(at).length > 0 ? { directory: true, size: 0, mode: '0755' } : null;
    },
    async render(path) {
      const at = posix.resolve('/playbooks', path);
      const ready = Object.entries(spec.rendered ?? {}).find(([each]) => at.endsWith(`/${each}`) || at === each);
      return ready ? ready[1] : (await readFile(at)).toString();
    },
  };
}

import type { LoadContext } from '../playbook/load-context.ts';
import { firstExisting, searchedFolders } from '../playbook/find-file.ts';
import type { Node, Play, Playbook, TaskNode } from '../playbook/model.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { readSource } from '../source/read-source.ts';
import { checkFile, type CheckedFile } from '../template/check-file.ts';
import { literalTree } from '../template/from-yaml.ts';
import { jinjaOptions } from '../template/jinja-options.ts';
import type { Tree } from '../template/tree.ts';
import { folderOf, resolvePath } from '../util/posix-path.ts';
import type { Expand } from './expansion.ts';

/** What shows in the file that a task renders; undefined where there is none, or only the run can know which. */
export type LookAtTemplate = (task: TaskNode, play: Play) => CheckedFile | undefined;

const NOTHING: CheckedFile = { diagnostics: [], sure: [] };

/** Looks at the template files of tasks, each file once. */
export function templateFiles(load: LoadContext): LookAtTemplate {
  const known = new Map<string, CheckedFile>();
  return (task, play) => {
    const { module, args } = task;
    if ((module !== 'template' && module !== 'config') || !(args instanceof Map)) return undefined;
    const given = args as ReadonlyMap<string, Tree>;
    const src = literalTree(given.get('src') ?? null);
    if (typeof src !== 'string' || src.startsWith('~') || (module === 'config' && !/\.(?:hbs|j2)$/.test(src))) return undefined;
    const path = firstExisting(src.startsWith('/') ? [src] : searchedFolders(task, folderOf(play.path), 'templates').map((folder) => resolvePath(folder, src)), load);
    // How the file is to be read must be known as well.
    const options = module === 'template' ? literalTree(new Map([...given].filter(([name]) => /_(?:blocks|string)$/.test(name)))) : {};
    if (path === undefined || typeof options !== 'object' || options === null || Array.isArray(options)) return undefined;
    const key = `${path}\0${JSON.stringify(options)}`;
    let checked = known.get(key);
    if (!checked) known.set(key, (checked = look(path, options as Parameters<typeof jinjaOptions>[0], load)));
    return withContext(checked, given.get('context'));
  };
}

function look(path: string, options: Parameters<typeof jinjaOptions>[0], { files, environment }: LoadContext): CheckedFile {
  try {
    const file = readSource(files, path);
    return file ? checkFile(file, environment, jinjaOptions(options)) : NOTHING;
  } catch {
    // It is there and cannot be read: the task that renders it says so.
    return NOTHING;
  }
}

/** Names that the task itself hands to its template are no variables of the run. */
function withContext(checked: CheckedFile, context: Tree | undefined): CheckedFile {
  if (context === undefined || context === null) return checked;
  return { ...checked, sure: context instanceof Map ? checked.sure.filter(({ name }) => !context.has(name)) : [] };
}

/**
 * What is wrong in the template files of a run. Behind a condition it is a warning: the file may be for systems that this run has not.
 * Where a failure would be ignored or rescued, the run is left to find out.
 */
export function templateProblems(playbooks: readonly Playbook[], expand: Expand, look: LookAtTemplate): readonly Diagnostic[] {
  const found = new Map<Diagnostic, Diagnostic>();
  const seen = new Set<unknown>();
  const take = ({ directives }: TaskNode, diagnostics: readonly Diagnostic[]): void => {
    if (directives.ignoreErrors !== undefined && literalTree(directives.ignoreErrors) !== false) return;
    for (const each of diagnostics) if (directives.when.length === 0) found.set(each, each);
    else if (!found.has(each)) found.set(each, { ...each, severity: 'warning' });
  };
  const visit = (node: Node, play: Play): void => {
    if (node.kind === 'block') for (const each of [...(node.rescue.length > 0 ? [] : node.block), ...node.rescue, ...node.always]) visit(each, play);
    else if (node.kind === 'task') take(node, look(node, play)?.diagnostics ?? []);
    else if (node.directives.when.length === 0 && !node.directives.tags.includes('never')) {
      const brought = expand(node);
      if (!brought || seen.has(brought)) return;
      seen.add(brought);
      for (const each of [...brought.nodes, ...brought.handlers]) visit(each, play);
    }
  };
  for (const play of playbooks.flatMap(({ plays }) => plays))
    for (const node of [...play.phases.flatMap((phase) => [...phase.nodes, ...(phase.gate?.tasks ?? [])]), ...play.handlers]) visit(node, play);
  return [...found.values()];
}

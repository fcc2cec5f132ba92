import type { Environment } from '../expr/scope.ts';
import { problem, type Diagnostic } from '../source/diagnostic.ts';
import type { SourceFile } from '../source/file.ts';
import { readSource } from '../source/read-source.ts';
import type { FileReader } from '../source/reader.ts';
import type { Span } from '../source/span.ts';
import { parseYaml } from '../source/yaml.ts';
import type { YamlNode } from '../source/yaml-node.ts';
import type { Registry } from '../task/registry.ts';
import { treeFromYaml } from '../template/from-yaml.ts';
import { checkTree } from '../template/render.ts';
import { didYouMean } from '../util/suggest.ts';
import type { Tree } from '../template/tree.ts';

/** What playbooks are loaded with. */
export interface LoadContext {
  readonly files: FileReader;
  readonly registry: Registry;
  /** Its maps are the vocabulary that templates are checked against. */
  readonly environment: Environment;
  /** Folders with roles, beside the playbook's own. */
  readonly rolesPath: readonly string[];
  /** Folders that hold `ansible_collections`, for roles called OWNER.COLLECTION.ROLE. */
  readonly collectionsPath?: readonly string[];
  /** What static imports may use in their names. */
  readonly extraVars: ReadonlyMap<string, Tree>;
  /** Number of the first play, when several playbooks make one run. */
  readonly firstPlay?: number;
}

/** One loading of a playbook or include: what it needs, and what it found wrong so far. */
export interface Loading extends LoadContext {
  readonly diagnostics: readonly Diagnostic[];
  readonly report: (diagnostic: Diagnostic) => void;
  /** A value as a tree, its templates checked. */
  readonly tree: (node: YamlNode) => Tree;
  /** Counts one task more; false, with a diagnostic at its place, once there are more than anyone can mean. */
  readonly admit: (at: Span) => boolean;
  /** The single document of a YAML file, null when it is empty, undefined when it is missing or broken (reported at `wantedBy`). */
  readonly document: (path: string, wantedBy?: Span) => YamlNode | null | undefined;
}

/** Files that import each other several times grow without end: a wall for them. */
const MAX_TASKS = 50_000;

/** Begins to load. */
export function startLoading(context: LoadContext): Loading {
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  let tasks = 0;
  const documents = new Map<string, YamlNode | null | undefined>();
  const loading: Loading = {
    ...context,
    diagnostics,
    report(diagnostic) {
      // A role used twice is loaded twice, and has the same mistakes both times.
      const key = `${diagnostic.code}\0${diagnostic.span?.file.path}\0${diagnostic.span?.start}\0${diagnostic.message}`;
      if (seen.has(key)) return;
      seen.add(key);
      diagnostics.push(diagnostic);
    },
    tree(node) {
      const tree = treeFromYaml(node);
      for (const each of checkTree(tree, context.environment)) loading.report(each);
      return tree;
    },
    admit(at) {
      tasks++;
      if (tasks === MAX_TASKS + 1) loading.report(problem('too-many-tasks', `imports and roles come to more than ${MAX_TASKS} tasks here`, at, 'loop over an include'));
      return tasks <= MAX_TASKS;
    },
    document(path, wantedBy) {
      if (!documents.has(path)) documents.set(path, readDocument(path, loading, wantedBy));
      return documents.get(path);
    },
  };
  return loading;
}

function readDocument(path: string, loading: Loading, wantedBy: Span | undefined): YamlNode | null | undefined {
  const file = readFile(path, loading, wantedBy);
  if (file === undefined) return undefined;
  if (file.text.startsWith('$ANSIBLE_VAULT;')) {
    loading.report(problem('vault-file', `'${path}' is encrypted`, wantedBy, 'give the vault password'));
    return undefined;
  }
  const { documents, diagnostics } = parseYaml(file);
  diagnostics.forEach((each) => loading.report(each));
  const [first, second] = documents;
  if (second)
    loading.report(
      problem('yaml-documents', 'this file has more than one document', { ...second.span, end: second.span.start + 1 }, "remove the '---' before it"),
    );
  if (first === undefined) return diagnostics.some((each) => each.severity === 'error') ? undefined : null;
  return first;
}

function readFile(path: string, { files, report }: Loading, wantedBy: Span | undefined): SourceFile | undefined {
  try {
    if (files.isDirectory(path)) {
      report(problem('missing-file', `'${path}' is a folder, not a file`, wantedBy, 'name a file in it'));
      return undefined;
    }
    const file = readSource(files, path);
    if (file === undefined) {
      const slash = path.lastIndexOf('/');
      report(problem('missing-file', `there is no file '${path}'`, wantedBy, didYouMean(path.slice(slash + 1), files.list(path.slice(0, slash) || '/') ?? [])));
    }
    return file;
  } catch (error) {
    report(problem('unreadable-file', error instanceof Error ? error.message : String(error), wantedBy));
    return undefined;
  }
}

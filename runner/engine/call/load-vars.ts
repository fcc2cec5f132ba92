import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import { toJson } from '../../expr/convert.ts';
import { ConcealedFile } from '../../source/concealed-file.ts';
import { readSource } from '../../source/read-source.ts';
import { InputError, problem } from '../../source/diagnostic.ts';
import { parseYaml } from '../../source/yaml.ts';
import { TaskFailure } from '../../task/failure.ts';
import type { Control } from '../../task/control.ts';
import { treeFromYaml } from '../../template/from-yaml.ts';
import { renderTree } from '../../template/render.ts';
import { textsIn, type Tree } from '../../template/tree.ts';
import type { JsonObject } from '../../util/json.ts';
import { stateOf } from '../batch.ts';
import type { Call } from './call.ts';
import { searchPath } from './controller.ts';
import type { RunContext } from '../request.ts';

type Request = Parameters<Control['includeVars']>[0];

/** `include_vars`: loads one file or the files of a folder at its level of precedence. */
export function loadVars(call: Call, request: Request): JsonObject {
  const files = request.dir === undefined ? [find(call, request.file ?? '')] : filesOf(call, request);
  const loaded = new Map<string, Tree>();
  for (const file of files) for (const [name, tree] of readVarsFile(file, call.batch.context)) loaded.set(name, tree);
  const vars = request.name === undefined ? loaded : new Map<string, Tree>([[request.name, loaded]]);
  const state = stateOf(call.batch, call.host);
  state.vars.include(vars);
  const rendered = renderTree(vars, call.scope.with({ kind: 'tree', vars }), call.batch.context.environment);
  return { ansible_facts: toJson(rendered), ansible_included_var_files: files };
}

/** Reads a file of variables. @throws InputError, TaskFailure */
export function readVarsFile(path: string, context: RunContext): ReadonlyMap<string, Tree> {
  const file = readSource(context.files, path);
  if (!file) throw new TaskFailure(`there is no file '${path}'`);
  const { documents, diagnostics } = parseYaml(file);
  const errors = diagnostics.filter((each) => each.severity === 'error');
  if (errors.length > 0) throw new InputError(errors);
  const root = documents[0];
  if (root === undefined || (root.kind === 'scalar' && root.value === null)) return new Map();
  if (root.kind !== 'mapping') throw new InputError([problem('vars-file', 'a file of variables must be a dict', root.span)]);
  const vars = treeFromYaml(root) as ReadonlyMap<string, Tree>;
  if (file instanceof ConcealedFile) for (const text of textsIn(vars)) context.secret(text);
  return vars;
}

function find(call: Call, path: string): string {
  const { files } = call.batch.context;
  const candidates = isAbsolute(path) ? [path] : searchPath(call, 'vars').map((folder) => join(folder, path));
  const found = candidates.find((candidate) => files.read(candidate) !== undefined);
  if (found === undefined) throw new TaskFailure(`could not find '${path}'; looked at ${candidates.join(', ')}`);
  return found;
}

function filesOf(call: Call, request: Request): string[] {
  const { files } = call.batch.context;
  const folder = (isAbsolute(request.dir ?? '') ? [request.dir ?? ''] : searchPath(call, 'vars').map((each) => join(each, request.dir ?? ''))).find((each) => files.isDirectory(each));
  if (folder === undefined) throw new TaskFailure(`there is no folder '${request.dir}'`);
  const extensions = request.extensions ?? ['yaml', 'yml', 'json'];
  const matching = request.filesMatching === undefined ? undefined : new RegExp(request.filesMatching);
  const ignored = (request.ignoreFiles ?? []).map((each) => new RegExp(each));
  const walk = (at: string, depth: number): string[] => (files.list(at) ?? []).flatMap((name) => {
    const path = join(at, name);
    if (files.isDirectory(path)) return request.depth === undefined || request.depth === 0 || depth < request.depth ? walk(path, depth + 1) : [];
    const wanted = extensions.includes(extname(name).slice(1)) && (matching?.test(name) ?? true) && !ignored.some((each) => each.test(name));
    return wanted ? [path] : [];
  });
  return walk(folder, 1).sort((a, b) => dirname(a).localeCompare(dirname(b)) || basename(a).localeCompare(basename(b)));
}

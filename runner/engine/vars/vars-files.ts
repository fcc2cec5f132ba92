import { dirname, isAbsolute, join } from 'node:path';
import { toText } from '../../expr/convert.ts';
import { isList } from '../../expr/value.ts';
import { TaskFailure } from '../../task/failure.ts';
import { renderTree } from '../../template/render.ts';
import type { Tree } from '../../template/tree.ts';
import type { Play } from '../../playbook/model.ts';
import type { LayeredScope } from '../../vars/scope.ts';
import { readVarsFile } from '../call/load-vars.ts';
import type { RunContext } from '../request.ts';

/** Reads a play's `vars_files`, weakest first; of a list within the list the first file that exists counts. */
export function playVarsFiles(context: RunContext, play: Play, scope: LayeredScope): readonly ReadonlyMap<string, Tree>[] {
  return play.varsFiles.map((entry) => {
    const rendered = renderTree(entry, scope, context.environment);
    const names = isList(rendered) ? rendered.map(toText) : [toText(rendered)];
    const candidates = names.flatMap((name) => (isAbsolute(name) ? [name] : [join(dirname(play.path), 'vars', name), join(dirname(play.path), name)]));
    const found = candidates.find((candidate) => context.files.read(candidate) !== undefined);
    if (found === undefined) throw new TaskFailure(`vars_files: could not find ${names.join(' or ')}; looked at ${candidates.join(', ')}`);
    return readVarsFile(found, context);
  });
}

import { builtinControls, builtinTasks } from '../../../tasks/index.ts';
import { selectHosts, splitPattern } from '../../inventory/pattern.ts';
import type { Expand } from '../../plan/expansion.ts';
import { literalText } from '../../plan/literal.ts';
import type { LookAtTemplate } from '../../plan/template-files.ts';
import { undefinedNames } from '../../plan/undefined-names.ts';
import type { Play } from '../../playbook/model.ts';
import type { Diagnostic } from '../../source/diagnostic.ts';
import type { RunRequest } from '../load/request.ts';
import type { Loaded } from '../load/load-run.ts';

/** What is asked of a run: it decides what can be foreseen of it. */
export type Asked = Pick<RunRequest, 'mode' | 'settings' | 'inventories' | 'factCache'>;

/** Variables that the run cannot have; nothing where facts of earlier runs, a person (`--step`, a debugger for everything) or an inventory nobody named could decide otherwise. */
export function undefinedInRun(loaded: Loaded, expand: Expand, look: LookAtTemplate, { mode, settings, inventories, factCache }: Asked): readonly Diagnostic[] {
  if (mode !== 'run' && (mode !== 'syntax-check' || inventories.length === 0)) return [];
  if (settings.step || settings.debugger === true || factCache) return [];
  const builtin = new Set<unknown>([...builtinTasks, ...builtinControls]);
  const { registry, load, environment, inventory, playbooks, selected } = loaded;
  const options = { ...(settings.limit !== undefined && { limit: settings.limit }), readFile: (path: string) => loaded.files.read(path) };
  const runs = (play: Play): boolean => {
    const pattern = Array.isArray(play.hosts) ? play.hosts.map((each) => literalText(each) ?? '{{').join(',') : (literalText(play.hosts) ?? '{{');
    return !pattern.includes('{{') && selectHosts(inventory, splitPattern(pattern), options).hosts.length > 0;
  };
  return undefinedNames({
    load, expand, environment, inventory, playbooks, selected, runs,
    isBuiltin: (module) => builtin.has(registry.find(module)?.definition),
    expressions: (module) => {
      const found = registry.find(module);
      return found?.kind === 'control' ? (found.definition.expressions ?? []) : undefined;
    },
    templateUses: (task, play) => look(task, play)?.sure ?? [],
  });
}

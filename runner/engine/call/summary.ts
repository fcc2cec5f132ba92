import type { ChangeSummary } from '../../event/event.ts';
import { unifiedDiff } from '../../event/unified-diff.ts';
import type { Json, JsonObject } from '../../util/json.ts';
import { ABSENT, type Change, type Step } from '../../task/change.ts';

/** A change as people and machines see it in events. `diffs`: with unified diff texts. */
export async function summarize(change: Change, diffs: boolean): Promise<ChangeSummary> {
  return {
    aspect: change.aspect,
    before: plain(change.before),
    after: plain(change.after),
    steps: change.steps.map(stepText),
    ...(diffs && change.diff && { diff: await unifiedDiff(change.diff) }),
    ...(change.risk && { risk: change.risk }),
  };
}

/** Hides everything about a change but that there was one (`no_log`). */
export function censored(summary: ChangeSummary): ChangeSummary {
  return { aspect: summary.aspect, before: '******', after: '******', steps: [], ...(summary.risk !== undefined && { risk: summary.risk }) };
}

/** The `diff` entry of a task's result, as Ansible's callbacks and playbooks know it. */
export function resultDiff(changes: readonly Change[]): readonly JsonObject[] {
  return changes.map((change) => (change.diff
    ? { before_header: change.diff.beforeLabel, after_header: change.diff.afterLabel, before: change.diff.before, after: change.diff.after }
    : { before: { [change.aspect]: plain(change.before) }, after: { [change.aspect]: plain(change.after) } }));
}

function plain(value: Change['before']): Json {
  return value === ABSENT ? 'absent' : value;
}

/** One line for one step. */
export function stepText(step: Step): string {
  if ('run' in step) return step.run.shown;
  if ('write' in step) return `write ${step.write.path}`;
  if ('upload' in step) return `write ${step.upload.file.path}`;
  if ('remove' in step) return `remove ${step.remove}`;
  return `wait for ${step.wait.description}`;
}

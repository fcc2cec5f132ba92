import type { JsonObject } from '../util/json.ts';

/** Never printed, whatever the verbosity; some only from -vvv on. */
const HIDDEN = new Set(['exception', 'warnings', 'deprecations', 'failed', 'skipped']);
const HIDDEN_BELOW_3 = new Set(['invocation', 'diff']);

/** The part of a result that Ansible's reports print. */
export function shownResult(result: JsonObject, verbosity: number): JsonObject {
  return Object.fromEntries(Object.entries(result).filter(([key]) => !HIDDEN.has(key) && !key.startsWith('_ansible_') && (verbosity > 2 || !HIDDEN_BELOW_3.has(key))));
}

/** `debug` shows its message alone, or the variable it was asked for. */
export function debugResult(result: JsonObject): JsonObject {
  if ('msg' in result) return { msg: result['msg'] ?? null };
  return Object.fromEntries(Object.entries(result).filter(([key]) => !['changed', 'failed', 'skipped', 'invocation', 'skip_reason'].includes(key)));
}

/** Keywords that everything takes: plays, roles, blocks, tasks. */
const BASE = [
  'name',
  'connection',
  'port',
  'remote_user',
  'vars',
  'module_defaults',
  'environment',
  'no_log',
  'run_once',
  'ignore_errors',
  'ignore_unreachable',
  'check_mode',
  'diff',
  'any_errors_fatal',
  'throttle',
  'timeout',
  'debugger',
  'become',
  'become_method',
  'become_user',
  'become_flags',
  'become_exe',
  'collections',
  'tags',
];
const INNER = [...BASE, 'when', 'delegate_to', 'delegate_facts'];

/** Keywords of a play. */
export const PLAY_KEYWORDS: ReadonlySet<string> = new Set([
  ...BASE,
  'hosts',
  'gather_facts',
  'gather_subset',
  'gather_timeout',
  'fact_path',
  'vars_files',
  'vars_prompt',
  'roles',
  'handlers',
  'pre_tasks',
  'tasks',
  'post_tasks',
  'phases',
  'force_handlers',
  'max_fail_percentage',
  'serial',
  'strategy',
  'order',
  'validate_argspec',
]);

/** Keywords of an entry of `roles`; all others are parameters. */
export const ROLE_KEYWORDS: ReadonlySet<string> = new Set([...INNER, 'role']);

/** Keywords of a block. */
export const BLOCK_KEYWORDS: ReadonlySet<string> = new Set([...INNER, 'block', 'rescue', 'always', 'notify', 'loop', 'loop_control', 'until', 'retries', 'delay']);

/** Keywords of a phase. */
export const PHASE_KEYWORDS: ReadonlySet<string> = new Set([...INNER, 'tasks', 'roles', 'until', 'retries', 'delay', 'check', 'rescue', 'always', 'notify']);

/** Keywords of a task. */
export const TASK_KEYWORDS: ReadonlySet<string> = new Set([
  ...INNER,
  'action',
  'local_action',
  'args',
  'async',
  'poll',
  'changed_when',
  'failed_when',
  'until',
  'retries',
  'delay',
  'register',
  'loop',
  'loop_control',
  'notify',
]);

/** Keywords of a handler. */
export const HANDLER_KEYWORDS: ReadonlySet<string> = new Set([...TASK_KEYWORDS, 'listen']);

/** Keywords of a dynamic include: all others would silently not reach what is included. */
export const INCLUDE_KEYWORDS: ReadonlySet<string> = new Set([
  'action',
  'args',
  'collections',
  'debugger',
  'ignore_errors',
  'loop',
  'loop_control',
  'name',
  'no_log',
  'register',
  'run_once',
  'tags',
  'timeout',
  'vars',
  'when',
  'listen',
]);

/** Keywords of `loop_control`. */
export const LOOP_CONTROL_KEYWORDS: ReadonlySet<string> = new Set(['loop_var', 'index_var', 'label', 'pause', 'extended', 'extended_allitems', 'break_when']);

/** Keywords of an `import_playbook`. */
export const IMPORT_PLAYBOOK_KEYWORDS: ReadonlySet<string> = new Set(['import_playbook', 'ansible.builtin.import_playbook', ...BASE, 'when']);

/** The words that bring in other tasks instead of being one. */
export const INCLUDE_WORDS: ReadonlySet<string> = new Set(['include', 'include_tasks', 'import_tasks', 'include_role', 'import_role']);

/** A module's or keyword's name without Ansible's own collections. */
export function plainName(word: string): string {
  return word.replace(/^ansible\.(?:builtin|legacy)\./, '');
}

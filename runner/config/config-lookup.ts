import { ExpressionError } from '../expr/errors.ts';
import type { Lookup } from '../expr/scope.ts';
import { toText } from '../expr/text.ts';
import type { Value } from '../expr/value.ts';
import { didYouMean } from '../util/suggest.ts';
import { SETTINGS, type Setting, type SettingName, type SettingValues } from './settings.ts';
import { own } from '../util/own.ts';

/** Settings that Ansible knows as DEFAULT_… or by another name still. */
const OTHER_NAMES: Partial<Readonly<Record<SettingName, string>>> = {
  inventory: 'DEFAULT_HOST_LIST', timeout: 'DEFAULT_TIMEOUT', task_timeout: 'TASK_TIMEOUT', any_errors_fatal: 'ANY_ERRORS_FATAL', collections_path: 'COLLECTIONS_PATHS', playbook_dir: 'PLAYBOOK_DIR',
  enable_task_debugger: 'ENABLE_TASK_DEBUGGER', task_debugger_ignore_errors: 'TASK_DEBUGGER_IGNORE_ERRORS', ansible_managed: 'DEFAULT_MANAGED_STR', host_key_checking: 'HOST_KEY_CHECKING',
  connection_password_file: 'CONNECTION_PASSWORD_FILE', become_password_file: 'BECOME_PASSWORD_FILE', vault_identity_list: 'DEFAULT_VAULT_IDENTITY_LIST', fact_caching: 'CACHE_PLUGIN',
  fact_caching_connection: 'CACHE_PLUGIN_CONNECTION', fact_caching_prefix: 'CACHE_PLUGIN_PREFIX', fact_caching_timeout: 'CACHE_PLUGIN_TIMEOUT', run_tags: 'TAGS_RUN', skip_tags: 'TAGS_SKIP',
  diff_always: 'DIFF_ALWAYS', callbacks_enabled: 'CALLBACKS_ENABLED', display_skipped_hosts: 'DISPLAY_SKIPPED_HOSTS', nocolor: 'ANSIBLE_NOCOLOR', force_color: 'ANSIBLE_FORCE_COLOR',
  retry_files_enabled: 'RETRY_FILES_ENABLED', retry_files_save_path: 'RETRY_FILES_SAVE_PATH',
};

/** Options of plugins, by type: the settings that stand for them here. */
const PLUGIN_OPTIONS: Readonly<Record<string, Readonly<Record<string, SettingName>>>> = {
  connection: {
    remote_user: 'remote_user', port: 'remote_port', private_key_file: 'private_key_file', timeout: 'timeout', host_key_checking: 'host_key_checking', ssh_args: 'ssh_args',
    ssh_common_args: 'ssh_common_args', ssh_extra_args: 'ssh_extra_args', reconnection_retries: 'ssh_retries',
  },
  become: { become_user: 'become_user', become_exe: 'become_exe', become_flags: 'become_flags' },
};

const BY_NAME: ReadonlyMap<string, SettingName> = new Map((Object.keys(SETTINGS) as SettingName[]).map((name) => [OTHER_NAMES[name] ?? `DEFAULT_${name.toUpperCase()}`, name]));

/** The `config` lookup: what ansible.cfg and the environment set, else our own defaults. Settings that have no meaning here are missing. */
export function configLookup(values: SettingValues): Lookup {
  return (terms, options) => {
    const missing = toText(options.get('on_missing') ?? 'error');
    const [type, plugin] = [options.get('plugin_type'), options.get('plugin_name')];
    if ((type === undefined) !== (plugin === undefined)) throw new ExpressionError('Both plugin_type and plugin_name are required, cannot use one without the other');
    if (!['error', 'warn', 'skip'].includes(missing)) throw new ExpressionError(`"on_missing" must be a string and one of "error", "warn" or "skip", not ${missing}`);
    return terms.flatMap((term): Value[] => {
      if (typeof term !== 'string') throw new ExpressionError(`Invalid setting identifier, "${toText(term)}" is not a string`);
      const name = type === undefined ? BY_NAME.get(term) : own(own(PLUGIN_OPTIONS, toText(type)) ?? {}, term);
      if (name !== undefined) return [valueOf(values, name)];
      if (missing === 'error') throw new ExpressionError(`Unable to find setting ${term}; ${didYouMean(term, [...BY_NAME.keys()], 'only settings that have a meaning here are known: see docs/configuration.md')}`);
      return [];
    });
  };
}

function valueOf(values: SettingValues, name: SettingName): Value {
  const setting: Setting = SETTINGS[name];
  const value = values[name] ?? setting.default ?? null;
  return Array.isArray(value) ? value.map((each) => String(each)) : (value as Value);
}

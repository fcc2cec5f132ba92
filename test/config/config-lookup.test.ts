import { configLookup } from '../../runner/config/config-lookup.ts';
import { standardEnvironment } from '../../runner/expr/environment.ts';
import type { Value } from '../../runner/expr/value.ts';

const ask = (terms: readonly string[], options: Readonly<Record<string, Value>> = {}): readonly Value[] =>
  configLookup({ roles_path: ['/a', '/b'], become_user: 'wheel', remote_user: 'me' })(terms, new Map(Object.entries(options)), { scope: { lookup: () => undefined }, environment: standardEnvironment() });

test('what is set, else the default, by the names Ansible has for them', () => {
  expect(ask(['DEFAULT_ROLES_PATH', 'DEFAULT_BECOME_USER', 'HOST_KEY_CHECKING', 'RETRY_FILES_SAVE_PATH'])).toEqual([['/a', '/b'], 'wheel', true, null]);
  expect(ask(['remote_user', 'become_user'], { plugin_type: 'connection', plugin_name: 'ssh', on_missing: 'skip' })).toEqual(['me']);
});

test('a setting that is not known is an error with a way out, or left out', () => {
  expect(() => ask(['DEFAULT_ROLE_PATH'])).toThrow("Unable to find setting DEFAULT_ROLE_PATH; did you mean 'DEFAULT_ROLES_PATH'?");
  expect(ask(['NOTHING', 'DEFAULT_FORKS'], { on_missing: 'skip' })).toEqual([20]);
  expect(() => ask(['x'], { plugin_type: 'become' })).toThrow('Both plugin_type and plugin_name are required');
  expect(() => ask(['x'], { on_missing: 'ignore' })).toThrow('on_missing');
});

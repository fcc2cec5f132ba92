import { readConfig, type Config } from '../../runner/config/config.ts';
import { showConfig } from '../../runner/config/show.ts';
import { memoryFiles } from '../inventory/memory-files.ts';

interface Place {
  readonly files?: Record<string, string>;
  readonly env?: Record<string, string>;
  readonly worldWritable?: boolean;
}

function read({ files = {}, env = {}, worldWritable = false }: Place): Config {
  return readConfig({ files: memoryFiles(files), env, cwd: '/work', home: '/home/me', isWorldWritable: () => worldWritable });
}

function messages({ diagnostics }: Config): string[] {
  return diagnostics.map(({ severity, message, help }) => `${severity}: ${message}${help === undefined ? '' : ` (${help})`}`);
}

const CFG = (forks: number): string => `[defaults]\nforks = ${forks}\n`;

test('the first file there is counts: named by the environment, here, at home, in /etc', () => {
  const files = { '/named.cfg': CFG(1), '/work/ansible.cfg': CFG(2), '/home/me/.ansible.cfg': CFG(3), '/etc/ansible/ansible.cfg': CFG(4) };
  const forks = (gone: number, env: Record<string, string> = {}): number | undefined => read({ files: Object.fromEntries(Object.entries(files).slice(gone)), env }).values.forks;
  expect(forks(0, { ANSIBLE_CONFIG: '../named.cfg' })).toBe(1);
  expect([forks(0), forks(2), forks(3), forks(4)]).toEqual([2, 3, 4, undefined]);
  expect(read({ files: { '/conf/ansible.cfg': CFG(7) }, env: { ANSIBLE_CONFIG: '/conf' } }).values.forks).toBe(7);
  expect(messages(read({ env: { ANSIBLE_CONFIG: '/none' } }))).toEqual(["warning: ANSIBLE_CONFIG names '/none', and there is no such file"]);
});

test('a file in a folder that everybody may write to is passed over, unless it was named', () => {
  const place = { files: { '/work/ansible.cfg': CFG(2), '/etc/ansible/ansible.cfg': CFG(4) }, worldWritable: true };
  expect(read(place).values.forks).toBe(4);
  expect(messages(read(place)).join()).toContain("'/work/ansible.cfg' is not read");
  const named = read({ ...place, env: { ANSIBLE_CONFIG: '/work/ansible.cfg' } });
  expect([named.values.forks, messages(named)]).toEqual([2, []]);
});

/** Values as `ansible-config dump` of ansible-core 2.14 shows them for the same file. */
test.each([
  ['forks = 7 ; not many', { forks: 7 }],
  ['forks: 7', { forks: 7 }],
  ['FORKS=7', { forks: 7 }],
  ['remote_user = a#b', { remote_user: 'a#b' }],
  ['remote_user = "two words"', { remote_user: 'two words' }],
  ['# forks = 7\n; timeout = 3', {}],
  ['host_key_checking = False', { host_key_checking: false }],
  ['host_key_checking = 1', { host_key_checking: true }],
  ['roles_path = roles:~/r:$EXTRA/roles', { roles_path: ['/work/roles', '/home/me/r', '/extra/roles'] }],
  ['inventory = hosts, /etc/more', { inventory: ['/work/hosts', '/etc/more'] }],
  ['vault_identity_list = dev@a, prod@b\n', { vault_identity_list: ['dev@a', 'prod@b'] }],
  ['vault_identity_list = dev@a,\n  prod@b\nforks = 2', { vault_identity_list: ['dev@a', 'prod@b'], forks: 2 }],
  ['private_key_file = {{CWD}}/key', { private_key_file: '/work/key' }],
  ['ansible_managed = by hand: {file} on {host}', { ansible_managed: 'by hand: {file} on {host}' }],
  ['remote_user =', {}],
])('%j', (text, values) => {
  const config = read({ files: { '/work/ansible.cfg': `[defaults]\n${text}\n` }, env: { EXTRA: '/extra' } });
  expect(messages(config)).toEqual([]);
  expect(config.values).toEqual(values);
});

test('the environment wins over the file; paths are seen from where they are written', () => {
  const files = { '/etc/ansible/ansible.cfg': '[defaults]\ninventory = hosts\nprivate_key_file = key\nforks = 3\n[privilege_escalation]\nbecome = yes\n' };
  const { values, origins } = read({ files, env: { ANSIBLE_FORKS: '9', ANSIBLE_PRIVATE_KEY_FILE: 'key' } });
  expect(values).toEqual({ inventory: ['/etc/ansible/hosts'], private_key_file: '/work/key', forks: 9, become: true });
  expect(origins).toMatchObject({ forks: 'ANSIBLE_FORKS', become: '/etc/ansible/ansible.cfg [privilege_escalation] become' });
});

test.each([
  ['[defaults]\nforks = many', "error: forks must be a whole number, not 'many' (ansible.cfg [defaults] forks)"],
  ['[defaults]\nhost_key_checking = perhaps', "error: host_key_checking must be yes or no, not 'perhaps' (ansible.cfg [defaults] host_key_checking)"],
  ['[defaults]\ngathering = smrt', "error: gathering must be implicit or explicit or smart, not 'smrt' (ansible.cfg [defaults] gathering) (did you mean 'smart'?)"],
  ['forks = 3', 'error: a setting stands before the first section (begin with a section: [defaults])'],
  ['[defaults]\nforks', "error: 'forks' is no setting (write KEY = VALUE)"],
  ['[defaults]\nhost_key_cheking = no', "warning: there is no setting 'host_key_cheking' in [defaults] (did you mean 'host_key_checking'?)"],
  ['[defaults]\nerror_on_undefined_vars = False', 'warning: [defaults] error_on_undefined_vars is not followed: undefined variables are always errors'],
])('%j: %s', (text, message) => {
  const config = read({ files: { '/work/ansible.cfg': text } });
  expect(messages(config)).toEqual([message]);
  expect(config.diagnostics[0]?.span?.file.path).toBe('ansible.cfg');
});

test('what has no effect is a note, by its name and without its value', () => {
  const config = read({ files: { '/work/ansible.cfg': '[defaults]\nnocows = 1\nerror_on_undefined_vars = True\n[ssh_connection]\npipelining = True\n[galaxy]\ntoken = s3cret\n' }, env: { ANSIBLE_DEPRECATION_WARNINGS: 'false', ANSIBLE_SSH_PIPELINING: '1', PATH: '/bin' } });
  expect(messages(config)).toEqual([]);
  expect(config.notes).toEqual([
    '[defaults] nocows has no effect here',
    '[defaults] error_on_undefined_vars has no effect here',
    '[ssh_connection] pipelining has no effect here: commands always travel through one open shell',
    '[galaxy] token has no effect here',
    'ANSIBLE_DEPRECATION_WARNINGS has no effect here',
    'ANSIBLE_SSH_PIPELINING has no effect here: commands always travel through one open shell',
  ]);
});

test('settings are listed with who set them', () => {
  const config = read({ files: { '/work/ansible.cfg': '[defaults]\nforks = 3\n[tags]\nskip = slow, noisy\n' }, env: { ANSIBLE_BECOME: 'true' } });
  expect(showConfig(config, { onlyChanged: true })).toBe('forks     = 3  (ansible.cfg [defaults] forks)\nbecome    = yes  (ANSIBLE_BECOME)\nskip_tags = slow, noisy  (ansible.cfg [tags] skip)\n');
  expect(showConfig(config, { onlyChanged: false })).toMatch(/^timeout +=\s10 {2}\(default\)$/m);
});

import { becomeFrom, targetFrom } from '../../runner/inventory/connection.ts';
import type { Json } from '../../runner/util/json.ts';

const from = (vars: Readonly<Record<string, Json>>) => (name: string): Json | undefined => vars[name];

test('a host without variables is reached by its name', () => {
  expect(targetFrom('h', from({}))).toEqual({ target: { name: 'h', transport: 'ssh', address: 'h' }, problems: [] });
});

test('variables win over the command line', () => {
  const defaults = { user: 'u', port: 1, privateKey: 'k', connection: 'local', timeout: 5, sshConfig: 'c', hostKeyChecking: 'off', password: 'p' } as const;
  expect(targetFrom('h', from({}), defaults).target).toEqual({
    name: 'h', transport: 'local', address: 'h', user: 'u', port: 1, privateKey: 'k', connectTimeout: 5, sshConfig: 'c', hostKeyChecking: 'off', password: 'p',
  });
  const vars = {
    ansible_connection: 'ssh', ansible_host: '10.0.0.1', ansible_port: '2222', ansible_user: 'admin', ansible_password: 12345, ansible_ssh_private_key_file: '/k',
    ansible_ssh_known_hosts_file: '/a /b', ansible_host_key_checking: false, ansible_ssh_legacy_algorithms: 'yes', ansible_ssh_config_file: 'none',
    ansible_connect_timeout: 30, ansible_ssh_common_args: '-J a@b:22,c -o "ProxyJump=d"', ansible_ssh_args: '-o ControlMaster=auto -C',
  };
  expect(targetFrom('h', from(vars), defaults)).toEqual({
    target: {
      name: 'h', transport: 'ssh', address: '10.0.0.1', port: 2222, user: 'admin', password: '12345', privateKey: '/k', knownHosts: ['/a', '/b'], hostKeyChecking: 'off',
      legacyAlgorithms: true, sshConfig: 'none', connectTimeout: 30, proxyJump: ['a@b:22', 'c'],
    },
    problems: [],
  });
});

test('what cannot be used is told by its name', () => {
  const vars = {
    ansible_connection: 'winrm', ansible_port: 99999, ansible_user: ['x'], ansible_host_key_checking: 'perhaps', ansible_connect_timeout: 'soon', ansible_ssh_legacy_algorithms: 'so',
    ansible_ssh_common_args: '-o ForwardAgent=yes -R 80:x:80', ansible_ssh_known_hosts_file: 5,
  };
  const { problems } = targetFrom('h', from(vars));
  for (const name of [...Object.keys(vars), 'ForwardAgent=yes', "'-R'"]) expect(problems.join('\n')).toContain(name);
});

test('become: keywords ask for it, variables have the last word', () => {
  expect(becomeFrom(from({}), {}).become).toBeUndefined();
  expect(becomeFrom(from({}), { become: true }).become).toEqual({ method: 'sudo', user: 'root' });
  expect(becomeFrom(from({ ansible_become: 'no' }), { become: true }).become).toBeUndefined();
  const vars = { ansible_become: true, ansible_become_user: 'db', ansible_become_method: 'su', ansible_become_pass: 'x', ansible_become_exe: '/bin/su', ansible_become_flags: '-l' };
  expect(becomeFrom(from(vars), { become: false, becomeUser: 'u', becomeMethod: 'sudo', password: 'asked' }).become).toEqual({
    method: 'su', user: 'db', password: 'x', exe: '/bin/su', flags: '-l',
  });
  expect(becomeFrom(from({ ansible_sudo_pass: 'y' }), { become: 'yes', becomeUser: 'u', becomeFlags: '-H' }).become).toEqual({ method: 'sudo', user: 'u', password: 'y', flags: '-H' });
  expect(becomeFrom(from({}), { become: true, becomeMethod: 'runas' }).problems).toEqual(["the become method 'runas' is not known: sudo and su are"]);
});

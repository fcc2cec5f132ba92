import { readSshArgs } from '../../runner/inventory/ssh-args.ts';

test.each([
  ['-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null', { hostKeyChecking: 'off', knownHosts: ['/dev/null'] }],
  ['-oStrictHostKeyChecking=accept-new', { hostKeyChecking: 'accept-new' }],
  ['-o "StrictHostKeyChecking yes"', { hostKeyChecking: 'strict' }],
  ['-C -o ControlMaster=auto -o ControlPersist=60s -o "ControlPath=~/.ssh/%h"', {}],
  ['-F ./ssh_config -J a,b:2222', { sshConfig: './ssh_config', proxyJump: ['a', 'b:2222'] }],
  ['-o ProxyJump=a -o ProxyJump=b', { proxyJump: ['a'] }],
  ['-o ProxyCommand="ssh -W %h:%p -q admin@gate"', { proxyJump: ['admin@gate'] }],
  ["-o 'ProxyCommand ssh -l me -p 2222 gate -W [%h]:%p'", { proxyJump: ['me@gate:2222'] }],
  ['-i key -p 22 -l me -o ConnectTimeout=3', { privateKey: 'key', port: 22, user: 'me', connectTimeout: 3 }],
  ['', {}],
])('%s', (text, args) => {
  const read = readSshArgs(text);
  expect(read).toMatchObject({ args, missed: [] });
  expect(Object.keys(read.args)).toEqual(Object.keys(args));
});

test('what has a meaning for ssh alone is told; the rest can be read again', () => {
  const read = readSshArgs('-o ForwardAgent=yes -J "a b" -o ProxyCommand="nc %h %p" -L 1:a:2 -o ControlMaster=auto');
  expect(read.missed).toEqual(['ForwardAgent=yes', 'ProxyCommand=nc %h %p', '-L', '1:a:2']);
  expect(readSshArgs(read.understood)).toEqual({ args: { proxyJump: ['a b'] }, understood: read.understood, missed: [] });
  expect(readSshArgs('-o "open').missed).toEqual(['-o "open']);
});

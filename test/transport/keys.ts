import { run } from './need.ts';

/** Makes a key and its `.pub`. By ssh-keygen: one in 256 of those that ssh2 makes of type ed25519 is malformed (it drops a leading zero). */
export function makeKey(path: string, type: 'rsa' | 'ecdsa' | 'ed25519', comment = ''): void {
  run('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', comment, '-f', path, ...(type === 'rsa' ? ['-b', '2048'] : [])]);
}

import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import ssh2, { type AuthContext, type Connection, type ServerChannel, type Session } from 'ssh2';
import { own } from '../../runner/util/own.ts';

/**
 * A server in place of sshd, for machines that have none: key and password login for root and admin, commands, a terminal on request. It runs in
 * the host's network and process namespaces with the root of the host's disk as its folder, and answers as OpenSSH 5.3 with its algorithms.
 */
const { values } = parseArgs({ options: { keys: { type: 'string' }, host: { type: 'string' }, address: { type: 'string' }, init: { type: 'string' } } });
const keys = values.keys ?? '';
const accepted = ssh2.utils.parseKey(readFileSync(join(keys, 'id_rsa.pub')));
const PASSWORDS: Readonly<Record<string, string>> = { root: 'root', admin: 'admin' };

function login(context: AuthContext): void {
  const password = own(PASSWORDS, context.username);
  if (password === undefined) return context.reject();
  if (context.method === 'password' && context.password === password) return context.accept();
  if (context.method !== 'publickey' || accepted instanceof Error) return context.reject(['publickey', 'password']);
  const known = context.key.data.equals(accepted.getPublicSSH());
  const signed = context.signature === undefined || (context.blob !== undefined && accepted.verify(context.blob, context.signature, context.hashAlgo));
  return known && signed ? context.accept() : context.reject(['publickey', 'password']);
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Runs a command on the host as a user, on a terminal when one was asked for: `script` makes it. */
function start(user: string, command: string | undefined, terminal: boolean): ChildProcess {
  const shell = command === undefined ? ['/bin/bash', '-l'] : ['/bin/bash', '-c', command];
  const inner = terminal ? ['/usr/bin/script', '-q', '-e', '-c', shell.map(quote).join(' '), '/dev/null'] : shell;
  const home = user === 'root' ? '/root' : `/home/${user}`;
  const env = { PATH: '/usr/local/bin:/bin:/usr/bin', HOME: home, USER: user, LOGNAME: user, SHELL: '/bin/bash', TERM: 'xterm' };
  // Into the host's mounts too, not only its root: programs like sudo get their power only from mounts of one's own namespace.
  const init = `/proc/${values.init ?? ''}`;
  const become = ['/usr/bin/setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups', '/usr/bin/env', `--chdir=${home}`];
  const enter = [`--mount=${init}/ns/mnt`, `--root=${init}/root`, '/usr/bin/setsid', ...become];
  return spawn('/usr/bin/nsenter', [...enter, ...inner], { env });
}

function serveSession(session: Session, user: string): void {
  let terminal = false;
  session.on('pty', (accept) => {
    terminal = true;
    accept?.();
  });
  session.on('env', (accept) => accept?.());
  session.on('window-change', (accept) => accept?.());
  session.on('exec', (accept, _reject, info) => connect(accept(), start(user, info.command, terminal)));
  session.on('shell', (accept) => connect(accept(), start(user, undefined, terminal)));
}

function connect(channel: ServerChannel, child: ChildProcess): void {
  child.stdin?.on('error', () => undefined);
  channel.pipe(child.stdin ?? process.stdout);
  child.stdout?.pipe(channel, { end: false });
  child.stderr?.pipe(channel.stderr, { end: false });
  channel.on('close', () => child.kill('SIGHUP'));
  // What a daemon left behind still holds the pipes: the command is over all the same.
  child.on('exit', (code) => {
    setTimeout(() => {
      channel.exit(code ?? 255);
      channel.end();
    }, 20);
  });
}

const server = new ssh2.Server(
  {
    hostKeys: [readFileSync(join(keys, 'host_rsa'))],
    ident: 'OpenSSH_5.3',
    algorithms: {
      // As a server ssh2 has no group exchange, which is what clients agree on with the real one.
      kex: ['diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
      serverHostKey: ['ssh-rsa'],
      cipher: ['aes128-ctr', 'aes192-ctr', 'aes256-ctr', 'aes128-cbc', '3des-cbc'],
      hmac: ['hmac-sha1', 'hmac-md5'],
    },
  },
  (client: Connection) => {
    let user = 'root';
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      user = context.username;
      login(context);
    });
    client.on('session', (accept) => serveSession(accept(), user));
  },
);
server.listen(22, '0.0.0.0', () => writeFileSync('run/sshd.pid', `${process.pid}\n`));

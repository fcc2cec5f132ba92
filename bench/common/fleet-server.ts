/**
 * A process that is many hosts: an ssh daemon whose sessions are shells of this machine, each with a folder of its own for temporary files, as hosts
 * have them. Its argument is a file with its key. Says its port, ends with its standard input.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import ssh2 from 'ssh2';

const key = process.argv[2] ?? '';
const server = new ssh2.Server({ hostKeys: [readFileSync(key)] }, (client) => {
  client.on('error', () => undefined);
  client.on('authentication', (context) => context.accept());
  client.on('session', (accept) => {
    accept().on('exec', (start, _reject, { command }) => {
      const stream = start();
      const shell = spawn('/bin/sh', ['-c', command], { stdio: 'pipe', env: { ...process.env, TMPDIR: mkdtempSync(join(dirname(key), 'tmp-')) } });
      stream.pipe(shell.stdin).on('error', () => undefined);
      shell.stdout.pipe(stream, { end: false });
      shell.stderr.pipe(stream.stderr, { end: false });
      shell.on('close', (code) => {
        stream.exit(code ?? 1);
        stream.end();
      });
    });
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.resume().on('end', () => process.exit(0));

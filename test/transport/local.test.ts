import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localTransport } from '../../runner/transport/local/transport.ts';
import { HostSession } from '../../runner/transport/session.ts';
import { shellContract, slowShellContract } from './contract.ts';
import { needPrograms } from './need.ts';

needPrograms();
const folder = mkdtempSync(join(tmpdir(), 'rollcall-busybox-'));
symlinkSync('/usr/bin/busybox', join(folder, 'ash'));
afterAll(() => rmSync(folder, { recursive: true }));

const SHELLS = { dash: '/usr/bin/dash', bash: '/usr/bin/bash', busybox: join(folder, 'ash') };

for (const [name, shell] of Object.entries(SHELLS)) {
  const open = async () => ({ session: new HostSession({ name: 'here', transport: 'local', address: 'here' }, localTransport(), { shell }) });
  shellContract(`local, ${name}`, open);
  slowShellContract(`local, ${name}`, open);
}

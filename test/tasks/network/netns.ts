import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostAccess } from '../../../runner/transport/access.ts';
import { createActuator } from '../../../runner/transport/actuator.ts';
import { localTransport } from '../../../runner/transport/local/transport.ts';
import { createObserver } from '../../../runner/transport/observer.ts';
import { HostSession } from '../../../runner/transport/session.ts';
import type { TestHost } from '../../../runner/testing/run-task.ts';

/** This machine with a network of its own: real tools, no rule of it touched. */
export interface NetnsHost extends Required<Pick<TestHost, 'observer' | 'actuator'>> {
  /** A folder for the test. */
  readonly folder: string;
  close(): Promise<void>;
}

/** Opens a network namespace (as an unprivileged user inside a user namespace) that ends with the test; `backend` is what `iptables` means there. */
export async function netnsHost(backend: 'nft' | 'legacy'): Promise<NetnsHost> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-netns-'));
  const root = process.getuid?.() === 0;
  const holder = spawn('unshare', [...(root ? [] : ['--map-root-user']), '--net', 'sleep', '600'], { stdio: 'ignore' });
  mkdirSync(join(folder, 'bin'));
  const multi = `/usr/sbin/xtables-${backend}-multi`;
  for (const tool of ['iptables', 'iptables-save', 'iptables-restore']) symlinkSync(multi, join(folder, 'bin', tool));
  // The namespace is there when unshare has become sleep.
  const wait = `while [ "$(cat /proc/${holder.pid}/comm)" = unshare ]; do sleep 0.02; done`;
  const enter = `nsenter --target ${holder.pid} --net${root ? '' : ' --user --preserve-credentials'}`;
  writeFileSync(join(folder, 'shell'), `#!/bin/sh\n${wait}\nPATH=${folder}/bin:$PATH exec ${enter} /bin/sh "$@"\n`);
  chmodSync(join(folder, 'shell'), 0o755);
  const session = new HostSession({ name: backend, transport: 'local', address: 'here' }, localTransport(), { shell: join(folder, 'shell') });
  const access = hostAccess(session);
  const { signal } = new AbortController();
  return {
    folder,
    observer: createObserver(access, signal),
    actuator: createActuator(access, signal),
    async close() {
      await session.close();
      holder.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

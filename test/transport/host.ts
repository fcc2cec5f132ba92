import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostAccess, hostAccess } from '../../runner/transport/access.ts';
import { localTransport } from '../../runner/transport/local/transport.ts';
import { HostSession } from '../../runner/transport/session.ts';
import { needPrograms, run } from './need.ts';

/** This machine with one kind of shell and its tools. */
export interface ToolHost {
  readonly name: string;
  readonly session: HostSession;
  readonly access: HostAccess;
  /** A folder for the test. */
  readonly folder: string;
  close(): Promise<void>;
}

/** The machine as a Debian host (dash, GNU tools), with bash, and as a small busybox host. */
export function toolHosts(): readonly ToolHost[] {
  needPrograms();
  return [toolHost('dash', '/usr/bin/dash'), toolHost('bash', '/usr/bin/bash'), toolHost('busybox', undefined)];
}

function toolHost(name: string, shell: string | undefined): ToolHost {
  const tools = mkdtempSync(join(tmpdir(), 'rollcall-tools-'));
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-host-'));
  if (shell === undefined) {
    run('busybox', ['--install', '-s', tools]);
    // Its own applets first, for everything that a session runs.
    writeFileSync(join(tools, 'rollcall-sh'), `#!/bin/sh\nPATH=${tools}:$PATH exec ${tools}/ash "$@"\n`);
    chmodSync(join(tools, 'rollcall-sh'), 0o755);
  }
  const session = new HostSession({ name, transport: 'local', address: 'here' }, localTransport(), { shell: shell ?? join(tools, 'rollcall-sh') });
  return {
    name,
    session,
    access: hostAccess(session),
    folder,
    async close() {
      await session.close();
      rmSync(tools, { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Takes a program away from a host, until what is returned is called. */
export async function without({ access }: Pick<ToolHost, 'access'>, program: string): Promise<() => Promise<void>> {
  const shell = await access.shell();
  const most = mkdtempSync(join(tmpdir(), 'rollcall-most-'));
  for (const folder of (await shell.read('echo "$PATH"')).stdout.trim().split(':').filter((each) => existsSync(each))) {
    for (const name of readdirSync(folder)) if (name !== program && !existsSync(join(most, name))) symlinkSync(join(folder, name), join(most, name));
  }
  await shell.inquire(`_qwhole=$PATH; PATH=${most}`);
  return async () => {
    await shell.inquire('PATH=$_qwhole');
    rmSync(most, { recursive: true, force: true });
  };
}

/** Does something while a host has no programs but these. */
export async function withOnly<T>({ access }: Pick<ToolHost, 'access'>, programs: readonly string[], act: () => Promise<T>): Promise<T> {
  const shell = await access.shell();
  const few = mkdtempSync(join(tmpdir(), 'rollcall-few-'));
  await shell.read(`for p in ${programs.join(' ')}; do ln -s "$(command -v "$p")" ${few}/"$p"; done`);
  await shell.inquire(`_qkept=$PATH; PATH=${few}`);
  try {
    return await act();
  } finally {
    await shell.inquire('PATH=$_qkept');
    rmSync(few, { recursive: true, force: true });
  }
}

/** Names that scripts get wrong. */
export const ODD_NAMES = ['plain', 'with space', "quo'te", 'dou"ble', '-n', '--help', 'new\nline', 'tail\n', 'back\\slash', '$HOME', '`id`', '*', '[a]', 'é☃', '~', ';rm', 'a:b', '%s', '\u0001ctl'];

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskReader } from '../../runner/source/disk.ts';
import { parseVaultId, readVaultSecrets } from '../../runner/vault/secrets.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'vault-'));
  writeFileSync(join(cwd, 'plain'), '  from a file \n');
  for (const [name, script] of [
    ['script', '#!/bin/sh\necho "args:$#"\n'],
    ['keys-client', '#!/bin/sh\necho "$1 $2"\n'],
    ['broken', '#!/bin/sh\necho half-a-secret; echo "no agent" >&2; exit 3\n'],
  ] as const) {
    writeFileSync(join(cwd, name), script);
    chmodSync(join(cwd, name), 0o755);
  }
});
afterAll(() => rmSync(cwd, { recursive: true }));

const get = async (...ids: string[]): Promise<string[]> => {
  const asked: string[] = [];
  const secrets = await readVaultSecrets(ids.map(parseVaultId), {
    files: diskReader(),
    cwd,
    ask: (prompt) => {
      asked.push(prompt);
      return Promise.resolve('typed');
    },
  });
  return [...secrets.map(({ id, password }) => `${id}=${password.toString()}`), ...asked];
};

test('passwords come from files, programs and people', async () => {
  expect(await get('plain', 'dev@script', 'prod@keys-client', 'me@prompt')).toEqual([
    'default=from a file', 'dev=args:0', 'prod=--vault-id prod', 'me=typed', 'Vault password (me): ',
  ]);
});

test('a program that fails is told with what it said, but not with what it printed', async () => {
  const message = await get('broken').catch((error: Error) => error.message);
  expect(message).toMatch(/exit code 3: no agent/);
  expect(message).not.toContain('half-a-secret');
});

test('a missing file is no password', async () => {
  await expect(get('nowhere')).rejects.toThrow(/there is no vault password file '.*\/nowhere'/);
});

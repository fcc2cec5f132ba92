import { readFileSync } from 'node:fs';
import { assert, property, string, uint8Array } from 'fast-check';
import { keyring } from '../../runner/vault/keyring.ts';
import { decryptVault, encryptVault, isVault, vaultId, VaultError, type VaultSecret } from '../../runner/vault/vault.ts';
import { runs } from '../runs.ts';

const folder = new URL('cases/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const cases = JSON.parse(read('cases.json')) as { file: string; id: string | null; password: string; content: string }[];
const secret = (password: string, id = 'default'): VaultSecret => ({ id, password: Buffer.from(password) });

function failure(action: () => unknown): VaultError {
  try {
    action();
  } catch (error) {
    if (error instanceof VaultError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

// Written by ansible-vault.
test.each(cases)('$file opens with its password', ({ file, id, password, content }) => {
  const text = read(file);
  expect(isVault(text)).toBe(true);
  expect(vaultId(text)).toBe(id ?? undefined);
  expect(decryptVault(text, [secret(password)]).toString()).toBe(content);
});

// With the same salt the bytes must be those that ansible-vault wrote: then it can read ours too.
test.each(cases)('$file is written again byte for byte', ({ file, id, password, content }) => {
  const text = read(file);
  const inner = Buffer.from(text.split('\n').slice(1).join(''), 'hex').toString();
  const salt = Buffer.from(inner.split('\n')[0] ?? '', 'hex');
  expect(encryptVault(Buffer.from(content), secret(password), id ?? undefined, salt)).toBe(text);
});

test('the right one of several passwords is found, whatever its label', () => {
  const text = read('prod.vault');
  expect(decryptVault(text, [secret('wrong', 'prod'), secret('Zwölf Boxkämpfer', 'dev')]).toString()).toBe('a single value');
});

test('what is wrong is told apart, and never with any content', () => {
  const text = read('vars.vault');
  const lines = text.split('\n');
  expect(failure(() => decryptVault('a: 1', [secret('x')])).kind).toBe('not-a-vault');
  expect(failure(() => decryptVault(text.replace(';1.1;', ';9.9;'), [secret('x')])).message).toContain('9.9');
  expect(failure(() => decryptVault(text, []))).toMatchObject({ kind: 'no-password' });
  expect(failure(() => decryptVault(text, [secret('wrong')]))).toMatchObject({ kind: 'wrong-password' });
  expect(failure(() => decryptVault(read('prod.vault'), [secret('wrong', 'dev')])).message).toContain("labelled 'prod', given: dev");
  expect(failure(() => decryptVault(lines.slice(0, 3).join('\n'), [secret('correct horse')]))).toMatchObject({ kind: 'damaged' });
  expect(failure(() => decryptVault(`${lines[0]}\nxyz`, [secret('correct horse')]))).toMatchObject({ kind: 'damaged' });
});

test('one flipped bit of the ciphertext is noticed', () => {
  const text = read('vars.vault');
  const flipped = text.trimEnd().replace(/[0-9a-f]{2}$/, (digits) => (digits === '31' ? '32' : '31'));
  expect(flipped).not.toBe(text.trimEnd());
  expect(failure(() => decryptVault(flipped, [secret('correct horse')]))).toMatchObject({ kind: 'wrong-password' });
});

test('any bytes come back', () => {
  const one = secret('one');
  const salt = Buffer.alloc(32, 7);
  assert(
    property(uint8Array({ maxLength: 100 }), (bytes) => {
      expect(decryptVault(encryptVault(bytes, one, 'x', salt), [one])).toEqual(Buffer.from(bytes));
    }),
    runs(),
  );
});

test('nothing that looks like a vault does more than fail as one', () => {
  assert(
    property(string(), (text) => {
      expect(failure(() => decryptVault(`$ANSIBLE_VAULT;1.1;AES256\n${text}`, [secret('x')]))).toBeInstanceOf(VaultError);
    }),
    runs(),
  );
});

test('a password is stretched once for each salt', () => {
  const keys = keyring([secret('correct horse')]);
  const text = read('vars.vault');
  keys.decrypt(text);
  const before = performance.now();
  for (let i = 0; i < 200; i++) decryptVault(text, keys.secrets);
  expect(performance.now() - before).toBeLessThan(200);
  expect(keys.decrypt(text)).toContain('s3cr3t');
});

test('a password for vaults of its label alone opens no other one; without a label a vault is of the label default', () => {
  const labelled = encryptVault(Buffer.from('x'), secret('pw', 'prod'), 'prod');
  const plain = encryptVault(Buffer.from('y'), secret('pw'));
  const strict = (id: string): VaultSecret[] => [{ ...secret('pw', id), strict: true }];
  expect(decryptVault(labelled, strict('prod')).toString()).toBe('x');
  expect(decryptVault(plain, strict('default')).toString()).toBe('y');
  expect(failure(() => decryptVault(labelled, strict('dev'))).kind).toBe('wrong-password');
  expect(failure(() => decryptVault(plain, strict('prod'))).kind).toBe('wrong-password');
});

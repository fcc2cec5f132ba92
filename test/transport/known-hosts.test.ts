import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyHostKey } from '../../runner/transport/ssh/host-key.ts';
import { fingerprint, judge, knownName, linesFor, parseKnownHosts } from '../../runner/transport/ssh/known-hosts.ts';
import { appendKnownHost, readKnownHosts } from '../../runner/transport/ssh/known-hosts-files.ts';
import { makeKey } from './keys.ts';
import { run } from './need.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-known-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Pair {
  readonly line: string;
  readonly key: Buffer;
  readonly print: string;
}

function makePair(name: string, type: 'rsa' | 'ed25519'): Pair {
  const path = join(folder, name);
  makeKey(path, type);
  const [kind = '', base64 = ''] = readFileSync(`${path}.pub`, 'utf8').split(' ');
  return { line: `${kind} ${base64}`, key: Buffer.from(base64, 'base64'), print: run('ssh-keygen', ['-lf', `${path}.pub`]).split(' ')[1] ?? '' };
}

const ed = makePair('ed', 'ed25519');
const ed2 = makePair('ed2', 'ed25519');
const rsa = makePair('rsa', 'rsa');
const verdict = (text: string, name: string, key: Buffer): string => judge(linesFor(parseKnownHosts(text, 'kh'), name), key).kind;

test('fingerprints are those that ssh-keygen prints', () => {
  expect([ed, rsa].map(({ key }) => fingerprint(key))).toEqual([ed.print, rsa.print]);
});

test('names: plain, lists, wildcards, negation, ports, case', () => {
  const text = `# comment\n\na.example,10.0.0.1 ${ed.line} a comment\n*.wild,!no.wild ${ed.line}\n[b.example]:2222 ${ed.line}\nbroken line\n`;
  const known = (host: string, port = 22): string => verdict(text, knownName(host, port), ed.key);
  expect(['a.example', 'A.Example', '10.0.0.1', 'x.wild', 'no.wild', 'wild', 'b.example'].map((host) => known(host))).toEqual(['known', 'known', 'known', 'known', 'unknown', 'unknown', 'unknown']);
  expect([known('b.example', 2222), known('a.example', 2222)]).toEqual(['known', 'unknown']);
});

test('hashed names as ssh-keygen -H writes them', () => {
  const file = join(folder, 'hashed');
  writeFileSync(file, `secret.example ${ed.line}\n[secret.example]:2222 ${rsa.line}\n`);
  run('ssh-keygen', ['-H', '-f', file]);
  const text = readFileSync(file, 'utf8');
  expect(text).not.toContain('secret');
  expect([verdict(text, 'secret.example', ed.key), verdict(text, '[secret.example]:2222', rsa.key), verdict(text, 'other', ed.key), verdict(text, 'secret.example', ed2.key)]).toEqual(['known', 'known', 'unknown', 'changed']);
});

test('markers, several types', () => {
  expect(verdict(`h ${ed.line}\n@revoked * ${ed.line}\n`, 'h', ed.key)).toBe('revoked');
  expect(verdict(`@cert-authority h ${ed.line}\n`, 'h', ed.key)).toBe('unknown');
  expect(verdict(`h ${rsa.line}\nh ${ed.line}\n`, 'h', ed.key)).toBe('known');
  expect(verdict(`h ${rsa.line}\n`, 'h', ed.key)).toBe('changed');
});

test('decisions and their reasons', async () => {
  const file = join(folder, 'new/known_hosts');
  const decide = async (checking: 'strict' | 'accept-new' | 'off', text: string) => (await verifyHostKey({ checking, name: 'h', lines: linesFor(parseKnownHosts(text, 'kh'), 'h'), file }, ed.key))?.message;
  expect(await decide('strict', `h ${ed.line}`)).toBeUndefined();
  expect(await decide('strict', '')).toBe(`the key of h is not known: ssh-ed25519 ${ed.print}`);
  expect(await decide('strict', `@cert-authority * ${rsa.line}`)).toContain('kh:1), but host certificates are not supported');
  expect(await decide('off', '')).toBeUndefined();
  for (const checking of ['strict', 'accept-new', 'off'] as const) {
    expect(await decide(checking, `# x\nh ${ed2.line}`)).toBe(`the key of h has changed: it showed ssh-ed25519 ${ed.print}, but kh:2 has ssh-ed25519 ${ed2.print}; somebody may be listening in`);
    expect(await decide(checking, `@revoked h ${ed.line}`)).toContain('revoked');
  }
  expect(await decide('accept-new', `h ${rsa.line}`)).toContain('only keys of other types are known');
  expect(await decide('accept-new', '')).toBeUndefined();
  expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual([`h ${ed.line}\n`, 0o600]);
});

test('many hosts record their keys at once, after a file without a last line end; the cache sees them', async () => {
  const file = join(folder, 'crowd');
  writeFileSync(file, `first ${ed.line}`);
  expect((readKnownHosts([file, join(folder, 'none'), '/dev/null'])).length).toBe(1);
  await Promise.all(Array.from({ length: 40 }, (_none, index) => appendKnownHost(file, `host${index}`, ed.key)));
  const hosts = readKnownHosts([file]);
  expect(hosts.flatMap(({ names }) => names).sort()).toEqual(['first', ...Array.from({ length: 40 }, (_none, index) => `host${index}`)].sort());
});

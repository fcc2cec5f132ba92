import { createHash } from 'node:crypto';

const DIGITS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `length` digits of base 64, least significant first, as crypt writes them. */
function digits(value: number, length: number): string {
  return Array.from({ length }, (_, index) => DIGITS[(value >> (6 * index)) & 63] ?? '').join('');
}

const md5 = (...parts: readonly Buffer[]): Buffer => createHash('md5').update(Buffer.concat(parts)).digest();

/** crypt's MD5 in a thousand rounds; `magic` is `$1$`, or `$apr1$` as Apache has it. */
export function md5Crypt(password: string, salt: string, magic: '$1$' | '$apr1$'): string {
  const [key, spice] = [Buffer.from(password), Buffer.from(salt.slice(0, 8))];
  const inner = md5(key, spice, key);
  const repeated = Buffer.concat(Array.from({ length: Math.ceil(key.length / 16) }, () => inner)).subarray(0, key.length);
  const bits: Buffer[] = [];
  for (let rest = key.length; rest > 0; rest >>= 1) bits.push(rest & 1 ? Buffer.from([0]) : key.subarray(0, 1));
  let hash = md5(key, Buffer.from(magic), spice, repeated, ...bits);
  for (let round = 0; round < 1000; round++) {
    const odd = round % 2 === 1;
    hash = md5(odd ? key : hash, ...(round % 3 === 0 ? [] : [spice]), ...(round % 7 === 0 ? [] : [key]), odd ? hash : key);
  }
  const at = (index: number): number => hash[index] ?? 0;
  const triples = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5]] as const;
  const text = triples.map(([a, b, c]) => digits((at(a) << 16) | (at(b) << 8) | at(c), 4)).join('') + digits(at(11), 2);
  return `${magic}${spice.toString()}$${text}`;
}

/** Apache's `{SHA}`: without salt, to be found in tables. */
export function ldapSha1(password: string): string {
  return `{SHA}${createHash('sha1').update(password).digest('base64')}`;
}

/** A salt of eight characters that differs between hosts and users; it says nothing of the password. */
export function saltFor(...parts: readonly string[]): string {
  return [...createHash('sha256').update(parts.join('\0')).digest().subarray(0, 8)].map((byte) => DIGITS[byte & 63]).join('');
}

/** Whether a stored hash is that of the password; undefined for a kind of hash that is not known here. */
export function isHashOf(stored: string, password: string): boolean | undefined {
  const [, magic, salt] = /^(\$1\$|\$apr1\$)([^$]*)\$/.exec(stored) ?? [];
  if (magic === '$1$' || magic === '$apr1$') return md5Crypt(password, salt ?? '', magic) === stored;
  if (stored.startsWith('{SHA}')) return ldapSha1(password) === stored;
  return stored.startsWith('$') || stored.startsWith('{') || /^[./0-9A-Za-z]{13}$/.test(stored) ? undefined : stored === password;
}

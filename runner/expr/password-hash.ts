import { createHash, randomInt } from 'node:crypto';
import { own } from '../util/own.ts';
import { bcryptPassword } from './bcrypt.ts';
import { ExpressionError } from './errors.ts';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const DEFAULT_ROUNDS = 5000;

/** One of crypt(3)'s schemes. */
interface Scheme {
  readonly prefix: string;
  readonly saltSize: number;
  readonly maxSalt: number;
  readonly rounds?: { readonly min: number; readonly max: number };
  readonly hash: (password: Buffer, salt: Buffer, rounds: number) => string;
}

const sha2 = (algorithm: 'sha256' | 'sha512', order: readonly (readonly number[])[]) => (password: Buffer, salt: Buffer, rounds: number): string =>
  encodeGroups(shaCrypt(algorithm, password, salt, rounds), order);

const SCHEMES: Readonly<Record<string, Scheme>> = {
  sha512: { prefix: '6', saltSize: 16, maxSalt: 16, rounds: { min: 1000, max: 999_999_999 }, hash: sha2('sha512', sha512Order()) },
  sha256: { prefix: '5', saltSize: 16, maxSalt: 16, rounds: { min: 1000, max: 999_999_999 }, hash: sha2('sha256', sha256Order()) },
  md5: { prefix: '1', saltSize: 8, maxSalt: 8, hash: (password, salt) => encodeGroups(md5Crypt(password, salt), [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5], [-1, -1, 11]]) },
};

/** A password in the form of `/etc/shadow`, as crypt(3) makes it. A salt is drawn when none is given. */
export function cryptPassword(password: string, type: string, given: { salt?: string | undefined; saltSize?: number | undefined; rounds?: number | undefined; ident?: string | undefined }): string {
  if (type === 'blowfish' || type === 'bcrypt') return bcryptPassword(password, given);
  const scheme = own(SCHEMES, type.replace(/_crypt$/, ''));
  if (!scheme) throw new ExpressionError(`password_hash knows sha512, sha256, md5 and blowfish, not '${type}'`);
  const salt = given.salt ?? drawSalt(given.saltSize ?? scheme.saltSize);
  if (!/^[./0-9A-Za-z]*$/.test(salt)) throw new ExpressionError('invalid characters in salt');
  if (salt.length > scheme.maxSalt) throw new ExpressionError(`invalid salt size supplied (${salt.length}), expected ${scheme.maxSalt}`);
  const { rounds } = given;
  if (rounds !== undefined && !scheme.rounds) throw new ExpressionError(`password_hash type ${type} takes no rounds`);
  if (rounds !== undefined && scheme.rounds && (rounds < scheme.rounds.min || rounds > scheme.rounds.max)) throw new ExpressionError(`rounds must be between ${scheme.rounds.min} and ${scheme.rounds.max}`);
  const hashed = scheme.hash(Buffer.from(password), Buffer.from(salt), rounds ?? DEFAULT_ROUNDS);
  return `$${scheme.prefix}$${rounds === undefined || rounds === DEFAULT_ROUNDS ? '' : `rounds=${rounds}$`}${salt}$${hashed}`;
}

function drawSalt(size: number): string {
  return Array.from({ length: size }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** The digest of the SHA-crypt specification (Drepper, 2007). */
function shaCrypt(algorithm: string, password: Buffer, salt: Buffer, rounds: number): Buffer {
  const digest = (...parts: readonly Uint8Array[]): Buffer => {
    const hash = createHash(algorithm);
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  const alternate = digest(password, salt, password);
  const size = alternate.length;
  const first: Uint8Array[] = [password, salt, repeat(alternate, password.length)];
  for (let bits = password.length; bits > 0; bits >>= 1) first.push(bits & 1 ? alternate : password);
  let state = digest(...first);
  const p = repeat(digest(repeat(password, password.length * password.length)), password.length);
  const s = repeat(digest(repeat(salt, salt.length * (16 + (state[0] ?? 0)))), salt.length);
  for (let round = 0; round < rounds; round++) {
    const parts: Uint8Array[] = [round & 1 ? p : state];
    if (round % 3 !== 0) parts.push(s);
    if (round % 7 !== 0) parts.push(p);
    parts.push(round & 1 ? state : p);
    state = digest(...parts);
  }
  return state.subarray(0, size);
}

function md5(...parts: readonly Uint8Array[]): Buffer {
  return createHash('md5').update(Buffer.concat(parts)).digest();
}

/** Poul-Henning Kamp's MD5-crypt. */
function md5Crypt(password: Buffer, salt: Buffer): Buffer {
  const alternate = md5(password, salt, password);
  const first: Uint8Array[] = [password, Buffer.from('$1$'), salt, repeat(alternate, password.length)];
  for (let bits = password.length; bits > 0; bits >>= 1) first.push(bits & 1 ? Buffer.alloc(1) : password.subarray(0, 1));
  let state = md5(...first);
  for (let round = 0; round < 1000; round++) {
    state = md5(round & 1 ? password : state, round % 3 !== 0 ? salt : Buffer.alloc(0), round % 7 !== 0 ? password : Buffer.alloc(0), round & 1 ? state : password);
  }
  return state;
}

function repeat(bytes: Buffer, length: number): Buffer {
  return bytes.length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, bytes);
}

/** Three bytes at a time as four letters, lowest bits first; -1 stands for no byte. */
function encodeGroups(bytes: Buffer, order: readonly (readonly number[])[]): string {
  return order.map((group) => {
    const present = group.filter((index) => index >= 0);
    let value = present.reduce((sum, index) => sum * 256 + (bytes[index] ?? 0), 0);
    return Array.from({ length: present.length + 1 }, () => {
      const letter = ALPHABET[value & 63];
      value >>= 6;
      return letter;
    }).join('');
  }).join('');
}

function sha512Order(): number[][] {
  const order = Array.from({ length: 21 }, (_, index) => {
    const turn = [index, index + 21, index + 42];
    return [...turn.slice(index % 3), ...turn.slice(0, index % 3)];
  });
  return [...order, [63]];
}

function sha256Order(): number[][] {
  const order = Array.from({ length: 10 }, (_, index) => {
    const turn = [index, index + 10, index + 20];
    return [...turn.slice((3 - (index % 3)) % 3), ...turn.slice(0, (3 - (index % 3)) % 3)];
  });
  return [...order, [31, 30]];
}

import crypto from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { groupExchange } from './group.ts';

/*
 * Functions of node:crypto as ssh2 calls them, for less of the time of the thread that serves all hosts. Times for one host are measured on the
 * machine of bench/RESULTS.md: together 6 ms of CPU became 2.
 */

// Taken now: while ssh2 loads, the module holds ours.
const { createPrivateKey, createPublicKey, generateKeyPairSync, randomFillSync, sign } = crypto;

/** What a DER-encoded X25519 key begins with (RFC 8410); the 32 bytes of the key are the rest. */
const X25519_HEAD = Buffer.from('302a300506032b656e032100', 'hex');

const privateKeys = new Map<string, KeyObject>();

/** Signs. From text, Node parses the key again for every host, and OpenSSL prepares its arithmetic again: 2.5 ms for RSA instead of 1. */
function signWith(algorithm: string | null | undefined, data: Buffer, pem: string): Buffer {
  const key = privateKeys.get(pem) ?? createPrivateKey(pem);
  privateKeys.set(pem, key);
  return sign(algorithm, data, key);
}

/** A new pair of keys, for X25519 those of one exchange. */
function generateKeyPair(type: string, ...more: unknown[]): unknown {
  if (type !== 'x25519') return (generateKeyPairSync as (...words: unknown[]) => unknown)(type, ...more);
  const { privateKey, publicKey } = generateKeyPairSync(type);
  // ssh2 asks for it twice, in an encoding that costs OpenSSL more than the exchange itself.
  const der = Buffer.concat([X25519_HEAD, Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')]);
  return { privateKey, publicKey: { export: () => der } };
}

/** The public key that the other side sent. */
function publicKeyOf(given: { readonly key: Buffer; readonly type: 'spki'; readonly format: 'der' }): KeyObject {
  const { key } = given;
  if (key.length !== X25519_HEAD.length + 32 || !key.subarray(0, X25519_HEAD.length).equals(X25519_HEAD)) return createPublicKey(given);
  return createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: key.toString('base64url', X25519_HEAD.length) }, format: 'jwk' });
}

const pool = Buffer.allocUnsafe(4096);
let used = pool.length;

/** Random bytes for a part of a buffer: the padding of every packet, a dozen at a time. Each byte is given out once. */
function randomFill(buffer: Buffer, from = 0, size = buffer.length - from): Buffer {
  if (size > pool.length) return randomFillSync(buffer, from, size);
  if (used + size > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  pool.copy(buffer, from, used, used + size);
  pool.fill(0, used, used + size);
  used += size;
  return buffer;
}

/** By the names under which ssh2 looks for them. */
export const cryptoOfSsh2: Readonly<Record<string, unknown>> = { createDiffieHellman: groupExchange, sign: signWith, generateKeyPairSync: generateKeyPair, createPublicKey: publicKeyOf, randomFillSync: randomFill };

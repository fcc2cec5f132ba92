import crypto from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { groupExchange } from './group.ts';

/* Functions of node:crypto as ssh2 calls them, for less of the time of the thread that serves all hosts. */

// Taken now: while ssh2 loads, the module holds ours.
const { createPrivateKey, randomFillSync, sign } = crypto;

const privateKeys = new Map<string, KeyObject>();

/** Signs. From text, Node parses the key again for every host, and OpenSSL prepares its arithmetic again: 2.5 ms for RSA instead of 1. */
function signWith(algorithm: string | null | undefined, data: Buffer, pem: string): Buffer {
  const key = privateKeys.get(pem) ?? createPrivateKey(pem);
  privateKeys.set(pem, key);
  return sign(algorithm, data, key);
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
export const cryptoOfSsh2: Readonly<Record<string, unknown>> = { createDiffieHellman: groupExchange, sign: signWith, randomFillSync: randomFill };

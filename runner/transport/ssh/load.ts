import crypto from 'node:crypto';
import { createRequire } from 'node:module';
import { cryptoOfSsh2 } from './crypto.ts';

/** The ssh2 library; loaded only when a host is connected to, for it costs 50 ms. */
export type Ssh2 = typeof import('ssh2');

let loaded: Ssh2 | undefined;

/**
 * Loads ssh2 with our functions in place of some of Node's slow ones. ssh2 takes them out of the module while it loads, so they are exchanged for
 * exactly that time, in one step that nothing can come between.
 */
export function loadSsh2(): Ssh2 {
  if (loaded !== undefined) return loaded;
  const mutable = crypto as unknown as Record<string, unknown>;
  const usual = Object.fromEntries(Object.keys(cryptoOfSsh2).map((name) => [name, mutable[name]]));
  Object.assign(mutable, cryptoOfSsh2);
  try {
    loaded = createRequire(import.meta.url)('ssh2') as Ssh2;
  } finally {
    Object.assign(mutable, usual);
  }
  return loaded;
}

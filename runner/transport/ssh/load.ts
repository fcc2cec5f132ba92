import crypto from 'node:crypto';
import { createRequire } from 'node:module';
import { groupExchange } from './group.ts';

/** The ssh2 library; loaded only when a host is connected to, for it costs 50 ms. */
export type Ssh2 = typeof import('ssh2');

let loaded: Ssh2 | undefined;

/**
 * Loads ssh2 with our `groupExchange` in place of Node's slow one. ssh2 takes the function out of the module while it loads, so it is
 * exchanged for exactly that time, in one step that nothing can come between.
 */
export function loadSsh2(): Ssh2 {
  if (loaded !== undefined) return loaded;
  const mutable = crypto as { createDiffieHellman: unknown };
  const usual = mutable.createDiffieHellman;
  mutable.createDiffieHellman = groupExchange;
  try {
    loaded = createRequire(import.meta.url)('ssh2') as Ssh2;
  } finally {
    mutable.createDiffieHellman = usual;
  }
  return loaded;
}

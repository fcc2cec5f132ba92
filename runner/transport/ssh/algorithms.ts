import { getCiphers } from 'node:crypto';
import type { Algorithms } from 'ssh2';
import { fitsPattern } from './config-match.ts';

/** The lists of one kind: what is offered by default, and what `legacyAlgorithms` or ssh_config may add. */
interface Offer {
  readonly usual: readonly string[];
  readonly legacy: readonly string[];
}

/**
 * Cheap ones first: a fleet's handshakes are CPU of this machine. ssh2 sizes the group of a group exchange by the cipher
 * (aes256 asks for 8192 bits, 56 ms of CPU), so aes128 comes before aes256. OpenSSH's curve25519 is portable C, its nistp256 is OpenSSL's assembler:
 * 5 ms less on every host. The ends of the lists are what OpenSSH 5.3 (EL6) knows.
 */
const OFFERS = {
  kex: {
    usual: [
      'ecdh-sha2-nistp256', 'curve25519-sha256', 'curve25519-sha256@libssh.org', 'ecdh-sha2-nistp384', 'ecdh-sha2-nistp521', 'diffie-hellman-group14-sha256',
      'diffie-hellman-group15-sha512', 'diffie-hellman-group16-sha512', 'diffie-hellman-group17-sha512', 'diffie-hellman-group18-sha512', 'diffie-hellman-group-exchange-sha256',
    ],
    legacy: ['diffie-hellman-group-exchange-sha1', 'diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
  },
  serverHostKey: {
    usual: ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
    legacy: ['ssh-dss'],
  },
  cipher: {
    usual: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr', 'chacha20-poly1305@openssh.com'],
    legacy: ['aes128-cbc', 'aes192-cbc', 'aes256-cbc', '3des-cbc'],
  },
  hmac: {
    usual: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha1-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512', 'hmac-sha1'],
    legacy: ['hmac-md5', 'hmac-sha1-96', 'hmac-md5-96'],
  },
} as const satisfies Record<string, Offer>;

/** OpenSSL's name of a CBC cipher, which some builds leave out. */
function opensslName(cipher: string): string {
  return cipher === '3des-cbc' ? 'des-ede3-cbc' : cipher.replace(/^aes(\d+)-/, 'aes-$1-');
}

/** What ssh_config and the target say about algorithms. */
export interface AlgorithmWishes {
  readonly kex?: string;
  readonly serverHostKey?: string;
  readonly cipher?: string;
  readonly hmac?: string;
  readonly legacy: boolean;
  /** Key types that known_hosts has for this host: asked for first, so that what is shown can be compared. */
  readonly knownKeyTypes: readonly string[];
}

/** The lists to offer to one host. */
export function algorithms(wishes: AlgorithmWishes): Algorithms {
  const available = new Set(getCiphers());
  const offer = (kind: keyof typeof OFFERS): string[] => {
    const { usual, legacy } = OFFERS[kind];
    const supported = [...usual, ...legacy].filter((name) => kind !== 'cipher' || !name.includes('cbc') || available.has(opensslName(name)));
    const wished = applyList(wishes[kind], wishes.legacy ? supported : [...usual], supported);
    return wished.length > 0 ? wished : [...usual];
  };
  const keys = offer('serverHostKey');
  const known = keys.filter((name) => wishes.knownKeyTypes.includes(keyTypeOf(name)));
  const serverHostKey = [...known, ...keys.filter((name) => !known.includes(name))];
  // The names are ssh2's own; its types are unions of them.
  return { kex: offer('kex'), serverHostKey, cipher: offer('cipher'), hmac: offer('hmac') } as Algorithms;
}

/** The type of key that a host key algorithm signs with. */
function keyTypeOf(algorithm: string): string {
  return algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm;
}

/** OpenSSH's list syntax: names replace; `+` adds at the end, `^` at the head, `-` takes away (with wildcards). Unknown names are left out. */
export function applyList(spec: string | undefined, usual: readonly string[], supported: readonly string[]): string[] {
  if (spec === undefined) return [...usual];
  const sign = /^[+^-]/.exec(spec)?.[0];
  const patterns = (sign === undefined ? spec : spec.slice(1)).split(',').map((name) => name.trim()).filter((name) => name !== '');
  const named = patterns.flatMap((pattern) => supported.filter((name) => fitsPattern(pattern, name)));
  switch (sign) {
    case '+':
      return unique([...usual, ...named]);
    case '^':
      return unique([...named, ...usual]);
    case '-':
      return usual.filter((name) => !named.includes(name));
    default:
      return unique(named);
  }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

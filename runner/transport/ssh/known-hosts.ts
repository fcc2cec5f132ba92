import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { fitsList } from './config-match.ts';

/** One line of a known_hosts file. */
export interface KnownHost {
  readonly marker: 'revoked' | 'cert-authority' | undefined;
  /** Patterns, or one `|1|salt|hash`. */
  readonly names: readonly string[];
  readonly type: string;
  /** The key as on the wire, in base64. */
  readonly key: string;
  readonly file: string;
  readonly line: number;
}

/** Reads the lines of a known_hosts file; lines that are none are passed over, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): readonly KnownHost[] {
  return text.split(/\r?\n/).flatMap((raw, index) => {
    const words = raw.trim().split(/[ \t]+/);
    const marker = words[0]?.startsWith('@') === true ? words.shift()?.slice(1) : undefined;
    const [names, type, key] = words;
    if (names === undefined || names.startsWith('#') || type === undefined || key === undefined) return [];
    if (marker !== undefined && marker !== 'revoked' && marker !== 'cert-authority') return [];
    return [{ marker, names: names.split(','), type, key: key.replace(/=+$/, ''), file, line: index + 1 }];
  });
}

/** The name under which known_hosts has a host. */
export function knownName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** The lines about a host. */
export function linesFor(hosts: readonly KnownHost[], name: string): readonly KnownHost[] {
  return hosts.filter(({ names }) => (names[0]?.startsWith('|1|') === true ? isHashOf(names[0], name) : fitsList(names.map((pattern) => pattern.toLowerCase()), name)));
}

/** How OpenSSH shows a key to people. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The type a key says it has. */
export function keyType(key: Buffer): string {
  return key.toString('latin1', 4, 4 + key.readUInt32BE(0));
}

/** What known_hosts means for a key that a host has shown. */
export type Verdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown'; readonly authority: KnownHost | undefined }
  /** A key of the same type is known, and it is another one; or only keys of other types are known. */
  | { readonly kind: 'changed'; readonly was: KnownHost; readonly sameType: boolean }
  | { readonly kind: 'revoked'; readonly by: KnownHost };

/** Compares a key with the lines about its host. */
export function judge(lines: readonly KnownHost[], key: Buffer): Verdict {
  const shown = key.toString('base64').replace(/=+$/, '');
  const type = keyType(key);
  const revoked = lines.find((line) => line.marker === 'revoked' && line.key === shown);
  if (revoked !== undefined) return { kind: 'revoked', by: revoked };
  const plain = lines.filter((line) => line.marker === undefined);
  if (plain.some((line) => line.key === shown)) return { kind: 'known' };
  const same = plain.find((line) => line.type === type);
  const was = same ?? plain[0];
  if (was !== undefined) return { kind: 'changed', was, sameType: same !== undefined };
  return { kind: 'unknown', authority: lines.find((line) => line.marker === 'cert-authority') };
}

function isHashOf(hashed: string, name: string): boolean {
  const [, , salt = '', hash = ''] = hashed.split('|');
  const wanted = Buffer.from(hash, 'base64');
  const found = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}

import { createHmac } from 'node:crypto';

/** Whether a line of known_hosts is about a host: by name in its list, or by a hashed name. Markers and comments are not. */
export function isAboutHost(line: string, host: string): boolean {
  const names = fieldsOf(line)?.names;
  if (names === undefined) return false;
  if (names.startsWith('|1|')) {
    const [, , salt = '', hash = ''] = names.split('|');
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(host).digest('base64') === hash;
  }
  return names.split(',').some((name) => name.toLowerCase() === host.toLowerCase());
}

/** The parts of a line; undefined for comments, empty lines and lines with markers. */
export function fieldsOf(line: string): { readonly names: string; readonly type: string; readonly key: string } | undefined {
  if (/^\s*(#|@|$)/.test(line)) return undefined;
  const [names, type, key] = line.trim().split(/\s+/);
  return names !== undefined && type !== undefined && key !== undefined ? { names, type, key } : undefined;
}

/** A host's name as OpenSSH hashes it; the salt is made of the name and key, so that the same line comes out each time. */
export function hashedName(host: string, key: string): string {
  const salt = createHmac('sha1', key).update(host).digest();
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(host).digest('base64')}`;
}

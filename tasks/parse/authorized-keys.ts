/** One line of authorized_keys that holds a key. */
export interface AuthorizedKey {
  readonly options: string;
  readonly type: string;
  /** The key itself, base64. */
  readonly key: string;
  readonly comment: string;
}

const TYPES = 'ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp(?:256|384|521)|sk-[a-z0-9-]+@openssh\\.com|ssh-(?:rsa|dss|ed25519)-cert-v01@openssh\\.com';
const LINE = new RegExp(`^\\s*(?:((?:[^\\s"]|"(?:[^"\\\\]|\\\\.)*")+)\\s+)?(${TYPES})\\s+([A-Za-z0-9+/=]+)(?:\\s+(.*?))?\\s*$`);

/** Reads one line; undefined for comments, empty lines and what is no key. */
export function parseAuthorizedKey(line: string): AuthorizedKey | undefined {
  if (/^\s*(#|$)/.test(line)) return undefined;
  const found = LINE.exec(line);
  if (!found) return undefined;
  const [, options = '', type = '', key = '', comment = ''] = found;
  return { options, type, key, comment };
}

/** A key as a line. */
export function authorizedKeyLine({ options, type, key, comment }: AuthorizedKey): string {
  return [options, type, key, comment].filter(Boolean).join(' ');
}

/** A host name or address, possibly with `[x:y]` ranges, and its port. */
export interface Address {
  readonly host: string;
  readonly port?: number;
}

const NUMERIC = String.raw`\[[0-9]+:[0-9]+(?::[0-9]+)?\]`;
const HEXADECIMAL = String.raw`\[[0-9a-f]+:[0-9a-f]+(?::[0-9]+)?\]`;
const ALPHANUMERIC = String.raw`\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)(?::[0-9]+)?\]`;
const WORD = String.raw`[\p{L}\p{N}_]`;

const OCTET = `(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5]|${NUMERIC})`;
const IPV4 = new RegExp(String.raw`^(?:${OCTET}\.){3}${OCTET}$`, 'i');

const PIECE = `(?:[0-9a-f]{1,4}|${HEXADECIMAL})`;
const IPV6_FORMS = [
  `(?:${PIECE}:){7}${PIECE}`,
  `(?:${PIECE}:){1,6}:`,
  // One gap: at most seven pieces around it.
  ...[1, 2, 3, 4, 5, 6].map((left) => `(?:${PIECE}:){${left}}(?::${PIECE}){1,${7 - left}}`),
  `:(?::${PIECE}){1,6}`,
  `${PIECE}?::`,
  // IPv4 within IPv6.
  ...['(?:0:){6}', '::(?:ffff:)?', '(?:0:){5}ffff:'].map((head) => String.raw`${head}(?:${PIECE}\.){3}${PIECE}`),
];
const IPV6 = new RegExp(`^(?:${IPV6_FORMS.join('|')})$`, 'i');

// Starts with a letter, digit or range and does not end with a hyphen or underscore.
const LABEL = `(?:${WORD}|${ALPHANUMERIC})(?:(?:${WORD}|-|${ALPHANUMERIC})*(?<![_-]))?(?<![_-])`;
const HOSTNAME = new RegExp(String.raw`^${LABEL}(?:\.${LABEL})*$`, 'iu');

/** What nearly all names look like: told without the expressions above, which cost milliseconds to compile. */
const PLAIN = /^[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*$/i;

const BRACKETED_PORT = /^\[(.+)\]:([0-9]+)$/;
const PORT = /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/;

/** Reads `host`, `host:port` or `[host]:port`; undefined when the text is no host name or address. */
export function parseAddress(text: string): Address | undefined {
  let host = text;
  let port: number | undefined;
  for (const form of [BRACKETED_PORT, PORT]) {
    const match = form.exec(host);
    if (match) [host, port] = [match[1] ?? '', Number(match[2])];
  }
  if (!PLAIN.test(host) && !IPV4.test(host) && !IPV6.test(host) && !HOSTNAME.test(host)) return undefined;
  return port === undefined ? { host } : { host, port };
}

/** Whether a host name is an IPv4 or IPv6 address. */
export function isNumericAddress(host: string): boolean {
  return IPV4.test(host) || IPV6.test(host);
}

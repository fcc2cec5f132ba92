import { z } from 'zod';
import { sh, type Command } from '../../../runner/task/command.ts';
import { Flag, Text, Texts, Whole } from '../../../runner/task/params.ts';

/** Parameters of everything that asks a web server. */
export const requestFields = {
  headers: z.record(z.string(), Text).default({}).describe('Header lines to send, by name.'),
  timeout: Whole.default(10).describe('Seconds until the server must have answered the connection.'),
  validate_certs: Flag.default(true).describe('Whether certificates must be right.'),
  url_username: Text.optional().meta({ aliases: ['username'] }).describe('User name for the server.'),
  url_password: Text.optional().meta({ aliases: ['password'] }).describe('Password for the server; never stands in a command.'),
  http_agent: Text.default('rollcall').describe('What the host says it is.'),
  use_proxy: Flag.default(true).describe("Whether the host's own proxy settings count."),
  force_basic_auth: Flag.default(false).describe('Taken for compatibility: name and password are always sent at once.'),
  client_cert: Text.optional().describe('Path on the host of a certificate to show to the server, with its key in it or in `client_key`. Needs curl.'),
  client_key: Text.optional().describe('Path on the host of the key of that certificate.'),
  ciphers: Texts.optional().describe('Ciphers to offer, in the words of OpenSSL. Needs curl.'),
  use_netrc: Flag.default(true).describe("Whether names and passwords in the user's .netrc count where the task gives none."),
  unredirected_headers: Texts.default([]).describe('Taken for compatibility: curl sends names and passwords to no other host.'),
  decompress: Flag.default(true).describe('Taken for compatibility: nothing compressed is asked for.'),
} as const;

/** How a server is asked. */
export type Request = z.output<z.ZodObject<typeof requestFields>>;

/** What is asked for without any wishes. */
export const PLAIN_REQUEST: Request = z.object(requestFields).parse({});

/** Fetches a URL to the standard output, by curl where there is one, else by wget. Headers and passwords go by stdin, unseen in the process list. */
export function download(url: string, request: Request): Command {
  const { timeout, validate_certs, http_agent, use_proxy } = request;
  const config = curlConfig(request);
  const curl = ['-fsSL', '--connect-timeout', String(timeout), '-A', http_agent, ...(validate_certs ? [] : ['-k']), ...(use_proxy ? [] : ['--noproxy', '*'])];
  const wget = ['-q', '-O', '-', '-T', String(timeout), '-U', http_agent, ...(validate_certs ? [] : ['--no-check-certificate']), ...(use_proxy ? [] : ['--no-proxy'])];
  const script = config === ''
    ? sh`if command -v curl >/dev/null 2>&1; then curl ${curl} ${url}; else wget ${wget} ${url}; fi`
    : sh`curl ${curl} -K - ${url}`;
  return script.with({ timeout: 600, ...(config !== '' && { stdin: config }) });
}

/** curl's options that nobody may see, or that wget does not have, as a file of options. */
export function curlConfig(request: Pick<Request, 'headers' | 'url_username' | 'url_password' | 'client_cert' | 'client_key' | 'ciphers'>): string {
  const { headers, url_username: user, url_password: password, client_cert: cert, client_key: key, ciphers } = request;
  const lines = Object.entries(headers).map(([name, value]) => `header = ${curlQuoted(`${name}: ${value}`)}`);
  if (user !== undefined) lines.push(`user = ${curlQuoted(`${user}:${password ?? ''}`)}`);
  if (cert !== undefined) lines.push(`cert = ${curlQuoted(cert)}`);
  if (key !== undefined) lines.push(`key = ${curlQuoted(key)}`);
  if (ciphers !== undefined && ciphers.length > 0) lines.push(`ciphers = ${curlQuoted(ciphers.join(':'))}`);
  return lines.map((line) => `${line}\n`).join('');
}

/** A value in curl's file of options. */
export function curlQuoted(text: string): string {
  const escaped = text.replace(/[\\"]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`).replaceAll('\r', String.raw`\r`).replaceAll('\t', String.raw`\t`);
  return `"${escaped}"`;
}

import { spawnSync } from 'node:child_process';
import { asBool, asNumber, asText } from '../arguments.ts';
import { toJson } from '../convert.ts';
import { ExpressionError } from '../errors.ts';
import type { CallContext, Lookup } from '../scope.ts';
import { splitLines } from '../string-methods.ts';
import { toText } from '../text.ts';
import { isList, isMapping, type Value } from '../value.ts';
import { URL_PROGRAM } from './url-program.ts';
import { own as entryOf } from '../../util/own.ts';

/** What the program answers: one of the four. */
interface Answer {
  readonly body?: string;
  readonly http?: string;
  readonly certificate?: string;
  readonly failed?: string;
}

/** Options that a variable or the environment may give instead. */
const VARIABLES: Readonly<Record<string, string>> = {
  force: 'force', timeout: 'timeout', http_agent: 'agent', force_basic_auth: 'force_basic_auth', follow_redirects: 'follow_redirects', use_gssapi: 'use_gssapi',
  use_netrc: 'use_netrc', unix_socket: 'unix_socket', ca_path: 'ca_path', unredirected_headers: 'unredir_headers', ciphers: 'ciphers',
};
const OPTIONS = new Set([...Object.keys(VARIABLES), 'validate_certs', 'split_lines', 'use_proxy', 'username', 'password', 'headers']);

/** The `url` lookup: what a web server answers, by lines; the expression waits for it. */
export const url: Lookup = (terms, options, context) => {
  const wrong = [...options.keys()].find((name) => !OPTIONS.has(name));
  if (wrong !== undefined) throw new ExpressionError(`the url lookup has no option '${wrong}'`);
  const option = (name: string): Value | undefined => optionOf(name, options, context);
  if (asBool(option('use_gssapi'))) throw new ExpressionError('the url lookup has no GSSAPI here; use username and password');
  return terms.flatMap((term) => {
    const body = fetched(toText(term), option);
    return asBool(options.get('split_lines'), true) ? splitLines(body) : [body];
  });
};

function optionOf(name: string, options: ReadonlyMap<string, Value>, { scope }: CallContext): Value | undefined {
  const given = options.get(name);
  const own = entryOf(VARIABLES, name);
  if (given !== undefined || own === undefined) return given;
  return scope.lookup(`ansible_lookup_url_${own}`) ?? process.env[`ANSIBLE_LOOKUP_URL_${own.toUpperCase()}`];
}

function fetched(term: string, option: (name: string) => Value | undefined): string {
  const timeout = asNumber(option('timeout'), 10);
  const headers = option('headers');
  const request = {
    url: term, timeout, headers: headers !== undefined && isMapping(headers) ? toJson(headers) : {},
    validate: asBool(option('validate_certs'), true), useProxy: asBool(option('use_proxy'), true), force: asBool(option('force')),
    username: textOf(option('username')), password: textOf(option('password')), forceBasic: asBool(option('force_basic_auth')), useNetrc: asBool(option('use_netrc'), true),
    agent: asText(option('http_agent'), 'ansible-httpget'), follow: asText(option('follow_redirects'), 'urllib2').toLowerCase(),
    socket: textOf(option('unix_socket')), caPath: textOf(option('ca_path')), unredirected: words(option('unredirected_headers')).map((each) => each.toLowerCase()),
    ciphers: words(option('ciphers')).join(':'),
  };
  const { stdout, error } = spawnSync(process.execPath, ['-e', URL_PROGRAM], { input: JSON.stringify(request), encoding: 'utf8', timeout: (timeout * 12 + 5) * 1000, maxBuffer: 256 * 1024 * 1024, stdio: ['pipe', 'pipe', 'ignore'] });
  const answer = (error || stdout === '' ? { failed: error?.message ?? 'no answer' } : JSON.parse(stdout)) as Answer;
  if (answer.body !== undefined) return answer.body;
  if (answer.http !== undefined) throw new ExpressionError(`Received HTTP error for ${term} : ${answer.http}`);
  if (answer.certificate !== undefined) throw new ExpressionError(`Error validating the server's certificate for ${term}: ${answer.certificate}`);
  throw new ExpressionError(`Failed lookup url for ${term} : ${answer.failed ?? ''}`);
}

function textOf(value: Value | undefined): string | null {
  return value === undefined || value === null ? null : toText(value);
}

function words(value: Value | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value.map(toText) : toText(value).split(',').map((each) => each.trim()).filter((each) => each !== '');
}

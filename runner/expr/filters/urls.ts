import { asString, asText } from '../arguments.ts';
import { define, type Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import type { Value } from '../value.ts';

/** The five parts of an address, as Python's `urlsplit` takes it apart: any text has them. */
export function splitUrl(url: string): { readonly scheme: string; readonly netloc: string; readonly path: string; readonly query: string; readonly fragment: string } {
  const [, scheme = '', netloc = '', path = '', query = '', fragment = ''] = /^(?:([a-zA-Z][\w+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([^]*))?$/.exec(url.replace(/^[\0- ]+|[\t\r\n]/g, '')) ?? [];
  if (netloc.includes('[') !== netloc.includes(']')) throw new ExpressionError('Invalid IPv6 URL');
  return { scheme: scheme.toLowerCase(), netloc, path, query, fragment };
}

function parts(url: string): Map<Value, Value> {
  const { scheme, netloc, path, query, fragment } = splitUrl(url);
  const [, user, password, host = '', port] = /^(?:([^:@]*)(?::([^@]*))?@)?(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(netloc) ?? [];
  if (port !== undefined && Number(port) > 65_535) throw new ExpressionError('Port out of range 0-65535');
  return new Map<Value, Value>([
    ['fragment', fragment],
    ['hostname', host === '' ? null : host.replace(/^\[|\]$/g, '').toLowerCase()],
    ['netloc', netloc],
    ['password', password ?? null],
    ['path', path],
    ['port', port === undefined || port === '' ? null : Number(port)],
    ['query', query],
    ['scheme', scheme],
    ['username', user ?? null],
  ]);
}

/** Filters that take addresses apart. */
export const URL_FILTERS: readonly Entry[] = define('urlsplit', 'query? alias?', (value, [wanted]) => {
  const found = parts(asString(value));
  const name = asText(wanted);
  if (name === '') return found;
  const part = found.get(name);
  if (part === undefined) throw new ExpressionError(`urlsplit: unknown URL component: ${name}`);
  return part;
});

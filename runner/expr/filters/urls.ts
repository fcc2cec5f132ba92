import { asText } from '../arguments.ts';
import { define, type Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import { toText } from '../text.ts';
import type { Value } from '../value.ts';

function parts(url: string): Map<Value, Value> {
  const [, scheme = '', authority, path = '', query = '', fragment = ''] = /^(?:([a-zA-Z][\w+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([^]*))?$/.exec(url.trim()) ?? [];
  const [, user, password, host = '', port] = /^(?:([^:@]*)(?::([^@]*))?@)?(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(authority ?? '') ?? [];
  if (port !== undefined && Number(port) > 65_535) throw new ExpressionError('Port out of range 0-65535');
  return new Map<Value, Value>([
    ['fragment', fragment],
    ['hostname', host === '' ? null : host.replace(/^\[|\]$/g, '').toLowerCase()],
    ['netloc', authority ?? ''],
    ['password', password ?? null],
    ['path', path],
    ['port', port === undefined || port === '' ? null : Number(port)],
    ['query', query],
    ['scheme', scheme.toLowerCase()],
    ['username', user ?? null],
  ]);
}

/** Filters that take addresses apart. */
export const URL_FILTERS: readonly Entry[] = define('urlsplit', 'query? alias?', (value, [wanted]) => {
  const found = parts(toText(value));
  const name = asText(wanted);
  if (name === '') return found;
  const part = found.get(name);
  if (part === undefined) throw new ExpressionError(`urlsplit: unknown URL component: ${name}`);
  return part;
});

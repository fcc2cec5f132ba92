import { truthy } from '../convert.ts';
import { ExpressionError } from '../errors.ts';
import { toText } from '../text.ts';
import { isList, type Value } from '../value.ts';
import { WIDTH, type Version } from './address.ts';
import { Network, readNetwork } from './network.ts';
import { QUERIES, type Asked } from './queries.ts';

/** Reads what people write for an address: numbers too. Undefined when it is none. */
export function readAsked(value: Value, version?: Version): Asked | undefined {
  if (value === true || !truthy(value)) return undefined;
  const text = toText(value);
  if (/^\d+$/.test(text)) return numbered(BigInt(text), undefined, version);
  const network = readNetwork(text);
  if (network) return { network, text, hasPrefix: text.includes('/') };
  const [, number, prefix] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  return number === undefined ? undefined : numbered(BigInt(number), Number(prefix));
}

function numbered(value: bigint, prefix: number | undefined, version?: Version): Asked | undefined {
  const family = ([4, 6] as const).find((each) => (version !== 6 || each === 6) && value < 1n << BigInt(WIDTH[each]) && (prefix ?? 0) <= WIDTH[each]);
  if (family === undefined) return undefined;
  const network = new Network(family, value, prefix ?? WIDTH[family]);
  return { network, text: network.text(), hasPrefix: prefix !== undefined };
}

/**
 * What `ipaddr` answers: false for what is no address of the wanted family, null for a question without an answer.
 * A list keeps the items with an answer.
 * @throws ExpressionError for a query that does not exist
 */
export function ask(value: Value, query: string, version: Version | undefined, filter: string): Value {
  if (isList(value)) return value.map((item) => ask(item, query, version, filter)).filter(truthy);
  const asked = readAsked(value, version);
  if (!asked) return false;
  const range = QUERIES.has(query) || /^\d+$/.test(query) ? undefined : readNetwork(query);
  if (version !== undefined && asked.network.version !== version) return false;
  if (range) return range.holds(asked.network) ? asked.text : null;
  const answer = QUERIES.get(query);
  if (answer) return answer(asked);
  if (!/^[+-]?\d+$/.test(query)) throw new ExpressionError(`${filter}: unknown filter type: ${query}`);
  return nth(asked, BigInt(query));
}

function nth({ network, hasPrefix }: Asked, index: bigint): Value {
  if (network.size === 1n) return hasPrefix ? network.text() : network.address;
  const found = memberAt(network, index);
  return found === undefined ? false : `${found}/${network.prefix}`;
}

/** The address at that place of a network, counted from its end below zero. */
export function memberAt(network: Network, index: bigint): string | undefined {
  if (index >= network.size || index < -network.size) return undefined;
  return network.show(index < 0n ? network.last + 1n + index : network.first + index);
}

import { ExpressionError } from '../errors.ts';
import { makeInt } from '../numbers.ts';
import type { Value } from '../value.ts';
import { groups } from './address.ts';
import { isLinkLocal, isLoopback, isMulticast, isPrivate, isPublic } from './kinds.ts';
import { Network, readNetwork } from './network.ts';

/** What is asked about: the network, how it was written, and whether with a prefix. */
export interface Asked {
  readonly network: Network;
  readonly text: string;
  readonly hasPrefix: boolean;
}

/** What one query answers; null where there is no such address. */
type Query = (asked: Asked) => Value;

/** The text when the network is of a kind. */
function when(isOfKind: (network: Network) => boolean): Query {
  return ({ network, text }) => (isOfKind(network) ? text : null);
}

/** Part of a network of several addresses; an address alone has none. */
function ofUsable(part: (network: Network, first: bigint, last: bigint) => Value): Query {
  return ({ network, hasPrefix }) => {
    if (!hasPrefix) throw new ExpressionError('Not a network address');
    return network.usable ? part(network, ...network.usable) : null;
  };
}

function step(by: bigint): Query {
  return ofUsable((network, first, last) => neighbour(network, by, first, last));
}

/** The address that far away, when a host may have it. */
export function neighbour(network: Network, by: bigint, first: bigint, last: bigint): Value {
  const next = network.value + by;
  return next >= first && next <= last ? network.show(next) : null;
}

const isFirst = (network: Network): boolean => network.value === network.first;

const address: Query = ({ network }) => (network.size === 1n || network.version === 6 || !isFirst(network) || network.broadcast === undefined ? network.address : null);

const hostPrefix: Query = ({ network }) => (network.size > 2n && (isFirst(network) || network.value === network.broadcast) ? false : network.text());

/** What is only asked of a host in a network of several addresses. */
function hostInNetwork(show: (network: Network) => string): Query {
  return ({ network }) => (network.size === 2n || (network.size > 1n && !isFirst(network)) ? show(network) : null);
}

const peer: Query = ({ network, hasPrefix }) => {
  if (!hasPrefix) throw new ExpressionError('Not a network address');
  if (network.size === 2n) return network.show(network.value ^ 1n);
  if (network.size !== 4n) throw new ExpressionError('Not a point-to-point network');
  if (isFirst(network)) throw new ExpressionError('Network address of /30 has no peer');
  if (network.value === network.last) throw new ExpressionError('Broadcast address of /30 has no peer');
  return network.show(network.value ^ 3n);
};

const toFour: Query = ({ network: { version, value, prefix }, text }) => {
  if (version === 4) return text;
  const mapped = value <= 0xffffffffn ? value : value - 0xffff00000000n;
  return mapped < 0n || mapped > 0xffffffffn || prefix < 96 ? false : new Network(4, mapped, prefix - 96).text();
};

const toSix: Query = ({ network: { version, value, prefix }, text }) => (version === 6 ? text : new Network(6, 0xffff00000000n + value, prefix + 96).text());

const SIX_TO_FOUR = readNetwork('2002::/16');

const sixToFour: Query = ({ network, text, hasPrefix }) => {
  if (network.version === 6) return SIX_TO_FOUR?.holds(network) && (!hasPrefix || !isFirst(network)) ? text : false;
  if (network.size > 1n && isFirst(network)) return false;
  if (!isPublic(network) && !isPrivate(new Network(4, network.value, 32))) return false;
  const [high = '', low = ''] = groups(network.value, 2, 16).map((word) => word.toString(16).padStart(4, '0'));
  return `2002:${high}:${low}::1/48`;
};

function reverseName({ version, value }: Network): string {
  return version === 4 ? `${groups(value, 4, 8).reverse().join('.')}.in-addr.arpa.` : `${groups(value, 32, 4).reverse().map((digit) => digit.toString(16)).join('.')}.ip6.arpa.`;
}

/** Whether an address of a host or a network was written. */
function kindOf(network: Network): 'address' | 'network' {
  return network.size > 1n && isFirst(network) ? 'network' : 'address';
}

const each = (names: string, query: Query): [string, Query][] => names.split(' ').map((name) => [name, query]);

/** Every query of the `ipaddr` filter by name. */
export const QUERIES: ReadonlyMap<string, Query> = new Map<string, Query>([
  ['', ({ network, hasPrefix }) => (hasPrefix ? network.text() : network.address)],
  ['6to4', sixToFour],
  ...each('address ip', address),
  ...each('address/prefix gateway gw host/prefix hostnet router', hostPrefix),
  ['bool', () => true],
  ['broadcast', ({ network }) => (network.size > 2n && network.broadcast !== undefined ? network.show(network.broadcast) : null)],
  ['cidr', ({ network }) => network.text()],
  ['first_usable', ofUsable((network, first) => network.show(first))],
  ['last_usable', ofUsable((network, _first, last) => network.show(last))],
  ['range_usable', ofUsable((network, first, last) => `${network.show(first)}-${network.show(last)}`)],
  ['next_usable', step(1n)],
  ['previous_usable', step(-1n)],
  ['host', ({ network }) => (network.size === 1n || !isFirst(network) || network.broadcast === undefined ? network.text() : null)],
  ...each('hostmask wildcard', ({ network }) => network.hostmask),
  ['int', ({ network, hasPrefix }) => (hasPrefix ? `${network.value}/${network.prefix}` : makeInt(network.value))],
  ['ip/prefix', hostInNetwork((network) => network.text())],
  ['ip_netmask', hostInNetwork((network) => `${network.address} ${network.netmask}`)],
  ['ipv4', toFour],
  ['ipv6', toSix],
  ['link-local', when(isLinkLocal)],
  ...each('lo loopback', when(isLoopback)),
  ['multicast', when(isMulticast)],
  ['unicast', when((network) => !isMulticast(network))],
  ['private', when(isPrivate)],
  ['public', when(isPublic)],
  ['net', ({ network }) => (kindOf(network) === 'network' ? network.text() : null)],
  ['netmask', ({ network }) => network.netmask],
  ...each('network network_id', ({ network }) => network.show(network.first)),
  ...each('network/prefix subnet', ({ network }) => network.cidr().text()),
  ['network_netmask', ({ network }) => `${network.show(network.first)} ${network.netmask}`],
  ['network_wildcard', ({ network }) => `${network.show(network.first)} ${network.hostmask}`],
  ['peer', peer],
  ['prefix', ({ network }) => network.prefix],
  ['revdns', ({ network }) => reverseName(network)],
  ['size', ({ network }) => makeInt(network.size)],
  ['size_usable', ({ network }) => makeInt(network.usable ? network.usable[1] - network.usable[0] + 1n : 0n)],
  ['type', ({ network }) => kindOf(network)],
  ['version', ({ network }) => network.version],
  ['wrap', ({ network, text, hasPrefix }) => (network.version === 4 ? text : `[${network.address}]${hasPrefix ? `/${network.prefix}` : ''}`)],
]);

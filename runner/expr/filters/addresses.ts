import { asInt, asText, iterate } from '../arguments.ts';
import { truthy } from '../convert.ts';
import { define, type Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import { ask, memberAt, readAsked } from '../ip/ask.ts';
import { hardware, interfaceIdentifier, readHardware } from '../ip/hardware.ts';
import { WIDTH, type Version } from '../ip/address.ts';
import { mergeNetworks, spanningNetwork } from '../ip/merge.ts';
import { readNetwork, type Network } from '../ip/network.ts';
import { neighbour } from '../ip/queries.ts';
import { isInteger } from '../numbers.ts';
import { repr, toText, typeName } from '../text.ts';
import { isList, type Value } from '../value.ts';
import { subnet } from './subnet.ts';

/** @throws ExpressionError for what nobody would take for addresses */
function addressable(value: Value, filter: string): Value {
  if (typeof value === 'string' || typeof value === 'boolean' || isInteger(value) || isList(value)) return value;
  throw new ExpressionError(`Unrecognized type <${typeName(value)}> for ${filter} filter <value>`);
}

function family(value: Value | undefined): Version | undefined {
  if (value === undefined || !truthy(value)) return undefined;
  const version = asInt(value, 0);
  if (version === 4 || version === 6) return version;
  throw new ExpressionError(`ipaddr: there is no IP version ${version}`);
}

function wrapped(value: Value): Value {
  const answer = ask(value, '', undefined, 'ipwrap');
  return truthy(answer) ? ask(answer, 'wrap', undefined, 'ipwrap') : value;
}

/** The network a host is in, without host bits; the host itself where it is asked for its place. */
function networkOf(value: Value): Network | undefined {
  return readAsked(value)?.network;
}

function usableFrom(value: Value, offset: Value | undefined, sign: 1 | -1): Value {
  const network = networkOf(value);
  if (!network) return false;
  return network.usable ? neighbour(network, BigInt(wholeNumber(offset) * sign), ...network.usable) : null;
}

/** An integer, digits in a text too. */
function wholeNumber(value: Value | undefined): number {
  const text = asText(value).trim();
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw new ExpressionError(`${repr(value ?? null)} is not an integer`);
}

/** Whether a network lies in a range of addresses of its family. */
function inside(value: Value, of: Network | undefined, first: bigint | undefined, last: bigint | undefined): boolean {
  const network = networkOf(value);
  return network !== undefined && network.version === of?.version && first !== undefined && last !== undefined && network.first >= first && network.last <= last;
}

function inNetwork(value: Value, of: Network | undefined): boolean {
  return inside(value, of, of?.first, of?.last);
}

function merged(value: Value, action: string): Value {
  const networks = iterate(value).map((item) => readNetwork(toText(item)) ?? fail(`cidr_merge: invalid IPNetwork ${toText(item)}`));
  if (action === 'merge') return mergeNetworks(networks).map((each) => each.text());
  if (action !== 'span') return fail(`cidr_merge: invalid action '${action}'`);
  const [first, ...others] = networks;
  if (!first) return null;
  if (others.length === 0) return first.text();
  if (others.some(({ version }) => version !== first.version)) fail('cidr_merge: IP sequence cannot contain both IPv4 and IPv6!');
  return spanningNetwork([first, ...others]).text();
}

function fail(message: string): never {
  throw new ExpressionError(message);
}

/** More addresses than this are a mistake that would exhaust the memory. */
const MAX_ADDRESSES = 65_536n;

function allAddresses(value: Value): Value {
  const network = readNetwork(toText(value));
  if (!network) return fail(`usable_range: ${repr(value)} does not appear to be an IPv4 or IPv6 network`);
  if (network.value !== network.first) return fail(`usable_range: ${toText(value)} has host bits set`);
  if (network.size > MAX_ADDRESSES) return fail(`usable_range: ${toText(value)} has ${network.size} addresses, which is too many`);
  const count = Number(network.size);
  return new Map<Value, Value>([
    ['usable_ips', Array.from({ length: count }, (_, index) => network.show(network.first + BigInt(index)))],
    ['number_of_ips', count],
  ]);
}

function moved(value: Value, amount: number): Value {
  const network = readNetwork(toText(value));
  if (!network) return fail(`You must pass a valid IP address; ${toText(value)} is invalid`);
  const sum = network.value + BigInt(amount);
  if (sum < 0n || sum >= 1n << BigInt(WIDTH[network.version])) return fail('result outside valid IP address boundary!');
  return network.show(sum);
}

function selfAssigned(value: Value, mac: string): Value {
  const [network, hardwareAddress] = [networkOf(value), readHardware(mac)];
  if (network?.version !== 6 || hardwareAddress === undefined) return false;
  return network.show(network.first + interfaceIdentifier(hardwareAddress));
}

/** Filters of `ansible.utils` that calculate with addresses. */
export const ADDRESS_FILTERS: readonly Entry[] = [
  ...define('ipaddr', 'query? version? alias?', (value, [query, version]) => ask(addressable(value, 'ipaddr'), asText(query), family(version), 'ipaddr')),
  ...define('ipv4', 'query?', (value, [query]) => ask(addressable(value, 'ipv4'), asText(query), 4, 'ipv4')),
  ...define('ipv6', 'query?', (value, [query]) => ask(addressable(value, 'ipv6'), asText(query), 6, 'ipv6')),
  ...define('ipwrap', '', (value) => {
    if (isInteger(value)) return fail('Unrecognized type <int> for ipwrap filter <value>');
    const given = addressable(value, 'ipwrap');
    return isList(given) ? given.map(wrapped) : wrapped(given);
  }),
  ...define('ipsubnet', 'query? index?', (value, [query, index]) => subnet(value, asText(query), index === undefined || index === null ? undefined : wholeNumber(index))),
  ...define('ipmath', 'amount', (value, [amount]) => moved(value, wholeNumber(amount))),
  ...define('nthhost', 'query?', (value, [query]) => {
    const [network, index] = [networkOf(value), asText(query).trim()];
    return network && /^[+-]?\d+$/.test(index) ? (memberAt(network, BigInt(index)) ?? false) : false;
  }),
  ...define('next_nth_usable', 'offset', (value, [offset]) => usableFrom(value, offset, 1)),
  ...define('previous_nth_usable', 'offset', (value, [offset]) => usableFrom(value, offset, -1)),
  ...define('network_in_network', 'test', (value, [test = null]) => inNetwork(test, networkOf(value))),
  ...define('network_in_usable', 'test', (value, [test = null]) => {
    const network = networkOf(value);
    return inside(test, network, ...(network?.usable ?? [network?.first, network?.last] as const));
  }),
  ...define('reduce_on_network', 'network', (value, [network = null]) => {
    const within = networkOf(network);
    return iterate(value).filter((item) => inNetwork(item, within));
  }),
  ...define('cidr_merge', 'action?', (value, [action]) => merged(value, asText(action, 'merge'))),
  ...define('hwaddr', 'query? alias?', (value, [form]) => hardware(value, asText(form), 'hwaddr')),
  ...define('macaddr', 'query?', (value, [form]) => hardware(value, asText(form), 'macaddr')),
  ...define('slaac', 'query?', (value, [mac]) => selfAssigned(value, asText(mac))),
  ...define('usable_range', '', allAddresses),
  ...define('ip4_hex', 'delimiter?', (value, [delimiter]) => {
    const network = readNetwork(toText(value));
    if (network?.version !== 4) return fail(`ip4_hex: ${toText(value)} is no IPv4 address`);
    return (network.value.toString(16).padStart(8, '0').match(/../g) ?? []).join(asText(delimiter));
  }),
];

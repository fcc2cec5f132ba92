import { WIDTH } from './address.ts';
import { Network, readNetwork } from './network.ts';

function ranges(...texts: readonly string[]): Network[] {
  return texts.flatMap((text) => readNetwork(text) ?? []);
}

const LOOPBACK = ranges('127.0.0.0/8', '::1');
const LINK_LOCAL = ranges('169.254.0.0/16', 'fe80::/10');
const MULTICAST = ranges('224.0.0.0/4', 'ff00::/8');
const PRIVATE = [
  ...ranges('10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.0.0.0/24', '192.168.0.0/16', '198.18.0.0/15', '239.0.0.0/8', 'fc00::/7', 'fec0::/10'),
  ...LINK_LOCAL,
];

function within(network: Network, kinds: readonly Network[]): boolean {
  return kinds.some((kind) => kind.holds(network));
}

/** Whether the address is one that a host has for itself. */
export function isLoopback(network: Network): boolean {
  return within(host(network), LOOPBACK);
}

/** Whether the address is one of a single link. */
export function isLinkLocal(network: Network): boolean {
  return within(host(network), LINK_LOCAL);
}

/** Whether the whole network is one of groups of hosts. */
export function isMulticast(network: Network): boolean {
  return within(network, MULTICAST);
}

/** Whether the whole network is for internal use, addresses of a link included. */
export function isPrivate(network: Network): boolean {
  return within(network, PRIVATE);
}

/** Whether the address is met on the internet: neither internal, nor of a group, nor a mask. */
export function isPublic(network: Network): boolean {
  const address = host(network);
  return !isMulticast(address) && !isPrivate(address) && !isLoopback(address) && !isMask(address);
}

function host({ version, value }: Network): Network {
  return new Network(version, value, WIDTH[version]);
}

function isMask({ version, value }: Network): boolean {
  const all = (1n << BigInt(WIDTH[version])) - 1n;
  return [value ^ all, value].some((mask) => ((mask + 1n) & mask) === 0n);
}

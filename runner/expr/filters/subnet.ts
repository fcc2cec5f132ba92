import { ExpressionError } from '../errors.ts';
import { WIDTH } from '../ip/address.ts';
import { readAsked } from '../ip/ask.ts';
import { Network } from '../ip/network.ts';
import type { Value } from '../value.ts';

/**
 * `ipsubnet`: the network itself, how many subnets of a size it has or which network of that size holds it, one of those by its place, or its place in another network.
 * @throws ExpressionError
 */
export function subnet(value: Value, query: string, index: number | undefined): Value {
  const network = readAsked(value)?.network.cidr();
  if (!network) return false;
  if (query === '') return network.text();
  if (!/^\d+$/.test(query)) return placeIn(network, query);
  const prefix = Number(query);
  if (prefix > WIDTH[network.version]) return false;
  return network.size === 1n ? above(network, prefix, index ?? 0) : below(network, prefix, index);
}

/** Networks that hold an address, from the given size on down to a pair of addresses. */
function above(network: Network, prefix: number, index: number): Value {
  const width = WIDTH[network.version];
  if (index > width + 1 - index || index < prefix - width) return false;
  const wanted = index < 0 ? width + index : prefix + index;
  if (wanted >= width) throw new ExpressionError('list index out of range');
  return network.cidr(wanted).text();
}

function below(network: Network, prefix: number, index: number | undefined): Value {
  const bits = BigInt(prefix - network.prefix);
  if (index === undefined) {
    if (bits < 0n) throw new ExpressionError(`Requested subnet size of ${prefix} is invalid`);
    return String(1n << bits);
  }
  // Of a size above its own a network is the only part.
  const count = bits < 0n ? 1n : 1n << bits;
  const place = BigInt(index) + (index < 0 ? count : 0n);
  if (place < 0n || place >= count) return false;
  return new Network(network.version, network.first + (place << BigInt(WIDTH[network.version] - prefix)), prefix).text();
}

function placeIn(network: Network, query: string): Value {
  const whole = readAsked(query)?.network.cidr();
  if (!whole) throw new ExpressionError(`You must pass a valid subnet or IP address; ${query} is invalid`);
  if (!whole.holds(network)) throw new ExpressionError(`${network.text()} is not in the subnet ${whole.text()}`);
  return String((network.first - whole.first) / network.size + 1n);
}

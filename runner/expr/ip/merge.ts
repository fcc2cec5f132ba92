import { Network } from './network.ts';

/** The fewest networks that hold the same addresses, IPv4 first. */
export function mergeNetworks(networks: readonly Network[]): Network[] {
  const sorted = networks.map((each) => each.cidr()).sort((a, b) => a.version - b.version || Number(a.first > b.first) - Number(a.first < b.first) || a.prefix - b.prefix);
  const merged: Network[] = [];
  for (const each of sorted) {
    if (merged.at(-1)?.holds(each)) continue;
    merged.push(each);
    for (let pair = joined(merged); pair; pair = joined(merged)) merged.splice(-2, 2, pair);
  }
  return merged;
}

/** The network that the last two make together, when they are its halves. */
function joined(networks: readonly Network[]): Network | undefined {
  const [left, right] = networks.slice(-2);
  if (!left || !right || left.version !== right.version || left.prefix !== right.prefix || left.prefix === 0) return undefined;
  const whole = left.cidr(left.prefix - 1);
  return whole.first === left.first && whole.last === right.last ? whole : undefined;
}

/** The smallest network that holds all of them, which are of one family. */
export function spanningNetwork([first, ...others]: readonly [Network, ...Network[]]): Network {
  let span = first.cidr();
  while (!others.every((each) => span.holds(each))) span = span.cidr(span.prefix - 1);
  return span;
}

import { readAddress, showAddress, WIDTH, type Version } from './address.ts';

/** An address with the length of its network's prefix: `192.168.1.5/24` is the host and its network. */
export class Network {
  readonly version: Version;
  /** The address, host bits included. */
  readonly value: bigint;
  readonly prefix: number;
  constructor(version: Version, value: bigint, prefix: number) {
    this.version = version;
    this.value = value;
    this.prefix = prefix;
  }

  get size(): bigint {
    return 1n << BigInt(WIDTH[this.version] - this.prefix);
  }

  get first(): bigint {
    return this.value - (this.value % this.size);
  }

  get last(): bigint {
    return this.first + this.size - 1n;
  }

  /** The broadcast address; IPv4 networks of one or two addresses have none. */
  get broadcast(): bigint | undefined {
    return this.version === 4 && this.prefix > 30 ? undefined : this.last;
  }

  get address(): string {
    return this.show(this.value);
  }

  get netmask(): string {
    return this.show((1n << BigInt(WIDTH[this.version])) - this.size);
  }

  get hostmask(): string {
    return this.show(this.size - 1n);
  }

  /** First and last address that a host may have; undefined for a single address. */
  get usable(): readonly [first: bigint, last: bigint] | undefined {
    if (this.size === 1n) return undefined;
    return this.size === 2n ? [this.first, this.last] : [this.first + 1n, this.last - 1n];
  }

  /** The network without host bits, of another prefix when one is given. */
  cidr(prefix = this.prefix): Network {
    return new Network(this.version, new Network(this.version, this.value, prefix).first, prefix);
  }

  /** Whether all addresses of the other network are in this one. */
  holds(other: Network): boolean {
    return other.version === this.version && other.first >= this.first && other.last <= this.last;
  }

  /** Another address of the same family. */
  show(value: bigint): string {
    return showAddress(value, this.version);
  }

  /** `address/prefix`. */
  text(): string {
    return `${this.address}/${this.prefix}`;
  }
}

/** Reads `address`, `address/prefix`, `address/netmask` and `address/hostmask`; undefined for anything else. */
export function readNetwork(text: string): Network | undefined {
  return readOf(text, 4) ?? readOf(text, 6);
}

function readOf(text: string, version: Version): Network | undefined {
  const slash = text.indexOf('/');
  const [address, mask] = slash === -1 ? [text] : [text.slice(0, slash), text.slice(slash + 1)];
  const value = readAddress(address, version) ?? (version === 4 ? readPartial(address) : undefined);
  if (value === undefined) return undefined;
  const prefix = mask === undefined ? WIDTH[version] : readPrefix(mask, version);
  return prefix === undefined ? undefined : new Network(version, value, prefix);
}

/** `10.1` is `10.1.0.0`; leading zeros and blanks around a number mean nothing. */
function readPartial(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length > 4 || !parts.every((part) => /^\s*\d+\s*$/.test(part))) return undefined;
  return readAddress([...parts.map(Number), 0, 0, 0].slice(0, 4).join('.'), 4);
}

function readPrefix(text: string, version: Version): number | undefined {
  const width = WIDTH[version];
  if (/^\s*\d+\s*$/.test(text)) return Number(text) <= width ? Number(text) : undefined;
  const mask = readAddress(text, version);
  if (mask === undefined) return undefined;
  const lengths = Array.from({ length: width + 1 }, (_, prefix) => prefix);
  const size = (prefix: number): bigint => 1n << BigInt(width - prefix);
  return lengths.find((prefix) => mask === (1n << BigInt(width)) - size(prefix)) ?? lengths.find((prefix) => mask === size(prefix) - 1n);
}

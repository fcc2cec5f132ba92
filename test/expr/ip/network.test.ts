import { isIP } from 'node:net';
import * as fc from 'fast-check';
import { readAddress, showAddress, WIDTH, type Version } from '../../../runner/expr/ip/address.ts';
import { mergeNetworks } from '../../../runner/expr/ip/merge.ts';
import { Network, readNetwork } from '../../../runner/expr/ip/network.ts';
import { runs } from '../../runs.ts';

const address = fc.constantFrom<Version>(4, 6).chain((version) => {
  const word = fc.oneof(fc.constant(0n), fc.bigInt(0n, 0xffffn));
  return fc.array(word, { minLength: WIDTH[version] / 16, maxLength: WIDTH[version] / 16 })
    .map((words) => ({ version, value: words.reduce((value, each) => (value << 16n) | each, 0n) }));
});

test('an address that was written reads back, and is one for Node too', () => {
  fc.assert(fc.property(address, ({ version, value }) => {
    const text = showAddress(value, version);
    expect(isIP(text)).toBe(version);
    expect(readAddress(text, version)).toBe(value);
  }), runs());
});

test('a text is an IPv6 address when Node says so', () => {
  const text = fc.array(fc.constantFrom(':', '::', '0', 'a1', 'ffff', '12345', '1.2.3.4', 'g'), { maxLength: 17 }).map((parts) => parts.join(''));
  fc.assert(fc.property(text, (each) => expect(readAddress(each, 6) !== undefined).toBe(isIP(each) === 6)), runs(2000));
});

test('networks read back with their masks', () => {
  fc.assert(fc.property(address, fc.nat(), ({ version, value }, number) => {
    const network = new Network(version, value, number % (WIDTH[version] + 1));
    expect(readNetwork(network.text())).toEqual(network);
    expect(readNetwork(`${network.address}/${network.netmask}`)).toEqual(network);
  }), runs());
});

test('merged networks hold the same addresses, each once', () => {
  const small = fc.tuple(fc.nat(63), fc.integer({ min: 26, max: 32 })).map(([value, prefix]) => new Network(4, BigInt(value), prefix));
  fc.assert(fc.property(fc.array(small), (networks) => {
    const members = (all: readonly Network[]): bigint[] => all.flatMap((each) => Array.from({ length: Number(each.size) }, (_, index) => each.first + BigInt(index)));
    const order = (a: bigint, b: bigint): number => Number(a - b);
    expect(members(mergeNetworks(networks)).sort(order)).toEqual([...new Set(members(networks))].sort(order));
  }), runs());
});

import crypto from 'node:crypto';
import { groupExchange } from '../../runner/transport/ssh/group.ts';

test.each(['modp1', 'modp14', 'modp15'])('%s: both sides find the secret that Node finds', (name) => {
  const group = crypto.getDiffieHellman(name);
  const prime = group.getPrime();
  for (let round = 0; round < 8; round++) {
    const ours = groupExchange(prime, Buffer.from([2]));
    const theirs = crypto.getDiffieHellman(name);
    const public1 = ours.generateKeys();
    const public2 = theirs.generateKeys();
    expect(ours.computeSecret(public2).equals(theirs.computeSecret(public1))).toBe(true);
  }
});

test('a public value that gives the secret away is refused', () => {
  const prime = crypto.getDiffieHellman('modp14').getPrime();
  expect(() => groupExchange(prime, Buffer.from([2])).computeSecret(Buffer.from([1]))).toThrow();
  expect(() => groupExchange(prime, Buffer.from([2])).computeSecret(prime)).toThrow();
});

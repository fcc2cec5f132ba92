import crypto from 'node:crypto';
import { cryptoOfSsh2 } from '../../runner/transport/ssh/crypto.ts';

const { randomFillSync, sign } = cryptoOfSsh2 as unknown as Pick<typeof crypto, 'randomFillSync' | 'sign'>;

test('random bytes fill what they are asked to fill, and are never given out twice', () => {
  const seen = new Set<string>();
  for (let round = 0; round < 2000; round++) {
    const buffer = Buffer.alloc(24);
    randomFillSync(buffer, 4, 16);
    expect([buffer.subarray(0, 4), buffer.subarray(20)]).toEqual([Buffer.alloc(4), Buffer.alloc(4)]);
    seen.add(buffer.toString('hex', 4, 20));
  }
  expect(seen.size).toBe(2000);
  const large = randomFillSync(Buffer.alloc(100_000));
  expect(new Set(large).size).toBe(256);
});

test.each(['rsa', 'ed25519'] as const)('%s: a key signs what its public half accepts, the second time too', (type) => {
  const { privateKey, publicKey } = crypto.generateKeyPairSync(type as 'rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
  const algorithm = type === 'rsa' ? 'sha512' : null;
  for (const text of ['one', 'another']) {
    const data = Buffer.from(text);
    expect(crypto.verify(algorithm, data, publicKey, sign(algorithm, data, privateKey))).toBe(true);
  }
});

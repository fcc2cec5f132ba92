import { shared, sharedBytes, sharedText } from '../../runner/util/shared.ts';

test('the same content is the same buffer, in memory of its own', () => {
  const first = shared(Buffer.from('the same on all hosts\n'));
  expect(shared(Buffer.from('the same on all hosts\n'))).toBe(first);
  expect(sharedBytes('the same on all hosts\n')).toBe(first);
  expect(first.toString()).toBe('the same on all hosts\n');
  expect(first.buffer.byteLength).toBe(first.length);
});

test.each([['', 0], ['\u00e9\u0000\n', 4], ['\ud83d\ude00', 4]])('any text: %j', (text, bytes) => {
  expect([sharedBytes(text).length, sharedBytes(text).toString()]).toEqual([bytes, text]);
  expect(sharedBytes(text, 'utf16le')).toEqual(Buffer.from(text, 'utf16le'));
});

test('what is not text is told apart byte by byte', () => {
  const all = Array.from({ length: 256 }, (_, byte) => shared(Buffer.from([byte])));
  expect(all.map(([byte]) => byte)).toEqual(Array.from({ length: 256 }, (_, byte) => byte));
});

test('large content is left as it is', () => {
  const large = Buffer.alloc(5000, 'x');
  expect(shared(large)).toBe(large);
});

test('what nobody has wanted for long is let go, what is wanted stays', () => {
  const wanted = sharedBytes('wanted');
  const left = sharedBytes('left');
  for (let index = 0; index < 2000; index++) {
    sharedBytes(`other ${index}`);
    if (index % 100 === 0) expect(sharedBytes('wanted')).toBe(wanted);
  }
  expect(sharedBytes('left')).not.toBe(left);
  expect(sharedBytes('left')).toEqual(left);
});

test('texts are shared by what they say', () => {
  expect([sharedText('0644'), sharedText('')]).toEqual(['0644', '']);
});

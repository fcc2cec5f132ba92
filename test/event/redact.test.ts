import * as fc from 'fast-check';
import { quoteWord } from '../../runner/task/command.ts';
import { createBus } from '../../runner/event/bus.ts';
import type { Event } from '../../runner/event/event.ts';
import { MASK, Redactor } from '../../runner/event/redact.ts';
import type { Json } from '../../runner/util/json.ts';
import { runs } from '../runs.ts';

function redactorOf(...secrets: string[]): Redactor {
  const redactor = new Redactor();
  secrets.forEach((secret) => redactor.add(secret));
  return redactor;
}

/** Ways a secret may get into a text, each with the text around it as the outside sees it. */
const CARRIERS: Record<string, (before: string, secret: string, after: string) => string> = {
  raw: (before, secret, after) => before + secret + after,
  base64: (before, secret, after) => Buffer.from(before + secret + after).toString('base64'),
  base64url: (before, secret, after) => Buffer.from(before + secret + after).toString('base64url'),
  url: (before, secret, after) => encodeURIComponent(before + secret + after),
  form: (before, secret, after) => new URLSearchParams({ [`k${before.length}`]: secret + after }).toString(),
  json: (before, secret, after) => JSON.stringify({ before, secret, after }),
  shell: (before, secret, after) => `echo ${quoteWord(before + secret + after)}`,
  'json of shell': (before, secret) => JSON.stringify([`${before}; echo ${quoteWord(secret)}`]),
};

/** What must not be readable afterwards: the form's part that stems from the secret alone. */
const PROOFS: Record<string, (secret: string) => string[]> = {
  base64: (secret) => base64Cores(secret),
  base64url: (secret) => base64Cores(secret).map((core) => core.replaceAll('+', '-').replaceAll('/', '_')),
  url: (secret) => [encodeURIComponent(secret)],
  form: (secret) => [new URLSearchParams({ k: secret }).toString().slice(2)],
  json: (secret) => [JSON.stringify(secret).slice(1, -1)],
  shell: (secret) => [secret.replaceAll("'", "'\\''")],
  'json of shell': (secret) => [JSON.stringify(secret.replaceAll("'", "'\\''")).slice(1, -1)],
};

function base64Cores(secret: string): string[] {
  // Independently of the product: the longest stretch common to many surroundings of the same alignment.
  return [0, 1, 2].map((shift) => {
    const [a = '', b = ''] = ['A', '\u007f'].map((fill) => Buffer.from(fill.repeat(shift) + secret + fill.repeat(3)).toString('base64'));
    const from = Math.ceil((shift * 4) / 3);
    let to = from;
    while (to < a.length && a[to] === b[to]) to++;
    // The last of them may agree by chance only.
    return a.slice(from, to - 1);
  }).filter((core) => core.length >= 6);
}

const sentinel = fc.string({ minLength: 6, maxLength: 30, unit: 'grapheme' }).filter((text) => text.trim() === text && text.length >= 6 && Buffer.from(text).toString() === text);
const around = fc.string({ maxLength: 12 });

describe.each(Object.keys(CARRIERS))('a secret inside %s', (name) => {
  test('is never readable after masking', () => {
    fc.assert(
      fc.property(sentinel, around, around, (secret, before, after) => {
        const carrier = CARRIERS[name]?.(before, secret, after) ?? '';
        const masked = redactorOf(secret).mask(carrier);
        for (const proof of [secret, ...(PROOFS[name]?.(secret) ?? [])]) {
          // A mask may itself hold what a secret of stars or one found in the surroundings looks like.
          if (proof.includes('*') || MASK.includes(proof)) continue;
          expect(masked).not.toContain(proof);
        }
      }),
      runs(150),
    );
  });
});

test('overlapping secrets leave no half behind', () => {
  expect(redactorOf('abcdef', 'defghi').mask('xabcdefghiy')).toBe(`x${MASK}y`);
  expect(redactorOf('abcdef', 'abcdefghij').mask('abcdefghij abcdef')).toBe(`${MASK} ${MASK}`);
});

test('values shorter than four characters are left alone', () => {
  expect(redactorOf('abc', '', 'x').mask('abc x')).toBe('abc x');
});

test('each long line of a secret of several lines is masked alone', () => {
  const masked = redactorOf('-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA7\nshort\n-----END KEY-----\n').mask('line: MIIEpAIBAAKCAQEA7 short');
  expect(masked).toBe(`line: ${MASK} short`);
});

test('JSON is masked in depth, the shape of a result stays', () => {
  const masked = redactorOf('hunter22', 'changed', '987654').maskJson({ changed: true, msg: 'hunter22', list: [{ hunter22: 1, pin: 987654 }] });
  expect(masked).toEqual({ changed: true, msg: MASK, list: [{ [MASK]: 1, pin: MASK }] } satisfies Json);
});

test('any JSON goes through, and none of its strings keeps the secret', () => {
  fc.assert(
    fc.property(fc.jsonValue(), sentinel, (value, secret) => {
      const text = JSON.stringify(redactorOf(secret).maskJson([value as Json, { at: `<${secret}>` }]));
      expect(text.includes(`<${secret}>`)).toBe(false);
    }),
    runs(100),
  );
});

test('the bus masks everything a host said, and nothing that events are joined by', () => {
  const redactor = redactorOf('node1', 'changed', 'hunter22');
  const seen: Event[] = [];
  const bus = createBus(redactor, () => 7);
  bus.subscribe((event) => seen.push(event));
  bus.publish({ type: 'result', task: '0.0', host: 'node1', status: 'changed', result: { stdout: 'hunter22' }, changes: [{ aspect: 'content', before: 'hunter22', after: '', steps: ['echo hunter22'] }], ignored: false, rescued: false, looped: false, duration: 3 });
  expect(seen).toEqual([{ type: 'result', task: '0.0', host: 'node1', status: 'changed', result: { stdout: MASK }, changes: [{ aspect: 'content', before: MASK, after: '', steps: [`echo ${MASK}`] }], ignored: false, rescued: false, looped: false, duration: 3, at: 7 }]);
});

test('a subscriber that throws is dropped and the others hear of it', () => {
  const seen: string[] = [];
  const bus = createBus(new Redactor());
  bus.subscribe(() => {
    throw new Error('no space left on device');
  });
  bus.subscribe((event) => seen.push(event.type === 'note' ? event.message : event.type));
  bus.publish({ type: 'play.end', play: 0 });
  bus.publish({ type: 'play.end', play: 1 });
  expect(seen).toEqual(['play.end', 'a report of this run stopped: no space left on device', 'play.end']);
});

test('a thousand secrets cost little: each text is walked once', () => {
  const redactor = redactorOf(...Array.from({ length: 1000 }, (_, index) => `password-of-host-${index * 7919}`));
  const text = 'what a command prints, line after line, harmless\n'.repeat(2000);
  const started = performance.now();
  expect(redactor.mask(`${text}password-of-host-7919!`)).toBe(`${text}${MASK}!`);
  expect(performance.now() - started).toBeLessThan(500);
});

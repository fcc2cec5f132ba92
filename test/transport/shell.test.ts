import * as fc from 'fast-check';
import { localTransport } from '../../runner/transport/local/transport.ts';
import { openShell, plainCommand } from '../../runner/transport/shell/open.ts';
import { printfWord, scriptWord } from '../../runner/transport/shell/encode.ts';
import { FrameReader } from '../../runner/transport/shell/frame.ts';
import { KeptOutput } from '../../runner/transport/shell/kept-output.ts';
import { runs } from '../runs.ts';

const SHELLS = ['dash', 'bash', 'busybox sh'];

async function localShell(shell: string) {
  const connection = await localTransport().connect({ name: 'here', transport: 'local', address: 'here' }, new AbortController().signal);
  return openShell(await connection.open(shell === '' ? plainCommand() : shell), { pty: false });
}

test.each(SHELLS)('%s: any bytes reach a command, any script arrives as it was', async (name) => {
  const shell = await localShell(name);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.string({ unit: 'grapheme', maxLength: 100 }), async (bytes, text) => {
      const word = text.replaceAll('\0', '');
      const [data, said] = await Promise.all([shell.effect('cat', { stdin: Buffer.from(bytes) }), shell.read(`printf %s ${scriptWord(word)}`)]);
      expect(data.stdoutBytes).toEqual(Buffer.from(bytes));
      expect(said.stdoutBytes).toEqual(Buffer.from(word));
    }),
    runs(60),
  );
  const every = Buffer.from(Array.from({ length: 256 }, (_none, byte) => [45, byte, 48]).flat());
  expect((await shell.effect('cat', { stdin: every })).stdoutBytes).toEqual(every);
  await shell.close();
});

test('frames are found wherever the stream is cut', () => {
  const nonce = 'abcdef';
  const stream = Buffer.from(`motd\n\n${nonce} ready 77\nstray\n${nonce} 1 <\n\n\nabc\n${nonce}\n\nabcde\n${nonce} 1 3\nerr\n${nonce} 1 >\n\n${nonce} 2 < /tmp/x y\n\n${nonce} 2 0\n\n${nonce} 2 >\n`);
  const seen = (cuts: readonly number[]): string => {
    const log: [string, string][] = [];
    const note = (kind: string, text: string): void => {
      const last = log.at(-1);
      if (last?.[0] === kind) last[1] += text;
      else log.push([kind, text]);
    };
    const reader = new FrameReader(nonce, {
      noise: (data) => note('noise', data.toString()), ready: (pid) => note('ready', String(pid)), start: (id, folder) => note('start', `${id} ${folder}`),
      stdout: (data) => note('out', data.toString()), code: (code) => note('code', String(code)), stderr: (data) => note('err', data.toString()), end: (id) => note('end', String(id)),
    });
    let from = 0;
    for (const cut of [...cuts, stream.length]) {
      reader.feed(stream.subarray(from, cut));
      from = cut;
    }
    return JSON.stringify(log);
  };
  const whole = seen([]);
  expect(JSON.parse(whole)).toEqual([
    ['noise', 'motd\n'], ['ready', '77'], ['noise', 'stray'], ['start', '1 '], ['out', '\n\nabc\nabcdef\n\nabcde'], ['code', '3'], ['err', 'err'], ['end', '1'],
    ['start', '2 /tmp/x y'], ['code', '0'], ['end', '2'],
  ]);
  fc.assert(fc.property(fc.uniqueArray(fc.nat(stream.length), { maxLength: 40 }), (cuts) => seen(cuts.sort((a, b) => a - b)) === whole), runs());
});

test('output beyond the limit loses its middle, and says how much', () => {
  const kept = KeptOutput.ofBoth(10);
  for (const letter of 'abcdefghijklmnopqrstuvwxyz') kept.add(Buffer.from(letter));
  expect(kept.bytes().toString()).toBe('abcde\n[... 16 bytes of output were cut here ...]\nvwxyz');
  const whole = KeptOutput.ofBoth(10);
  whole.add(Buffer.from('abcdefghij'));
  expect(whole.bytes().toString()).toBe('abcdefghij');
  expect(whole.since(8).toString()).toBe('ij');
});

test('of any output in any pieces, the first and the last half of the limit are kept', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), fc.integer({ min: 2, max: 60 }), (pieces, limit) => {
      const kept = KeptOutput.ofBoth(limit);
      for (const piece of pieces) kept.add(Buffer.from(piece));
      const [all, half] = [Buffer.concat(pieces), Math.floor(limit / 2)];
      const missing = all.length - 2 * half;
      const note = `\n[... ${missing} bytes of output were cut here ...]\n`;
      expect(kept.bytes()).toEqual(missing > 0 ? Buffer.concat([all.subarray(0, half), Buffer.from(note), all.subarray(-half)]) : all);
      const end = KeptOutput.ofEnd(limit);
      for (const piece of pieces) end.add(Buffer.from(piece));
      expect(end.bytes().toString('latin1')).toBe((all.length > limit ? `[... all but the last ${limit} bytes of output were cut here ...]\n` : '') + all.subarray(-limit).toString('latin1'));
      expect(kept.since(3)).toEqual(missing > 0 ? Buffer.alloc(0) : all.subarray(3));
    }),
    runs(500),
  );
});

test('a format word never begins like an option', () => {
  expect(printfWord(Buffer.from("-n%'\\\0")).toString()).toBe(String.raw`'\055n%%\047\\\000'`);
});

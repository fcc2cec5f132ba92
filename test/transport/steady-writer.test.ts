import { Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setImmediate as turn } from 'node:timers/promises';
import { steadyWriter } from '../../runner/transport/steady-writer.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** A program that reads when it is told to. */
function slowReader(): { stream: Writable; read: () => void } {
  let next: (() => void) | undefined;
  const stream = new Writable({ highWaterMark: 10, write: (_chunk, _encoding, done) => void (next = done) });
  return { stream, read: () => next?.() };
}

test('a write waits until it has been read, and is then forgotten', async () => {
  const { stream, read } = slowReader();
  const write = steadyWriter(stream, new Promise(() => undefined), 'gone');
  const sent: WeakRef<Buffer>[] = [];
  for (let count = 0; count < 5; count++) {
    const data = Buffer.alloc(1000, count);
    sent.push(new WeakRef(data));
    let over = false;
    const written = write(data).then(() => (over = true));
    await turn();
    expect(over).toBe(false);
    read();
    await written;
  }
  await turn();
  collect();
  // The stream itself may still hold the last one.
  expect(sent.slice(0, -1).map((each) => each.deref()?.length)).toEqual([undefined, undefined, undefined, undefined]);
});

test('the end of the program ends the waiting, and what comes after it', async () => {
  const { stream } = slowReader();
  let end: () => void = () => undefined;
  const write = steadyWriter(stream, new Promise<void>((resolve) => (end = resolve)), 'gone');
  const waiting = write(Buffer.alloc(1000));
  end();
  await expect(waiting).rejects.toThrow('gone');
  await expect(write('x')).rejects.toThrow('gone');
});

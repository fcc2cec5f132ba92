import type { Writable } from 'node:stream';

/**
 * Writes to a program's input at the pace at which it is read: each write is over when more may be sent. After `ended` all of them fail,
 * those that wait included. What was sent is not kept: one that waited for `ended` by itself would hold its bytes until then.
 */
export function steadyWriter(stream: Writable, ended: Promise<unknown>, gone: string): (data: string | Buffer) => Promise<void> {
  const waiting = new Set<(error: Error) => void>();
  let over = false;
  void ended.then(() => {
    over = true;
    for (const refuse of waiting) refuse(new Error(gone));
    waiting.clear();
  });
  return (data) => new Promise((resolve, reject) => {
    if (over || !stream.writable) reject(new Error(gone));
    else if (stream.write(data)) resolve();
    else {
      waiting.add(reject);
      stream.once('drain', () => {
        waiting.delete(reject);
        resolve();
      });
    }
  });
}

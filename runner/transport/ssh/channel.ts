import type { ClientChannel } from 'ssh2';
import type { Channel } from '../channel.ts';
import { steadyWriter } from '../steady-writer.ts';
import { Refused } from './shortcuts.ts';

/** Milliseconds in which the last bytes of a program that has ended are still read; its children may hold the channel open for ever. */
const DRAIN = 200;

/** An exec channel of ssh2 as our port. `connectionGone` ends it too. */
export function sshChannel(stream: ClientChannel, connectionGone: Promise<string>): Channel {
  let drained: NodeJS.Timeout | undefined;
  const ended = new Promise<{ code?: number; reason?: string }>((resolve) => {
    let end: { code?: number; reason?: string } = {};
    stream.on('exit', (code: number | null, signal?: string) => {
      end = code === null ? { reason: `killed by ${signal ?? 'a signal'}` } : { code };
      drained = setTimeout(() => resolve(end), DRAIN);
    });
    stream.on('close', () => resolve(end));
    // Other errors of a channel that is going are told by its end.
    stream.on('error', (error: Error) => {
      if (error instanceof Refused) resolve({ reason: error.message });
    });
    void connectionGone.then((reason) => resolve({ reason }));
  });
  // Nothing may keep the program waiting once the end is known.
  void ended.then(() => clearTimeout(drained));
  return {
    write: steadyWriter(stream, ended, 'the channel is closed'),
    end: () => void stream.end(),
    onData: (listener) => void stream.on('data', listener),
    onError: (listener) => void stream.stderr.on('data', listener),
    onClose: (listener) => void ended.then(listener),
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    close: () => stream.close(),
  };
}

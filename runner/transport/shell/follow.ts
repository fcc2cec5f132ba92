import { StringDecoder } from 'node:string_decoder';
import { quoteWord } from '../../task/command.ts';
import type { Shell } from '../shell.ts';
import type { Call } from './call.ts';

/** Milliseconds an effect may run before its output is followed, and between looks. */
const PATIENCE = 1000;
const INTERVAL = 500;
/** Bytes of one stream that are fetched with one look at most: what is said faster than somebody can read it is told at the end. */
const MOST = 256 * 1024;

/** Takes what a running effect says, as text. */
export type OnOutput = (stream: 'stdout' | 'stderr', text: string) => void;

/** Tells `onOutput` what an effect says while it still runs (by looking into its capture files from a spare shell), and the rest at its end. */
export function follow(call: Call, spare: (() => Promise<Shell>) | undefined, onOutput: OnOutput): void {
  const streams = (['stdout', 'stderr'] as const).map((name) => ({ name, seen: 0, decoder: new StringDecoder('utf8') }));
  const tell = (stream: (typeof streams)[number], bytes: Buffer): void => {
    stream.seen += bytes.length;
    const text = stream.decoder.write(bytes);
    if (text !== '') onOutput(stream.name, text);
  };
  const look = async (open: () => Promise<Shell>): Promise<void> => {
    const shell = await open();
    while (!call.over) {
      const file = (name: 'stdout' | 'stderr'): string => quoteWord(name === 'stdout' ? call.captured : call.captured.replace(/o(\d+\.\d+)$/, 'e$1'));
      const parts = await Promise.all(streams.map((stream) => shell.read(`tail -c +${stream.seen + 1} ${file(stream.name)} | head -c ${MOST}`, { timeout: 10 })));
      // Once the call is over its files are emptied, and its own answer tells the rest.
      if (call.over) return;
      streams.forEach((stream, index) => tell(stream, parts[index]?.stdoutBytes ?? Buffer.alloc(0)));
      await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    }
  };
  if (spare !== undefined) {
    // Live output is a courtesy: when it cannot be had, the answer still tells everything.
    const timer = setTimeout(() => void look(spare).catch(() => undefined), PATIENCE);
    call.cleanups.push(() => clearTimeout(timer));
  }
  call.cleanups.push(() => streams.forEach((stream) => tell(stream, call[stream.name].since(stream.seen))));
}

import type { Output } from '../../task/host.ts';
import { HostFailure } from '../channel.ts';
import type { Shell, ShellOptions, ShellOutput, StreamedInput } from '../shell.ts';

/** What a fake host says to a script: the text of stdout, or a whole output. */
export type Answer = (script: string, call: { kind: 'read' | 'effect'; stdin?: Buffer }) => string | Output | Promise<string | Output>;

/** A shell in memory that answers by a function: for simulating many hosts. Answers come in the order of the calls. */
export function fakeShell(answer: Answer): Shell {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let roundTrips = 0;
  let closed = false;
  const ask = (script: string, kind: 'read' | 'effect', options: ShellOptions, stdin?: string | Buffer | StreamedInput): Promise<ShellOutput> => {
    if (closed) return Promise.reject(new HostFailure('lost', 'the session was closed'));
    if (options.signal?.aborted === true) return Promise.reject(new HostFailure('cancelled', 'cancelled before it was started'));
    if (waiting++ === 0) roundTrips++;
    const answered = last.then(async () => {
      try {
        const said = await answer(script, { kind, ...(stdin !== undefined && { stdin: await gather(stdin) }) });
        const output = typeof said === 'string' ? { code: 0, stdout: said, stderr: '' } : said;
        return await finished(output, options);
      } finally {
        waiting--;
      }
    });
    last = answered.catch(() => undefined);
    return answered;
  };
  return {
    read: (script, options = {}) => ask(script, 'read', options),
    inquire: (script, options = {}) => ask(script, 'read', options),
    async effect(script, options = {}) {
      const { stdin, onOutput } = options;
      const output = await ask(script, 'effect', options, stdin);
      for (const stream of ['stdout', 'stderr'] as const) if (output[stream] !== '') onOutput?.(stream, output[stream]);
      return output;
    },
    async close() {
      closed = true;
      await last;
    },
    get roundTrips() {
      return roundTrips;
    },
  };
}

async function finished(output: Output, options: ShellOptions): Promise<ShellOutput> {
  const stdoutBytes = Buffer.from(output.stdout);
  if (options.onChunk === undefined) return { ...output, stdoutBytes };
  await options.onChunk(stdoutBytes);
  return { ...output, stdout: '', stdoutBytes: Buffer.alloc(0) };
}

async function gather(stdin: string | Buffer | StreamedInput): Promise<Buffer> {
  if (typeof stdin === 'string') return Buffer.from(stdin);
  if (Buffer.isBuffer(stdin)) return stdin;
  const parts: Buffer[] = [];
  for await (const chunk of stdin.chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

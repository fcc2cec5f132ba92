import { HostFailure } from '../channel.ts';
import type { Channel } from '../channel.ts';
import type { ProcessCount } from '../process-count.ts';
import type { Shell, ShellOptions, ShellOutput, StreamedInput } from '../shell.ts';
import { Call } from './call.ts';
import { printfWord, scriptWord } from './encode.ts';
import { follow } from './follow.ts';
import type { OnOutput } from './follow.ts';
import type { FrameListener } from './frame.ts';
import { callsProgram } from './program.ts';
import { stopTree } from './stop.ts';

/** Seconds a read may take without a deadline of its own. */
const READ_TIMEOUT = 30;
/** Milliseconds a stopped call may take to be over before its shell is given up. */
const STOP_GRACE = 8000;
/** Bytes of standard input that travel inside the request; more is streamed after it. */
const INLINE_INPUT = 64 * 1024;

/** What an effect may be given beside its script. */
export interface EffectOptions extends ShellOptions {
  readonly stdin?: string | Buffer | StreamedInput;
  readonly onOutput?: OnOutput;
}

/** What a session shell needs from outside its channel. */
export interface Surroundings {
  /** Another shell of the same user, for stopping and following what runs in this one. */
  readonly spare?: () => Promise<Shell>;
  /** Told of every batch of requests. */
  readonly onRoundTrip?: () => void;
  /** Counts the processes of the host: the shell is asked for its newest one with every answer. */
  readonly processes?: ProcessCount;
}

/** A session shell over a channel. Requests of one moment are sent together; answers come in order. */
export class ShellSession implements Shell, FrameListener {
  readonly #channel: Channel;
  readonly #spare: (() => Promise<Shell>) | undefined;
  readonly #onRoundTrip: (() => void) | undefined;
  readonly #processes: ProcessCount | undefined;
  readonly #waiting: Call[] = [];
  readonly #sent: Call[] = [];
  /** Resolves when the shell or the way to it has gone. */
  readonly gone: Promise<{ code?: number; reason?: string }>;
  /** Folders of rollbacks that waited on the host when the shell was opened. */
  armed: readonly string[] = [];
  #clock: NodeJS.Timeout | undefined;
  #pid = 0;
  #nextId = 1;
  #flushing = false;
  #closing = false;
  #hasActed = false;
  #lost: HostFailure | undefined;
  #roundTrips = 0;
  #pauses = 0;

  constructor(channel: Channel, surroundings: Surroundings = {}) {
    this.#channel = channel;
    this.#spare = surroundings.spare;
    this.#onRoundTrip = surroundings.onRoundTrip;
    this.#processes = surroundings.processes;
    this.gone = new Promise((resolve) => {
      channel.onClose((end) => {
        // Before it was ready, whoever opens it can say better why it ended.
        if (this.#pid !== 0) this.#lose(new HostFailure('lost', `the connection was lost${end.reason === undefined ? '' : `: ${end.reason}`}`));
        resolve(end);
      });
    });
  }

  get roundTrips(): number {
    return this.#roundTrips;
  }

  /** Whether requests can still be answered. */
  get alive(): boolean {
    return this.#lost === undefined && !this.#closing;
  }

  /** Whether nothing is being asked. */
  get idle(): boolean {
    return this.#sent.length === 0 && this.#waiting.length === 0;
  }

  read(script: string, options: ShellOptions = {}): Promise<ShellOutput> {
    const id = this.#nextId++;
    return this.#ask(new Call(id, 'read', `_R ${id} ${scriptWord(script)}\n`, { timeout: READ_TIMEOUT, ...options }));
  }

  inquire(script: string, options: ShellOptions = {}): Promise<ShellOutput> {
    const id = this.#nextId++;
    return this.#ask(new Call(id, 'read', `_Q ${id} ${scriptWord(script)}\n`, { timeout: READ_TIMEOUT, ...options }));
  }

  effect(script: string, options: EffectOptions = {}): Promise<ShellOutput> {
    const id = this.#nextId++;
    this.#hasActed = true;
    const { stdin, onOutput, ...rest } = options;
    const call = new Call(id, 'effect', ...request(id, script, rest, stdin));
    if (onOutput !== undefined) follow(call, this.#spare, onOutput);
    return this.#ask(call);
  }

  async close(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true;
      // Removes its files on the way out.
      if (this.#lost === undefined) await this.#channel.write('_ry\n').catch(() => undefined);
      this.#channel.end();
    }
    let timer: NodeJS.Timeout | undefined;
    // A shell that has only read leaves nothing behind that one would have to wait for.
    if (this.#hasActed) await Promise.race([this.gone, new Promise((resolve) => (timer = setTimeout(resolve, 2000)))]);
    clearTimeout(timer);
    this.#channel.close();
    this.#lose(new HostFailure('lost', 'the session was closed'));
  }

  /** Gives up a shell that could not be opened. */
  refuse(failure: HostFailure): void {
    this.#channel.close();
    this.#lose(failure);
  }

  ready(pid: number, armed: readonly string[]): void {
    this.#pid = pid;
    this.armed = armed;
    this.#processes?.began(pid);
  }

  noise(): void {
    // A child that a read left in the background: nobody asked.
  }

  start(_id: number, captured: string): void {
    const call = this.#sent[0];
    if (call === undefined || call.state !== 'sent') return;
    call.state = 'running';
    call.captured = captured;
    if (call.input !== undefined && captured !== '') void this.#pump(call, call.input);
    if (call.failure !== undefined) void this.#stop(call);
  }

  stdout(data: Buffer): void {
    const call = this.#sent[0];
    if (call === undefined || call.state === 'over') return;
    const { onChunk } = call.options;
    if (onChunk === undefined) {
      call.stdout.add(data);
      return;
    }
    const taken = onChunk(Buffer.from(data));
    if (taken instanceof Promise) void this.#hold(call, taken);
  }

  code(code: number): void {
    this.#sent[0]?.exited(code);
  }

  stderr(data: Buffer): void {
    this.#sent[0]?.stderr.add(data);
  }

  end(_id: number, newest?: number): void {
    // Before whoever waits for the answer goes on: it may ask what it has cost.
    if (newest !== undefined) this.#processes?.saw(newest);
    const call = this.#sent.shift();
    if (call === undefined) return;
    clearTimeout(this.#clock);
    if (call.refused) {
      call.fail(new HostFailure('lost', 'no folder on the host can be written to: tried $TMPDIR, /tmp, /dev/shm, /var/tmp and $HOME', 'free some space, or make one of them writable'));
    } else if (!call.stopping) {
      call.finish();
    }
    const next = this.#sent[0];
    if (next !== undefined) this.#watch(next);
    this.#schedule();
  }

  #ask(call: Call): Promise<ShellOutput> {
    const { signal } = call.options;
    if (this.#lost !== undefined || this.#closing) call.fail(this.#lost ?? new HostFailure('lost', 'the session was closed'));
    else if (signal?.aborted === true) call.fail(new HostFailure('cancelled', 'cancelled before it was started'));
    else {
      if (signal !== undefined) {
        const abort = (): void => this.#cancel(call);
        signal.addEventListener('abort', abort, { once: true });
        call.cleanups.push(() => signal.removeEventListener('abort', abort));
      }
      this.#waiting.push(call);
      this.#schedule();
    }
    return call.answer;
  }

  #schedule(): void {
    if (this.#flushing || this.#waiting.length === 0) return;
    this.#flushing = true;
    setImmediate(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  /** Sends what may be sent. An effect only when nothing is before it: so that one cancelled while it waits has never run. */
  #flush(): void {
    const batch: (string | Buffer)[] = [];
    const isBehind = this.#sent.length > 0;
    for (let call = this.#waiting[0]; call !== undefined; call = this.#waiting[0]) {
      if (this.#sent.some((each) => each.input !== undefined) || (call.kind === 'effect' && this.#sent.length > 0)) break;
      this.#waiting.shift();
      call.state = 'sent';
      this.#sent.push(call);
      batch.push(call.text);
      if (this.#sent.length === 1) this.#watch(call);
    }
    if (batch.length === 0 || this.#lost !== undefined) return;
    // What goes right behind something that is under way is not waited for on its own.
    if (!isBehind) {
      this.#roundTrips++;
      this.#onRoundTrip?.();
    }
    this.#channel.write(Buffer.concat(batch.map((part) => Buffer.from(part as string)))).catch((error: unknown) => this.#giveUp(String(error)));
  }

  /** Starts the clock of the call whose turn it is. */
  #watch(call: Call): void {
    const { timeout } = call.options;
    if (timeout === undefined) return;
    const expire = (): void => {
      call.failure ??= new HostFailure('timeout', `no end within ${timeout} s${call.kind === 'effect' ? '; it was stopped' : ''}`);
      void this.#stop(call);
    };
    this.#clock = setTimeout(expire, timeout * 1000);
  }

  #cancel(call: Call): void {
    const failure = new HostFailure('cancelled', 'cancelled');
    if (call.state === 'waiting') {
      this.#waiting.splice(this.#waiting.indexOf(call), 1);
      call.fail(failure);
      return;
    }
    call.failure ??= failure;
    if (this.#sent[0] === call) void this.#stop(call);
    // A read behind others changes nothing: its answer is not awaited, only thrown away when it comes.
    if (call.kind === 'read') call.fail(failure);
  }

  /** Ends a call's processes and then answers; when that cannot be done, gives up the shell. */
  async #stop(call: Call): Promise<void> {
    if (call.stopping) return;
    call.stopping = true;
    const isOver = (): boolean => this.#sent[0] !== call || this.#lost !== undefined;
    const giveUp = (): void => {
      if (!isOver()) this.#giveUp(`${call.failure?.message ?? 'stopped'}, and could not be stopped: ${call.kind === 'effect' ? 'the outcome is unknown' : 'it was given up'}`, call.failure?.kind);
    };
    const deadline = setTimeout(giveUp, STOP_GRACE);
    // Its frame may not come although it has ended, so the clock runs on.
    call.cleanups.push(() => clearTimeout(deadline));
    try {
      if (this.#spare === undefined || call.input !== undefined) throw new Error('no other shell to stop it from');
      const spare = await this.#spare();
      if (!isOver()) await stopTree(this.#pid, spare);
    } catch {
      giveUp();
    }
    call.stopping = false;
    if (isOver()) call.finish();
  }

  /** Streams an effect's standard input; nothing else is sent meanwhile. */
  async #pump(call: Call, input: StreamedInput): Promise<void> {
    let left = input.size;
    try {
      for await (const chunk of input.chunks) {
        if (call.state === 'over') return;
        if (chunk.length > left) throw new Error('it grew while it was read');
        left -= chunk.length;
        await this.#channel.write(chunk);
      }
      if (left > 0) throw new Error('it became shorter while it was read');
    } catch (error) {
      // The host waits for the missing bytes: only giving up the shell ends that.
      this.#giveUp(`sending stopped: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Stops the flow until a consumer of chunks is ready again. */
  async #hold(call: Call, taken: Promise<void>): Promise<void> {
    if (this.#pauses++ === 0) this.#channel.pause();
    try {
      await taken;
    } catch (error) {
      call.fail(error);
    } finally {
      if (--this.#pauses === 0) this.#channel.resume();
    }
  }

  #giveUp(why: string, kind: HostFailure['kind'] = 'lost'): void {
    const head = this.#sent[0];
    head?.fail(new HostFailure(kind, why));
    this.#channel.close();
    this.#lose(new HostFailure('lost', 'the session was given up because an earlier call did not end'));
  }

  #lose(failure: HostFailure): void {
    if (this.#lost !== undefined) return;
    this.#lost = failure;
    clearTimeout(this.#clock);
    const calls = [...this.#sent.splice(0), ...this.#waiting.splice(0)];
    for (const call of calls) {
      const began = call.kind === 'effect' && call.state !== 'waiting';
      call.fail(call.failure ?? (began ? new HostFailure('lost', `${failure.message}; the outcome of what was running is unknown`) : failure));
    }
  }
}

/** The words of an effect's request, by how its standard input travels. */
function request(id: number, text: string, options: ShellOptions, stdin: EffectOptions['stdin']): [string | Buffer, ShellOptions, StreamedInput?] {
  const script = scriptWord(text);
  if (stdin === undefined) return [`${callsProgram(text) ? '_E' : '_X'} ${id} ${script}\n`, options];
  const input = typeof stdin === 'string' ? Buffer.from(stdin) : stdin;
  if (!Buffer.isBuffer(input)) return [`_H ${id} ${script} ${input.size}\n`, options, input];
  if (input.length <= INLINE_INPUT) return [Buffer.concat([Buffer.from(`_P ${id} ${script} `), printfWord(input), Buffer.from('\n')]), options];
  return [`_H ${id} ${script} ${input.length}\n`, options, { size: input.length, chunks: pieces(input) }];
}

async function* pieces(data: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < data.length; at += INLINE_INPUT) yield data.subarray(at, at + INLINE_INPUT);
}

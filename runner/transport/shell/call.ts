import type { HostFailure } from '../channel.ts';
import type { ShellOptions, ShellOutput, StreamedInput } from '../shell.ts';
import { KeptOutput, OUTPUT_LIMIT } from './kept-output.ts';

/** One request to a session shell, from the asking to the answer. */
export class Call {
  readonly id: number;
  readonly kind: 'read' | 'effect';
  /** What is sent. */
  readonly text: string | Buffer;
  readonly options: ShellOptions;
  readonly input: StreamedInput | undefined;
  readonly stdout: KeptOutput;
  readonly stderr: KeptOutput;
  readonly answer: Promise<ShellOutput>;
  /** The file on the host that captures an effect's standard output; known once it runs. */
  captured = '';
  state: 'waiting' | 'sent' | 'running' | 'over' = 'waiting';
  /** Why it is being stopped; the answer once the host has let go of it. */
  failure: HostFailure | undefined;
  /** Its processes are being ended: the answer waits until they have. */
  stopping = false;
  /** Run when the call is over, whatever the end. */
  readonly cleanups: (() => void)[] = [];
  #code = Number.NaN;
  #resolve: (output: ShellOutput) => void = () => undefined;
  #reject: (reason: unknown) => void = () => undefined;

  constructor(id: number, kind: 'read' | 'effect', text: string | Buffer, options: ShellOptions, input?: StreamedInput) {
    this.id = id;
    this.kind = kind;
    this.text = text;
    this.options = options;
    this.input = input;
    const kept = (): KeptOutput => (kind === 'read' ? KeptOutput.ofBoth(options.limit ?? OUTPUT_LIMIT) : KeptOutput.ofEnd(OUTPUT_LIMIT));
    [this.stdout, this.stderr] = [kept(), kept()];
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // The caller may be gone before a connection breaks: that is no unhandled error.
    this.answer.catch(() => undefined);
  }

  /** The exit code has arrived. */
  exited(code: number): void {
    this.#code = code;
  }

  /** Whether the shell could run the call at all. */
  get refused(): boolean {
    return Number.isNaN(this.#code);
  }

  /** Whether the answer has been given. */
  get over(): boolean {
    return this.state === 'over';
  }

  /** Answers with what was collected, or with why the call was stopped. */
  finish(): void {
    if (this.state === 'over') return;
    this.#end();
    if (this.failure !== undefined) {
      this.#reject(this.failure);
      return;
    }
    const stdoutBytes = this.stdout.bytes();
    const stderr = this.stderr.bytes().toString('utf8');
    // A read's stderr comes through a variable, which loses its last newlines.
    const ended = this.kind === 'read' && stderr !== '' ? `${stderr}\n` : stderr;
    this.#resolve({ code: this.#code, stdout: stdoutBytes.toString('utf8'), stdoutBytes, stderr: ended });
  }

  /** Answers with a failure at once. */
  fail(failure: unknown): void {
    if (this.state === 'over') return;
    this.#end();
    this.#reject(failure);
  }

  #end(): void {
    this.state = 'over';
    for (const cleanup of this.cleanups) cleanup();
  }
}

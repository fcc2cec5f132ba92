import { openSync } from 'node:fs';
import { ReadStream, WriteStream } from 'node:tty';
import { InputError, problem } from '../source/diagnostic.ts';
import { PromptCancelled } from '../util/prompt-cancelled.ts';

/** The two ends of a terminal. */
export interface Terminal {
  readonly input: NodeJS.ReadStream | ReadStream;
  readonly output: NodeJS.WritableStream;
}

/** The process's terminal: standard input when it is one, else the controlling terminal, so that a pipe can feed the run; undefined without any. */
function openTerminal(): Terminal | undefined {
  if (process.stdin.isTTY) return { input: process.stdin, output: process.stderr.isTTY ? process.stderr : process.stdout };
  try {
    const file = openSync('/dev/tty', 'r+');
    return { input: new ReadStream(file), output: new WriteStream(file) };
  } catch {
    return undefined;
  }
}

/** Asks for a secret, showing nothing of it. @throws InputError without a terminal: `instead` says what can be done then. */
export async function askSecret(text: string, instead: string, terminal: Terminal | undefined = openTerminal()): Promise<string> {
  if (terminal === undefined) {
    throw new InputError([problem('no-terminal', `'${text.replace(/:\s*$/, '')}' must be asked for, and there is no terminal`, undefined, instead)]);
  }
  return ask(terminal, text, false);
}

/** Asks a question; undefined when there is no terminal. */
export async function askPerson(text: string, echo: boolean, terminal: Terminal | undefined = openTerminal()): Promise<string | undefined> {
  return terminal === undefined ? undefined : ask(terminal, text, echo);
}

/** Reads one line in raw mode, so that nothing is echoed that was not meant to be, not even what is typed ahead. */
function ask({ input, output }: Terminal, text: string, echo: boolean): Promise<string> {
  // Before the question is seen: whoever answers at once (a program) must not see the answer echoed.
  input.setRawMode?.(true);
  output.write(text);
  input.resume();
  input.setEncoding('utf8');
  return new Promise((resolve, reject) => {
    let typed: string[] = [];
    const finish = (settle: () => void): void => {
      input.off('data', receive);
      input.off('end', ended);
      input.setRawMode?.(false);
      input.pause();
      // A terminal that was opened for the question must not keep the process alive.
      if (input !== process.stdin) input.destroy();
      output.write('\n');
      settle();
    };
    const ended = (): void => finish(() => reject(new PromptCancelled('the terminal was closed')));
    const receive = (chunk: string): void => {
      for (const char of chunk) {
        if (char === '\r' || char === '\n') return finish(() => resolve(typed.join('')));
        if (char === '\u0003') return finish(() => reject(new PromptCancelled('interrupted')));
        if (char === '\u0004' && typed.length === 0) return finish(() => reject(new PromptCancelled('no answer')));
        if (char === '\u007f' || char === '\b') {
          if (typed.pop() !== undefined && echo) output.write('\b \b');
        } else if (char === '\u0015') {
          if (echo) output.write('\b \b'.repeat(typed.length));
          typed = [];
        } else if (char >= ' ' || char === '\t') {
          typed.push(char);
          if (echo) output.write(char);
        }
      }
    };
    input.on('data', receive);
    input.on('end', ended);
  });
}

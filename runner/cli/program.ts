import { setMaxListeners } from 'node:events';
import { CommanderError, type Command } from 'commander';
import { EXIT_BAD_INPUT } from '../event/exit-code.ts';
import { Redactor } from '../event/redact.ts';
import { buildProgram } from './commands.ts';
import { explain } from './crash.ts';
import { handleSignals } from './signals.ts';

/** Runs the command line; returns the exit code. Whatever goes wrong is explained on standard error, without secrets. */
export async function runProgram(words: readonly string[]): Promise<number> {
  const redactor = new Redactor();
  const controller = new AbortController();
  // Every connection and every wait of a run listens: their number says nothing about leaks.
  setMaxListeners(0, controller.signal);
  const fail = (error: unknown): number => {
    const { text, exitCode } = explain(error, redactor);
    complain(text);
    return exitCode;
  };
  // What nobody awaited is a bug like any other; going on after it could do harm on hosts.
  const crash = (error: unknown): never => process.exit(fail(error));
  process.on('uncaughtException', crash).on('unhandledRejection', crash);
  // A reader that has gone (`| head`) ends nothing: hosts come first.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  const release = handleSignals(controller, complain);
  let exitCode = 0;
  try {
    const program = buildProgram({ redactor, signal: controller.signal, complain, finish: (code) => void (exitCode = code) });
    await parse(program, words);
  } catch (error) {
    exitCode = error instanceof CommanderError ? (error.exitCode === 0 ? 0 : EXIT_BAD_INPUT) : fail(error);
  } finally {
    release();
  }
  return exitCode;
}

/** `rollcall site.yml …` means `rollcall run site.yml …`. */
async function parse(program: Command, words: readonly string[]): Promise<void> {
  const first = words.find((word) => !word.startsWith('-'));
  const isPlaybook = first !== undefined && /\.ya?ml$/.test(first) && !program.commands.some((command) => command.name() === words[0]);
  await program.parseAsync(isPlaybook ? ['run', ...words] : [...words], { from: 'user' });
}

function complain(text: string): void {
  process.stderr.write(text);
}

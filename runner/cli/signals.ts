import { EXIT_INTERRUPTED } from '../event/exit-code.ts';

/**
 * Lets a person stop a run: the first signal asks it to end in good order, the second ends the process at once.
 * Returns the way to give the signals back.
 */
export function handleSignals(controller: AbortController, say: (text: string) => void, exit: (code: number) => void = (code) => process.exit(code)): () => void {
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const receive = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) return exit(EXIT_INTERRUPTED);
    say(name === 'SIGINT' ? '\nStopping: no new tasks are started, running ones are waited for. Ctrl-C again ends at once.\n' : `\nStopping on ${name}.\n`);
    controller.abort(new Error(`stopped by ${name}`));
  };
  for (const name of names) process.on(name, receive);
  return () => {
    for (const name of names) process.off(name, receive);
  };
}

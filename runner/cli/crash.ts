import { arch, platform, release } from 'node:os';
import { EXIT_BAD_INPUT, EXIT_CRASH, EXIT_INTERRUPTED } from '../event/exit-code.ts';
import type { Redactor } from '../event/redact.ts';
import { InputError } from '../source/diagnostic.ts';
import { formatDiagnostic } from '../source/excerpt.ts';
import { packageVersion } from '../util/root.ts';

/** The one funnel for what reaches the top: bad input with its places, or a bug with a request for a report. Nothing that is printed holds a secret. */
export function explain(error: unknown, redactor: Redactor): { text: string; exitCode: number } {
  const [text, exitCode] = classify(error);
  return { text: redactor.mask(text), exitCode };
}

function classify(error: unknown): [string, number] {
  if (error instanceof InputError) return [`${error.diagnostics.map(formatDiagnostic).join('\n\n')}\n`, EXIT_BAD_INPUT];
  if (error instanceof Error) {
    if (error.name === 'PromptCancelled') return [`${error.message}\n`, EXIT_INTERRUPTED];
    // Errors whose messages are made for people, thrown where no place in a file is known.
    if (error.name === 'VaultError' || error.name === 'LabError') return [`error: ${error.message}\n`, EXIT_BAD_INPUT];
  }
  return [bugReport(error), EXIT_CRASH];
}

function bugReport(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
  const cause = error instanceof Error && error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? error.cause.message}` : '';
  return [
    '', 'This is a bug in rollcall, not in your playbook. Please report it with the lines below (known secrets are masked; read them all the same).', '',
    `rollcall ${packageVersion()}, node ${process.version}, ${platform()} ${release()} ${arch()}`, `${stack}${cause}`, '',
  ].join('\n');
}

import type { RunSummary } from './summary.ts';

/** Bad input: found before any host was touched, or where a play begins. */
export const EXIT_BAD_INPUT = 5;
/** A bug of this program. */
export const EXIT_CRASH = 1;
/** Stopped by a person or a signal. */
export const EXIT_INTERRUPTED = 130;

/** The process's exit code for a run; unreachable goes before failed, as in Ansible. */
export function exitCode(summary: RunSummary, options: { readonly exitOnChange: boolean; readonly check: boolean }): number {
  if (summary.outcome === 'crashed') return EXIT_CRASH;
  if (summary.outcome === 'refused') return EXIT_BAD_INPUT;
  if (summary.outcome !== 'done') return EXIT_INTERRUPTED;
  const hosts = [...summary.hosts.values()];
  if (hosts.some((host) => host.standing === 'unreachable')) return 4;
  if (hosts.some((host) => host.standing === 'failed')) return 2;
  if (options.check && options.exitOnChange && hosts.some((host) => host.changed > 0 || host.undetermined > 0)) return 3;
  return 0;
}

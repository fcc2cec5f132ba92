import { InputError, type Diagnostic } from '../../runner/source/diagnostic.ts';
import { formatDiagnostic } from '../../runner/source/excerpt.ts';
import type { Span } from '../../runner/source/span.ts';

/** Far more than any text of this size needs, on a machine that does other things, too. */
const LIMIT_MS = 20_000;

/** Demands of an action that it ends in time and throws nothing but input errors, all of them with places inside their files. */
export function orRefused<T>(action: () => T): T | undefined {
  const started = performance.now();
  try {
    return action();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    shown(error.diagnostics);
    return undefined;
  } finally {
    inTime(started);
  }
}

/** `orRefused` for what takes turns. */
export async function orRefusedLater<T>(action: () => Promise<T>): Promise<T | undefined> {
  const started = performance.now();
  try {
    return await action();
  } catch (error) {
    orRefused(() => {
      throw error;
    });
    return undefined;
  } finally {
    inTime(started);
  }
}

/** Demands of diagnostics that a person can be shown them. */
export function shown(diagnostics: readonly Diagnostic[]): void {
  for (const each of diagnostics) {
    formatDiagnostic(each);
    for (const span of [each.span, ...(each.related ?? []).map((other) => other.span)]) if (span && !inside(span)) throw new Error(`'${each.message}' (${each.code}) stands at ${span.start}-${span.end} of ${span.file.path}, which has ${span.file.text.length} characters`);
  }
}

/** One behind the end is where a thing is missing. */
function inside({ file, start, end }: Span): boolean {
  return start >= 0 && start <= end && start <= file.text.length && end <= file.text.length + 1;
}

function inTime(started: number): void {
  const took = performance.now() - started;
  if (took > LIMIT_MS) throw new Error(`it took ${Math.round(took)} ms`);
}

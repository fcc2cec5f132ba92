import { ExpressionError, UndefinedError, UnknownValueError } from '../../expr/errors.ts';
import { InputError, problem } from '../../source/diagnostic.ts';
import { formatDiagnostic } from '../../source/excerpt.ts';
import { didYouMean } from '../../util/suggest.ts';
import { TaskFailure } from '../../task/failure.ts';
import { HostFailure } from '../../transport/channel.ts';
import { RecursiveVariable } from '../../vars/scope.ts';
import { UnknownArguments } from '../call/invoke.ts';
import { failedResult, type Result, undetermined } from '../call/result.ts';

/** When an error came up, and the variables there were. */
export interface ErrorPlace {
  readonly timeout: number;
  readonly timedOut: boolean;
  readonly names?: () => Iterable<string>;
}

/** Turns whatever went wrong with a task on a host into its result: the one funnel of the engine. */
export function resultOfError(error: unknown, when: ErrorPlace): Result {
  if (when.timedOut) return failedResult(`timed out after ${when.timeout} s`, { timedout: { period: when.timeout } });
  if (error instanceof TaskFailure) return failedResult(error.message, error.result);
  if (error instanceof HostFailure) return hostFailure(error);
  if (error instanceof UnknownArguments) return undetermined(`depends on ${error.message}`);
  if (error instanceof UnknownValueError) return undetermined(error.message);
  if (error instanceof UndefinedError || error instanceof ExpressionError) {
    const code = error instanceof UndefinedError ? 'undefined-variable' : 'expression';
    const text = error.span ? formatDiagnostic(problem(code, error.message, error.span, definition(error.message, when))) : error.message;
    return { ...failedResult(text), hopeless: true };
  }
  if (error instanceof InputError) return failedResult(error.diagnostics.map(formatDiagnostic).join('\n'));
  if (error instanceof RecursiveVariable) return { ...failedResult(error.message), hopeless: true };
  const text = error instanceof Error ? error.message : String(error);
  return failedResult(`the module itself failed: ${text}`, error instanceof Error && error.stack !== undefined ? { exception: error.stack } : {});
}

/** What is wrong with the input, for errors that say so; undefined for bugs. */
export function inputErrorOf(error: unknown): InputError | undefined {
  if (error instanceof InputError) return error;
  if (error instanceof UndefinedError) return new InputError([problem('undefined-variable', error.message, error.span, 'set it with -e or in the vars of the play')]);
  if (error instanceof ExpressionError) return new InputError([problem('expression', error.message, error.span)]);
  if (error instanceof TaskFailure || error instanceof RecursiveVariable) return new InputError([problem('wrong-value', error.message)]);
  return undefined;
}

/** What to do about a variable that nobody set. */
function definition(message: string, { names }: ErrorPlace): string | undefined {
  const [, name] = /^'([^']+)' is undefined$/.exec(message) ?? [];
  return name === undefined ? undefined : didYouMean(name, names?.() ?? [], `set it in the inventory or with -e, or write ${name} | default(…)`);
}

function hostFailure(error: HostFailure): Result {
  const msg = error.help === undefined ? error.message : `${error.message} (${error.help})`;
  // A wrong sudo password is a fault of the task, not of the way to the host: other users can still be used there.
  if (error.kind === 'become' || error.kind === 'cancelled') return failedResult(msg, { kind: error.kind });
  return { status: 'unreachable', json: { changed: false, unreachable: true, kind: error.kind, msg }, changes: [] };
}

import type { JsonObject } from '../util/json.ts';

/** A task that could not do its work on one host: an expected outcome, reported with its result, never a stack trace. */
export class TaskFailure extends Error {
  override readonly name = 'TaskFailure';
  /** What `register` sees beside `failed` and `msg`: rc, stdout, stderr … */
  readonly result: JsonObject;
  constructor(message: string, result: JsonObject = {}) {
    super(message);
    this.result = result;
  }
}

import type { Operation } from './scope.ts';
import { ExpressionError } from './errors.ts';
import { Callable } from './value.ts';

/** A global function that needs the scope it is called in, such as `lookup`. */
export class ContextCallable extends Callable {
  readonly operation: Operation;
  constructor(name: string, operation: Operation) {
    super(name, () => {
      throw new ExpressionError(`'${name}' can only be called in an expression`);
    });
    this.operation = operation;
  }
}

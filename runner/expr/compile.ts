import { InputError } from '../source/diagnostic.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { Origin } from '../source/span.ts';
import { compileNode, type Evaluate } from './compile-node.ts';
import { CopyingScope } from './copying-scope.ts';
import { lexExpression, type Surface } from './lexer.ts';
import { parseTuple } from './parser.ts';
import type { Expression } from './ast.ts';
import type { Environment, Scope } from './scope.ts';
import { sureNames, type NameUse } from './sure-names.ts';
import { TokenStream } from './token-stream.ts';
import { Nothing, type Value } from './value.ts';

/** An expression ready to be evaluated as often as one likes. */
export interface Compiled {
  /** @throws UndefinedError, ExpressionError with a span; whatever `scope.lookup` throws passes through. */
  evaluate(scope: Scope): Value;
  /** Variables it may look up; globals are not among them. */
  readonly names: ReadonlySet<string>;
  /** Uses without which it certainly fails, globals not left out; offsets in the text it was parsed from. */
  readonly sure: readonly NameUse[];
}

/** Parses a whole text as one expression. @throws InputError */
export function parseText(text: string, origin: Origin, surface: Surface): Expression {
  const { tokens } = lexExpression(text, 0, origin, surface);
  const stream = new TokenStream(tokens, origin, surface === 'condition' ? text : undefined);
  const expression = parseTuple(stream);
  if (!stream.is('end')) stream.leftover();
  return expression;
}

/**
 * Compiles a text that is one expression. `template` takes backslashes raw, as Ansible does between `{{ }}` in YAML.
 * @throws InputError with every problem found: syntax, unknown filters, tests and lookups
 */
export function compileExpression(text: string, origin: Origin, environment: Environment, surface: Surface): Compiled {
  return compileParsed(parseText(text, origin, surface), origin, environment, surface === 'condition' ? 'condition' : 'output');
}

/** Compiles a parsed expression. @throws InputError */
export function compileParsed(expression: Expression, origin: Origin, environment: Environment, use: 'output' | 'condition' = 'output'): Compiled {
  const names = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  const compiling = { origin, environment, names, diagnostics, mutates: false };
  const evaluate = compileNode(expression, compiling);
  if (diagnostics.length > 0) throw new InputError(diagnostics);
  const whole: Evaluate = (scope) => {
    const value = evaluate(scope);
    return value instanceof Nothing ? '' : value;
  };
  return { evaluate: compiling.mutates ? onCopies(whole) : whole, names, sure: names.size === 0 ? [] : sureNames(expression, use) };
}

/** `{{ list.append(x) }}` must not change the variable that others see. */
function onCopies(evaluate: Evaluate): Evaluate {
  return (scope) => evaluate(new CopyingScope(scope));
}

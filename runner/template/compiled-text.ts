import { compileParsed, type Compiled } from '../expr/compile.ts';
import { UnknownValueError } from '../expr/errors.ts';
import { refuseUndefined } from '../expr/convert.ts';
import type { Environment } from '../expr/scope.ts';
import type { Value } from '../expr/value.ts';
import type { Origin } from '../source/span.ts';
import { sinkText } from './frame.ts';
import { compileTemplate } from './jinja-compile.ts';
import { lexTemplate, YAML_SYNTAX } from './jinja-lexer.ts';
import { parseTemplate } from './jinja-parser.ts';
import { runProgram } from './program.ts';

/**
 * Compiles a string of a YAML file that has braces in it. What is exactly one `{{ expression }}` keeps its native value,
 * and so does a template that puts out exactly one value; everything else gives a string.
 * @throws InputError
 */
export function compileText(text: string, origin: Origin, environment: Environment): Compiled {
  // Jinja drops one line break at the end; Ansible puts it back when the result is a string.
  const ending = /\n$/.exec(text)?.[0] ?? '';
  const body = parseTemplate(lexTemplate(text.slice(0, text.length - ending.length), 0, origin, YAML_SYNTAX), origin);
  const [only] = body;
  if (only?.kind === 'output' && body.length === 1) {
    const compiled = compileParsed(only.value, origin, environment);
    return { names: compiled.names, sure: compiled.sure, evaluate: (scope) => finish(compiled.evaluate(scope), ending) };
  }
  const program = compileTemplate(body, origin, environment);
  return { names: program.names, sure: program.sure, evaluate: (scope) => finish(run(() => runProgram(program, scope, environment, () => undefined)), ending) };
}

function run(render: () => Value[]): Value {
  try {
    const pieces = render().filter((piece) => piece !== '' && piece !== null);
    const [only = ''] = pieces;
    return pieces.length <= 1 ? only : sinkText(pieces);
  } catch (error) {
    if (error instanceof UnknownValueError) return error.unknown;
    throw error;
  }
}

function finish(value: Value, ending: string): Value {
  refuseUndefined(value);
  return typeof value === 'string' && ending !== '' && !value.endsWith('\n') ? value + ending : value;
}

const cache = new WeakMap<object, { readonly environment: Environment; readonly compiled: Compiled }>();

/** What was compiled for an object before, or compiles it now. One environment per run, so one entry an object. */
export function cached(key: object, environment: Environment, compile: () => Compiled): Compiled {
  const known = cache.get(key);
  if (known?.environment === environment) return known.compiled;
  const compiled = compile();
  cache.set(key, { environment, compiled });
  return compiled;
}

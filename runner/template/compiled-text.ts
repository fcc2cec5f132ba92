import { compileParsed, type Compiled } from '../expr/compile.ts';
import { UnknownValueError } from '../expr/errors.ts';
import { refuseUndefined } from '../expr/convert.ts';
import type { Environment, Scope } from '../expr/scope.ts';
import type { Value } from '../expr/value.ts';
import type { Origin } from '../source/span.ts';
import { containerLiteral } from '../expr/python-literal.ts';
import { sinkText } from './frame.ts';
import { compileTemplate } from './jinja-compile.ts';
import { lexTemplate, YAML_SYNTAX } from './jinja-lexer.ts';
import { parseTemplate } from './jinja-parser.ts';
import { runProgram } from './program.ts';

/** A compiled string of a YAML file. */
export interface CompiledText extends Compiled {
  /**
   * The same for a variable: a text that the author began with a bracket of his own, as in `[{% for … %}'{{ x }}', {% endfor %}]`, is the
   * list or dict that it writes down, and `True` and `False` that he wrote are booleans. What a value brings along is never read again.
   * @throws as `evaluate`
   */
  evaluateAsData(scope: Scope): Value;
}

/**
 * Compiles a string of a YAML file that has braces in it. What is exactly one `{{ expression }}` keeps its native value,
 * and so does a template that puts out exactly one value; everything else gives a string.
 * @throws InputError
 */
export function compileText(text: string, origin: Origin, environment: Environment): CompiledText {
  // Jinja drops one line break at the end; Ansible puts it back when the result is a string.
  const ending = /\n$/.exec(text)?.[0] ?? '';
  const body = parseTemplate(lexTemplate(text.slice(0, text.length - ending.length), 0, origin, YAML_SYNTAX), origin);
  const [only] = body;
  if (only?.kind === 'output' && body.length === 1) {
    const compiled = compileParsed(only.value, origin, environment);
    const evaluate = (scope: Scope): Value => finish(compiled.evaluate(scope), ending);
    return { names: compiled.names, sure: compiled.sure, evaluate, evaluateAsData: evaluate };
  }
  const program = compileTemplate(body, origin, environment);
  const pieces = (scope: Scope): Value[] => runProgram(program, scope, environment, () => undefined).filter((piece) => piece !== '' && piece !== null);
  return {
    names: program.names,
    sure: program.sure,
    evaluate: (scope) => finish(run(() => joined(pieces(scope))), ending),
    evaluateAsData: (scope) => finish(run(() => data(pieces(scope), program.texts)), ending),
  };
}

function run(render: () => Value): Value {
  try {
    return render();
  } catch (error) {
    if (error instanceof UnknownValueError) return error.unknown;
    throw error;
  }
}

function joined(pieces: readonly Value[]): Value {
  const [only = ''] = pieces;
  return pieces.length <= 1 ? only : sinkText([...pieces]);
}

function data(pieces: readonly Value[], texts: ReadonlySet<string>): Value {
  const whole = joined(pieces);
  const [first] = pieces;
  if (typeof whole !== 'string' || typeof first !== 'string' || !texts.has(first)) return whole;
  if (whole === 'True' || whole === 'False') return whole === 'True';
  return containerLiteral(whole) ?? whole;
}

function finish(value: Value, ending: string): Value {
  refuseUndefined(value);
  return typeof value === 'string' && ending !== '' && !value.endsWith('\n') ? value + ending : value;
}

/** Keeps what is compiled for an object. One environment per run, so one entry an object. */
export function compiledOnce<C>(): (key: object, environment: Environment, compile: () => C) => C {
  const cache = new WeakMap<object, { readonly environment: Environment; readonly compiled: C }>();
  return (key, environment, compile) => {
    const known = cache.get(key);
    if (known?.environment === environment) return known.compiled;
    const compiled = compile();
    cache.set(key, { environment, compiled });
    return compiled;
  };
}

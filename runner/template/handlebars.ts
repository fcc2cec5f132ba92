import { createRequire } from 'node:module';
import type * as Handlebars from 'handlebars';
import { ExpressionError, UndefinedError } from '../expr/errors.ts';
import type { Environment, Scope } from '../expr/scope.ts';
import { InputError, problem } from '../source/diagnostic.ts';
import { SourceFile } from '../source/file.ts';
import type { Span } from '../source/span.ts';
import { inspect, startOfLine, type Usage } from './handlebars-check.ts';
import { emptyData, toData } from './handlebars-data.ts';
import { explainHandlebars } from './handlebars-error.ts';
import { registerHelpers, type Private } from './handlebars-helpers.ts';
import type { SpannedUse } from './render.ts';

/** Variables of a template: looked up by name, with a way to list them. */
export type NamedScope = Scope & { names(): Iterable<string> };

/**
 * Renders a Handlebars template file: every filter is a helper (`{{upper name}}`, `{{join list ","}}`, named arguments as `key=value`),
 * every test one for subexpressions (`{{#if (is-defined x)}}`, `(version a "2.0" ">=")`); nothing is escaped as HTML.
 * @throws InputError, UndefinedError and ExpressionError with a span, UnknownValueError; whatever `variables.lookup` throws passes through
 */
export function renderHandlebars(text: string, path: string, variables: NamedScope, environment: Environment): string {
  const file = new SourceFile(path, text);
  const { template, usage } = compiled(text, file, environment);
  const data = emptyData(() => '');
  for (const name of variables.names()) {
    if (!usage.names.has(name)) continue;
    Object.defineProperty(data, name, { enumerable: true, get: () => toData(variables.lookup(name) ?? null) });
  }
  const shared: Private = { scope: variables, usage, file };
  try {
    return template(data, { data: { ...shared } });
  } catch (error) {
    throw located(error, file);
  }
}

/** Compiles a Handlebars file without rendering it: the uses of variables without which it certainly fails. @throws InputError */
export function checkHandlebars(text: string, path: string, environment: Environment): readonly SpannedUse[] {
  const file = new SourceFile(path, text);
  // Of two files with the same text one is compiled.
  return compiled(text, file, environment).usage.sure.map(({ name, span }) => ({ name, span: { ...span, file } }));
}

/** Handlebars' own errors say where in words; ours say it with a span. */
function located(error: unknown, file: SourceFile): unknown {
  if (!isHandlebarsError(error)) return error;
  const line = lineSpan(file, error.lineNumber);
  const [, name] = /^"([^"]*)" not defined in/.exec(error.message) ?? [];
  if (name === undefined) return new ExpressionError(error.message.replace(/ - \d+:\d+$/, ''), line);
  const from = file.text.indexOf(name, line?.start ?? 0);
  return new UndefinedError(`'${name}' is undefined`, from === -1 ? line : { file, start: from, end: from + name.length });
}

interface HandlebarsError extends Error {
  readonly lineNumber?: number;
}

/** Its class is not exported by name where types are concerned, but its errors carry a place. */
function isHandlebarsError(error: unknown): error is HandlebarsError {
  return error instanceof Error && 'lineNumber' in error && !(error instanceof ExpressionError);
}

function lineSpan(file: SourceFile, line: number | undefined): Span | undefined {
  if (line === undefined || line < 1) return undefined;
  const start = startOfLine(file, line);
  return { file, start, end: start + Math.max(1, /^.*/.exec(file.text.slice(start))?.[0].length ?? 0) };
}

interface Compiled {
  readonly template: Handlebars.TemplateDelegate;
  readonly usage: Usage;
}

interface Prepared {
  readonly instance: typeof Handlebars;
  readonly templates: Map<string, Compiled>;
}

const prepared = new WeakMap<Environment, Prepared>();

/** Handlebars is loaded when the first template needs it: starting without it is faster. */
function prepare(environment: Environment): Prepared {
  const known = prepared.get(environment);
  if (known) return known;
  const instance = (createRequire(import.meta.url)('handlebars') as typeof Handlebars).create();
  registerHelpers(instance, environment);
  const made = { instance, templates: new Map<string, Compiled>() };
  prepared.set(environment, made);
  return made;
}

function compiled(text: string, file: SourceFile, environment: Environment): Compiled {
  const { instance, templates } = prepare(environment);
  const known = templates.get(text);
  if (known) return known;
  const program = parse(instance, text, file);
  const usage = inspect(program, file, Object.keys(instance.helpers));
  const made = { template: instance.compile(program, { noEscape: true, strict: true }), usage };
  templates.set(text, made);
  return made;
}

function parse(instance: typeof Handlebars, text: string, file: SourceFile): ReturnType<(typeof Handlebars)['parse']> {
  try {
    return instance.parse(text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const explained = explainHandlebars(file);
    if (explained) throw new InputError([explained]);
    const line = isHandlebarsError(error) ? error.lineNumber : Number(/on line (\d+)/.exec(error.message)?.[1] ?? Number.NaN);
    const expected = /Expecting .*$/m.exec(error.message)?.[0] ?? error.message.replace(/ - \d+:\d+$/, '');
    throw new InputError([problem('template-syntax', `this template cannot be read: ${expected}`, lineSpan(file, line))]);
  }
}

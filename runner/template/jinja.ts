import type { Environment, Scope } from '../expr/scope.ts';
import { InputError, problem } from '../source/diagnostic.ts';
import { SourceFile } from '../source/file.ts';
import { spanAt, type Origin } from '../source/span.ts';
import { sinkText } from './frame.ts';
import { compileTemplate } from './jinja-compile.ts';
import { FILE_SYNTAX, lexTemplate, type Syntax } from './jinja-lexer.ts';
import { parseTemplate } from './jinja-parser.ts';
import { runProgram, type Program } from './program.ts';
import type { SpannedUse } from './render.ts';
import { own } from '../util/own.ts';

/** How a template file is read, as the parameters of Ansible's `template` module say. */
export interface JinjaOptions {
  readonly trimBlocks?: boolean;
  readonly lstripBlocks?: boolean;
  readonly variableStart?: string;
  readonly variableEnd?: string;
  readonly blockStart?: string;
  readonly blockEnd?: string;
  readonly commentStart?: string;
  readonly commentEnd?: string;
  readonly newlineSequence?: '\n' | '\r' | '\r\n';
}

/** Finds another template by the name in `include`, `import` or `extends`. */
export type TemplateLoader = (name: string) => { readonly path: string; readonly text: string } | undefined;

/**
 * Renders a Jinja template file. Values are data: braces in them are never looked at.
 * The line breaks at the end of the text are kept.
 * @throws InputError, UndefinedError, ExpressionError, UnknownValueError; whatever `scope.lookup` throws passes through
 */
export function renderJinja(text: string, path: string, scope: Scope, environment: Environment, load: TemplateLoader, options: JinjaOptions = {}): string {
  const syntax = syntaxOf(options);
  const main = compiled(text, path, environment, syntax);
  const out = sinkText(runProgram(main, scope, environment, (name) => {
    const found = load(name);
    return found && compiled(found.text, found.path, environment, syntax);
  }));
  const ending = /\n*$/.exec(text)?.[0] ?? '';
  const had = /\n*$/.exec(out)?.[0] ?? '';
  const whole = out + ending.slice(had.length);
  return options.newlineSequence === undefined || options.newlineSequence === '\n' ? whole : whole.replaceAll('\n', options.newlineSequence);
}

/** Compiles a template file without rendering it: the uses of variables without which it certainly fails. @throws InputError with every problem that shows without values */
export function checkJinja(text: string, path: string, environment: Environment, options: JinjaOptions = {}): readonly SpannedUse[] {
  const { sure } = compiled(text, path, environment, syntaxOf(options));
  const file = new SourceFile(path, text);
  return sure.filter(({ name }) => !environment.globals.has(name)).map(({ name, start, end }) => ({ name, span: { file, start, end } }));
}

function syntaxOf(options: JinjaOptions): Syntax {
  return {
    outputStart: options.variableStart ?? FILE_SYNTAX.outputStart,
    outputEnd: options.variableEnd ?? FILE_SYNTAX.outputEnd,
    statementStart: options.blockStart ?? FILE_SYNTAX.statementStart,
    statementEnd: options.blockEnd ?? FILE_SYNTAX.statementEnd,
    commentStart: options.commentStart ?? FILE_SYNTAX.commentStart,
    commentEnd: options.commentEnd ?? FILE_SYNTAX.commentEnd,
    trimBlocks: options.trimBlocks ?? FILE_SYNTAX.trimBlocks,
    lstripBlocks: options.lstripBlocks ?? FILE_SYNTAX.lstripBlocks,
    output: 'condition',
  };
}

/** Templates compiled before, by path: a template task compiles once for all its hosts. */
const cache = new WeakMap<Environment, Map<string, { readonly text: string; readonly syntax: string; readonly program: Program }>>();

function compiled(text: string, path: string, environment: Environment, syntax: Syntax): Program {
  let known = cache.get(environment);
  if (!known) cache.set(environment, (known = new Map()));
  const key = JSON.stringify(syntax);
  const before = known.get(path);
  if (before?.text === text && before.syntax === key) return before.program;
  const program = compile(text, path, environment, syntax);
  known.set(path, { text, syntax: key, program });
  return program;
}

const HEADER = '#jinja2:';

function compile(text: string, path: string, environment: Environment, given: Syntax): Program {
  const file = new SourceFile(path, text);
  const origin: Origin = { file, at: (offset) => Math.min(offset, text.length) };
  const header = text.startsWith(HEADER) ? (text.indexOf('\n') === -1 ? text.length : text.indexOf('\n')) : -1;
  const syntax = header === -1 ? given : headerSyntax(text.slice(HEADER.length, header), given, origin);
  // Jinja drops one line break at the end; the caller puts the missing ones back.
  const body = text.replace(/\r?\n$/, '');
  return compileTemplate(parseTemplate(lexTemplate(body, header === -1 ? 0 : Math.min(header + 1, body.length), origin, syntax), origin), origin, environment);
}

const HEADER_KEYS: Readonly<Record<string, keyof Syntax>> = {
  trim_blocks: 'trimBlocks', lstrip_blocks: 'lstripBlocks', variable_start_string: 'outputStart', variable_end_string: 'outputEnd',
  block_start_string: 'statementStart', block_end_string: 'statementEnd', comment_start_string: 'commentStart', comment_end_string: 'commentEnd',
};

function headerSyntax(line: string, given: Syntax, origin: Origin): Syntax {
  const wrong = (message: string): InputError => new InputError([problem('template-header', message, spanAt(origin, 0, HEADER.length + line.length))]);
  const changes: Partial<Record<keyof Syntax, string | boolean>> = {};
  for (const pair of line.split(',')) {
    const [, name = '', value = ''] = /^\s*(\w+)\s*:\s*(.*?)\s*$/.exec(pair) ?? [];
    const key = own(HEADER_KEYS, name);
    if (key === undefined) {
      if (name === 'keep_trailing_newline' || name === 'newline_sequence') continue;
      throw wrong(`'${pair.trim()}' is no setting of a '#jinja2:' line`);
    }
    const literal = /^(['"])(.*)\1$/.exec(value);
    if (literal) changes[key] = literal[2] ?? '';
    else if (value === 'True' || value === 'False') changes[key] = value === 'True';
    else throw wrong(`'${value}' is neither True, False nor a quoted text`);
  }
  return { ...given, ...changes } as Syntax;
}

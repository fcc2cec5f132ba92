import type { Arguments, Expression } from '../expr/ast.ts';
import { compileNode, guarded, type Compiling, type Evaluate } from '../expr/compile-node.ts';
import { refuseUndefined, toText, truthy } from '../expr/convert.ts';
import { ExpressionError } from '../expr/errors.ts';
import type { Environment } from '../expr/scope.ts';
import { Undefined, type Value } from '../expr/value.ts';
import { InputError } from '../source/diagnostic.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { spanAt, type Origin } from '../source/span.ts';
import { assign } from './assign.ts';
import { sinkText, type Frame, type Render, type Sink } from './frame.ts';
import { BLOCK_TEXT, targetNames, type Block, type Body, type CallBlock, type For, type If, type Macro, type Parameter, type Statement, type Target } from './jinja-ast.ts';
import { renderExtends, renderFrom, renderImport, renderInclude } from './jinja-load.ts';
import { renderLoop } from './loop.ts';
import { macro, type CompiledParameter } from './macro.ts';
import type { Program } from './program.ts';
import { SuperBlock } from './super-block.ts';
import { sureUses } from './sure-uses.ts';

/** Compiles a parsed template. @throws InputError with every unknown filter, test and lookup in it */
export function compileTemplate(body: Body, origin: Origin, environment: Environment): Program {
  const compiler = new Compiler(origin, environment);
  const render = compiler.body(body);
  if (compiler.compiling.diagnostics.length > 0) throw new InputError(compiler.compiling.diagnostics);
  return { body: render, blocks: compiler.blocks, names: compiler.compiling.names, sure: compiler.compiling.names.size === 0 ? [] : sureUses(body), mutates: compiler.compiling.mutates, texts: compiler.texts };
}

class Compiler {
  readonly compiling: Compiling & { bound: Set<string>; readonly diagnostics: Diagnostic[] };
  readonly blocks = new Map<string, Render>();
  readonly texts = new Set<string>();

  constructor(origin: Origin, environment: Environment) {
    this.compiling = { origin, environment, names: new Set(), diagnostics: [], mutates: false, bound: new Set(['self']) };
  }

  body(body: Body): Render {
    const renders = body.map((each) => this.#statement(each));
    const [only] = renders;
    if (only && renders.length === 1) return only;
    return (frame, out) => {
      for (const render of renders) render(frame, out);
    };
  }

  /** Compiles with some names bound by the template, and forgets them afterwards. */
  #binding<T>(names: readonly string[], compile: () => T): T {
    const before = this.compiling.bound;
    this.compiling.bound = new Set([...before, ...names]);
    const result = compile();
    this.compiling.bound = before;
    return result;
  }

  #expression(node: Expression): Evaluate {
    const evaluate = compileNode(node, this.compiling);
    const { origin } = this.compiling;
    return (scope) => {
      const value = evaluate(scope);
      if (value instanceof Undefined) guarded(() => spanAt(origin, node.start, node.end), () => toText(value))(scope);
      return value;
    };
  }

  #raw(node: Expression): Evaluate {
    return compileNode(node, this.compiling);
  }

  #statement(statement: Statement): Render {
    switch (statement.kind) {
      case 'text': {
        const { text } = statement;
        this.texts.add(text);
        return (_frame, out) => void out.push(text);
      }
      case 'output': {
        const value = this.#expression(statement.value);
        return (frame, out) => {
          const piece = value(frame);
          refuseUndefined(piece);
          out.push(piece);
        };
      }
      case 'if': return this.#if(statement);
      case 'for': return this.#for(statement);
      case 'set': {
        const value = this.#raw(statement.value);
        const { target } = statement;
        this.#bind(target);
        return (frame) => assign(frame, target, value(frame));
      }
      case 'set-block': {
        const text = this.#piped(statement.filter, this.body(statement.body));
        const { target } = statement;
        this.#bind(target);
        return (frame) => assign(frame, target, text(frame));
      }
      case 'filter': {
        const text = this.#piped(statement.filter, this.body(statement.body));
        return (frame, out) => void out.push(text(frame));
      }
      case 'macro': return this.#macro(statement);
      case 'call': return this.#call(statement);
      case 'with': return this.#with(statement.values, statement.body);
      case 'block': return this.#block(statement);
      case 'do': {
        const value = this.#expression(statement.value);
        return (frame) => void value(frame);
      }
      case 'autoescape': return this.body(statement.body);
      case 'include': return renderInclude(statement, this.#expression(statement.template), this.#place(statement.template));
      case 'extends': return renderExtends(this.#expression(statement.template), this.#place(statement.template));
      case 'import': {
        this.compiling.bound.add(statement.alias);
        return renderImport(statement, this.#expression(statement.template), this.#place(statement.template));
      }
      case 'from': {
        for (const [, alias] of statement.names) this.compiling.bound.add(alias);
        return renderFrom(statement, this.#expression(statement.template), this.#place(statement.template));
      }
    }
  }

  #place(node: Expression): () => ReturnType<typeof spanAt> {
    const { origin } = this.compiling;
    return () => spanAt(origin, node.start, node.end);
  }

  #bind(target: Target): void {
    for (const name of targetNames(target)) this.compiling.bound.add(name);
  }

  #if({ branches, otherwise }: If): Render {
    const compiled = branches.map(({ test, body }) => [this.#test(test), this.body(body)] as const);
    const last = this.body(otherwise);
    return (frame, out) => {
      for (const [test, body] of compiled) if (test(frame)) return body(frame, out);
      return last(frame, out);
    };
  }

  #test(node: Expression): (frame: Frame) => boolean {
    const test = this.#expression(node);
    return (frame) => truthy(test(frame));
  }

  #for(node: For): Render {
    const items = this.#expression(node.items);
    const otherwise = this.body(node.otherwise);
    return this.#binding([...targetNames(node.target), 'loop'], () => {
      const filter = node.filter && this.#test(node.filter);
      const body = this.body(node.body);
      return renderLoop({ target: node.target, items, filter, recursive: node.recursive, body, otherwise, place: this.#place(node.items) });
    });
  }

  #piped(filter: Expression | null, body: Render): (frame: Frame) => Value {
    const apply = filter && this.#binding([BLOCK_TEXT], () => this.#expression(filter));
    return (frame) => {
      const inner = frame.inner();
      const out: Sink = [];
      body(inner, out);
      const text = sinkText(out);
      if (!apply) return text;
      inner.bound.set(BLOCK_TEXT, text);
      return apply(inner);
    };
  }

  #parameters(params: readonly Parameter[]): CompiledParameter[] {
    return params.map(({ name, fallback }) => ({ name, fallback: fallback && this.#raw(fallback) }));
  }

  #macro({ name, params, body }: Macro): Render {
    this.compiling.bound.add(name);
    const [compiled, render] = this.#binding([...params.map((each) => each.name), 'varargs', 'kwargs', 'caller'], () => [this.#parameters(params), this.body(body)] as const);
    return (frame) => void frame.bound.set(name, macro(name, compiled, render, frame));
  }

  #call({ call, given, params, body }: CallBlock): Render {
    const [compiled, render] = this.#binding(params.map((each) => each.name), () => [this.#parameters(params), this.body(body)] as const);
    const at = { start: call.start, end: call.end };
    const caller: Expression = { kind: 'name', name: 'caller', ...at };
    const withCaller: Arguments = { ...given, named: [...given.named, ['caller', caller]] };
    const run = this.#binding(['caller'], () => this.#expression({ kind: 'call', target: call, ...withCaller, ...at }));
    return (frame, out) => {
      const inner = frame.inner();
      inner.bound.set('caller', macro('caller', compiled, render, frame));
      out.push(run(inner));
    };
  }

  #with(values: readonly (readonly [Target, Expression])[], body: Body): Render {
    const compiled = values.map(([target, value]) => [target, this.#raw(value)] as const);
    return this.#binding(values.flatMap(([target]) => targetNames(target)), () => {
      const render = this.body(body);
      return (frame, out) => {
        const inner = frame.inner();
        // All values are evaluated outside before any is bound.
        for (const [target, value] of compiled.map(([each, evaluate]) => [each, evaluate(frame)] as const)) assign(inner, target, value);
        render(inner, out);
      };
    });
  }

  #block({ name, scoped, body }: Block): Render {
    this.blocks.set(name, this.#binding(['super'], () => this.body(body)));
    const place = this.compiling.origin;
    return (frame, out) => {
      // A template that extends another only defines its blocks.
      if (frame.top.extending) return;
      const chain = frame.top.blocks.get(name);
      if (!chain) throw new ExpressionError(`block '${name}' is not defined`, spanAt(place, 0, 1));
      new SuperBlock(chain, scoped ? frame : frame.top).render(out);
    };
  }
}

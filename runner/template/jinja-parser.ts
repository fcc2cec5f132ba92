import type { Expression } from '../expr/ast.ts';
import { parseExpression, parseFilter, parseTuple } from '../expr/parser.ts';
import { TokenStream } from '../expr/token-stream.ts';
import { InputError, problem } from '../source/diagnostic.ts';
import { spanAt, type Origin } from '../source/span.ts';
import { didYouMean } from '../util/suggest.ts';
import { BLOCK_TEXT, type Body, type Parameter, type Statement, type Target } from './jinja-ast.ts';
import type { Piece } from './jinja-lexer.ts';

type Tag = { readonly name: string; readonly stream: TokenStream; readonly start: number; readonly end: number };

/** Reads the pieces of a template as statements. @throws InputError */
export function parseTemplate(pieces: readonly Piece[], origin: Origin): Body {
  const reader = new StatementReader(pieces, origin);
  const { body, tag } = reader.body([]);
  if (tag) throw new Error('a template ends at its end');
  return body;
}

const MAX_DEPTH = 100;
const KNOWN = ['if', 'for', 'set', 'macro', 'call', 'filter', 'include', 'import', 'from', 'extends', 'block', 'with', 'do', 'raw', 'autoescape'];

class StatementReader {
  readonly #pieces: readonly Piece[];
  readonly #origin: Origin;
  readonly #open: Tag[] = [];
  #at = 0;

  constructor(pieces: readonly Piece[], origin: Origin) {
    this.#pieces = pieces;
    this.#origin = origin;
  }

  /** Statements up to one of the given tags, or to the end when there are none. */
  body(ends: readonly string[]): { readonly body: Body; readonly tag: Tag | undefined } {
    const body: Statement[] = [];
    for (;;) {
      const piece = this.#pieces[this.#at++];
      if (!piece) {
        const open = this.#open.at(-1);
        if (open) this.#fail(`this '${open.name}' has no '${ends.at(-1)}'`, open, `${open.name === 'set' ? 'write {% set NAME = VALUE %}, or' : 'write'} {% ${ends.at(-1)} %} where it ends`);
        return { body, tag: undefined };
      }
      if (piece.kind === 'text') {
        body.push(piece);
        continue;
      }
      const stream = new TokenStream(piece.tokens, this.#origin);
      if (piece.kind === 'output') {
        const value = parseTuple(stream);
        this.#finish(stream);
        body.push({ kind: 'output', value });
        continue;
      }
      const tag: Tag = { name: stream.expect('name').text, stream, start: piece.start, end: piece.end };
      if (ends.includes(tag.name)) return { body, tag };
      const statement = this.#statement(tag);
      if (statement) body.push(statement);
    }
  }

  /** The body of a tag up to its closing tag, which is taken. */
  #within(tag: Tag, end: string): Body {
    const { body, tag: closing } = this.#inside(tag, [end]);
    if (!closing) return body;
    // `{% endblock name %}` may repeat the name.
    if ((end === 'endblock' || end === 'endmacro') && closing.stream.is('name')) closing.stream.next();
    this.#finish(closing.stream);
    return body;
  }

  #inside(tag: Tag, ends: readonly string[]): { readonly body: Body; readonly tag: Tag | undefined } {
    if (this.#open.length >= MAX_DEPTH) this.#fail('this template is nested too deeply', tag);
    this.#open.push(tag);
    const found = this.body(ends);
    this.#open.pop();
    return found;
  }

  #finish(stream: TokenStream): void {
    if (!stream.is('end')) stream.leftover();
  }

  #fail(message: string, tag: Tag, help?: string): never {
    throw new InputError([problem('template-syntax', message, spanAt(this.#origin, tag.start, tag.end), help)]);
  }

  #statement(tag: Tag): Statement {
    const { stream } = tag;
    switch (tag.name) {
      case 'if': return this.#if(tag);
      case 'for': return this.#for(tag);
      case 'set': return this.#set(tag);
      case 'macro': {
        const name = stream.expect('name').text;
        const params = this.#parameters(stream);
        this.#finish(stream);
        return { kind: 'macro', name, params, body: this.#within(tag, 'endmacro') };
      }
      case 'call': {
        const params = stream.is('op', '(') ? this.#parameters(stream) : [];
        const call = parseExpression(stream);
        if (call.kind !== 'call') return stream.fail('expected a call of a macro');
        this.#finish(stream);
        return { kind: 'call', call: call.target, given: call, params, body: this.#within(tag, 'endcall') };
      }
      case 'filter': {
        const filter = this.#blockFilter(stream, true);
        this.#finish(stream);
        return { kind: 'filter', filter, body: this.#within(tag, 'endfilter') };
      }
      case 'block': {
        const name = stream.expect('name').text;
        let scoped = false;
        while (stream.is('name')) scoped = stream.next().text === 'scoped' || scoped;
        this.#finish(stream);
        return { kind: 'block', name, scoped, body: this.#within(tag, 'endblock') };
      }
      case 'with': {
        const values: (readonly [Target, Expression])[] = [];
        while (!stream.is('end')) {
          if (values.length > 0) stream.expect('op', ',');
          const target = this.#target(stream, false);
          stream.expect('op', '=');
          values.push([target, parseExpression(stream)]);
        }
        return { kind: 'with', values, body: this.#within(tag, 'endwith') };
      }
      case 'autoescape': {
        parseExpression(stream);
        this.#finish(stream);
        return { kind: 'autoescape', body: this.#within(tag, 'endautoescape') };
      }
      default: {
        const statement = this.#single(tag);
        this.#finish(stream);
        return statement;
      }
    }
  }

  /** Tags without a body. */
  #single(tag: Tag): Statement {
    const { stream } = tag;
    switch (tag.name) {
      case 'do': return { kind: 'do', value: parseTuple(stream) };
      case 'extends': return { kind: 'extends', template: parseExpression(stream) };
      case 'include': {
        const template = parseExpression(stream);
        const ignoreMissing = stream.skip('name', 'ignore');
        if (ignoreMissing) stream.expect('name', 'missing');
        return { kind: 'include', template, ignoreMissing, withContext: this.#context(stream, true) };
      }
      case 'import': {
        const template = parseExpression(stream);
        stream.expect('name', 'as');
        const alias = stream.expect('name').text;
        return { kind: 'import', template, alias, withContext: this.#context(stream, false) };
      }
      case 'from': {
        const template = parseExpression(stream);
        stream.expect('name', 'import');
        const names: (readonly [string, string])[] = [];
        do {
          if (stream.is('end') || stream.is('name', 'with') || stream.is('name', 'without')) break;
          const name = stream.expect('name').text;
          names.push([name, stream.skip('name', 'as') ? stream.expect('name').text : name]);
        } while (stream.skip('op', ','));
        return { kind: 'from', template, names, withContext: this.#context(stream, false) };
      }
      default: {
        const open = this.#open.at(-1);
        if (tag.name === 'else' || tag.name === 'elif') return this.#fail(`this '${tag.name}' belongs to no 'if'`, tag, open && `the tag around it is '${open.name}'`);
        if (!tag.name.startsWith('end')) return this.#fail(`there is no tag '${tag.name}'`, tag, didYouMean(tag.name, [...KNOWN, 'else', 'elif']));
        return open ? this.#fail(`this '${tag.name}' does not close '${open.name}'`, tag, `write {% end${open.name} %} first`) : this.#fail(`this '${tag.name}' closes nothing`, tag, 'take it away');
      }
    }
  }

  #context(stream: TokenStream, fallback: boolean): boolean {
    const word = stream.peek(1).text === 'context' && (stream.is('name', 'with') || stream.is('name', 'without')) ? stream.next().text : undefined;
    if (word === undefined) return fallback;
    stream.next();
    return word === 'with';
  }

  #if(tag: Tag): Statement {
    const branches: { test: Expression; body: Body }[] = [];
    let otherwise: Body = [];
    for (let current: Tag | undefined = tag; current; ) {
      if (current.name === 'else') {
        this.#finish(current.stream);
        otherwise = this.#within(tag, 'endif');
        break;
      }
      const test = parseTuple(current.stream, { conditional: false });
      this.#finish(current.stream);
      const found = this.#inside(tag, ['elif', 'else', 'endif']);
      branches.push({ test, body: found.body });
      current = found.tag?.name === 'endif' ? undefined : found.tag;
    }
    return { kind: 'if', branches, otherwise };
  }

  #for(tag: Tag): Statement {
    const { stream } = tag;
    const target = this.#target(stream, true);
    stream.expect('name', 'in');
    const items = parseTuple(stream, { conditional: false, ends: () => stream.is('name', 'recursive') || stream.is('name', 'if') });
    const filter = stream.skip('name', 'if') ? parseExpression(stream) : null;
    const recursive = stream.skip('name', 'recursive');
    this.#finish(stream);
    const found = this.#inside(tag, ['else', 'endfor']);
    const otherwise = found.tag?.name === 'else' ? this.#within(tag, 'endfor') : [];
    return { kind: 'for', target, items, filter, recursive, body: found.body, otherwise };
  }

  #set(tag: Tag): Statement {
    const { stream } = tag;
    const target = this.#target(stream, true);
    if (stream.skip('op', '=')) {
      const value = parseTuple(stream);
      this.#finish(stream);
      return { kind: 'set', target, value };
    }
    const filter = stream.is('op', '|') ? this.#blockFilter(stream, false) : null;
    this.#finish(stream);
    return { kind: 'set-block', target, filter, body: this.#within(tag, 'endset') };
  }

  #blockFilter(stream: TokenStream, first: boolean): Expression {
    const { start } = stream.current;
    let node: Expression = { kind: 'name', name: BLOCK_TEXT, start, end: start };
    if (first) node = parseFilter(stream, node);
    while (stream.skip('op', '|')) node = parseFilter(stream, node);
    return node;
  }

  #target(stream: TokenStream, several: boolean): Target {
    const targets: Target[] = [];
    let tuple = false;
    for (;;) {
      if (stream.skip('op', '(')) {
        targets.push(this.#target(stream, true));
        stream.expect('op', ')');
      } else {
        const name = stream.expect('name').text;
        targets.push(stream.skip('op', '.') ? { name, attribute: stream.expect('name').text } : { name });
      }
      if (!several || !stream.skip('op', ',')) break;
      tuple = true;
      if (stream.is('name', 'in') || stream.is('op', '=') || stream.is('op', ')')) break;
    }
    const [only] = targets;
    return tuple || !only ? targets : only;
  }

  #parameters(stream: TokenStream): Parameter[] {
    const params: Parameter[] = [];
    stream.expect('op', '(');
    while (!stream.is('op', ')')) {
      if (params.length > 0) stream.expect('op', ',');
      if (stream.is('op', ')')) break;
      const name = stream.expect('name').text;
      const fallback = stream.skip('op', '=') ? parseExpression(stream) : null;
      if (!fallback && params.at(-1)?.fallback) stream.fail(`'${name}' without a default stands after a parameter that has one`);
      params.push({ name, fallback });
    }
    stream.expect('op', ')');
    return params;
  }
}

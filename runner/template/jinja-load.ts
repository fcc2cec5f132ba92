import type { Evaluate } from '../expr/compile-node.ts';
import { ExpressionError } from '../expr/errors.ts';
import { repr } from '../expr/text.ts';
import { isList, Opaque, orElse, Undefined, type Value } from '../expr/value.ts';
import type { Span } from '../source/span.ts';
import { Frame, sinkText, type Render, type Sink } from './frame.ts';
import type { FromImport, Import, Include } from './jinja-ast.ts';
import { runIn, type Program } from './program.ts';

function find(frame: Frame, name: Value, place: () => Span): Program {
  const program = search(frame, name);
  if (!program) throw new ExpressionError(`there is no template ${isList(name) ? `among ${repr(name)}` : repr(name)}`, place());
  return program;
}

function search(frame: Frame, name: Value): Program | undefined {
  if (!isList(name)) return typeof name === 'string' ? frame.rendering.load(name) : undefined;
  for (const each of name) {
    const program = search(frame, each);
    if (program) return program;
  }
  return undefined;
}

/** `{% include %}`: the other template sees all names of this place, or none of them `without context`. */
export function renderInclude({ ignoreMissing, withContext }: Include, template: Evaluate, place: () => Span): Render {
  return (frame, out) => {
    const name = template(frame);
    const program = ignoreMissing ? search(frame, name) : find(frame, name, place);
    if (program) runIn(program, new Frame(frame.rendering, withContext ? frame : frame.rendering.variables), out);
  };
}

/** `{% extends %}` */
export function renderExtends(template: Evaluate, place: () => Span): Render {
  return (frame) => {
    frame.top.extending = find(frame, template(frame), place);
  };
}

/** `{% import %}` */
export function renderImport({ alias, withContext }: Import, template: Evaluate, place: () => Span): Render {
  return (frame) => void frame.bound.set(alias, load(frame, template(frame), withContext, place));
}

/** `{% from … import … %}` */
export function renderFrom({ names, withContext }: FromImport, template: Evaluate, place: () => Span): Render {
  return (frame) => {
    const name = template(frame);
    const module = load(frame, name, withContext, place);
    for (const [original, alias] of names) {
      frame.bound.set(alias, orElse<Value>(module.attribute(original), new Undefined(`the template ${repr(name)} does not export the requested name '${original}'`, place())));
    }
  };
}

function load(frame: Frame, name: Value, withContext: boolean, place: () => Span): Module {
  const inner = new Frame(frame.rendering, withContext ? frame : frame.rendering.variables);
  const out: Sink = [];
  runIn(find(frame, name, place), inner, out);
  return new Module(inner, out);
}

/** What `import` binds: a template's macros and variables. */
class Module extends Opaque {
  override readonly typeName = 'TemplateModule';
  readonly #frame: Frame;
  readonly #out: Sink;
  constructor(frame: Frame, out: Sink) {
    super();
    this.#frame = frame;
    this.#out = out;
  }
  override attribute(name: string): Value | undefined {
    return this.#frame.bound.get(name);
  }
  override text(): string {
    return sinkText(this.#out);
  }
}

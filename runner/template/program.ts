import type { Environment, Scope } from '../expr/scope.ts';
import { CopyingScope } from '../expr/copying-scope.ts';
import { ExpressionError } from '../expr/errors.ts';
import type { NameUse } from '../expr/sure-names.ts';
import { SelfBlocks } from './super-block.ts';
import { Frame, type Render, type Rendering, type Sink } from './frame.ts';

/** A compiled template. */
export interface Program {
  readonly body: Render;
  /** Blocks it defines, by name. */
  readonly blocks: ReadonlyMap<string, Render>;
  /** Variables it may look up. */
  readonly names: ReadonlySet<string>;
  /** Uses without which it certainly fails; globals are not left out. */
  readonly sure: readonly NameUse[];
  /** What stands in it outside of all tags. */
  readonly texts: ReadonlySet<string>;
  /** It calls methods that change their object. */
  readonly mutates: boolean;
}

/** Deepest chain of includes and extends. */
const MAX_DEPTH = 50;

/** Renders a template on its own: the pieces it put out, in order. */
export function runProgram(program: Program, variables: Scope, environment: Environment, load: Rendering['load']): Sink {
  const own = program.mutates ? new CopyingScope(variables) : variables;
  const rendering: Rendering = { environment, variables: own, load, depth: 0 };
  const out: Sink = [];
  runIn(program, new Frame(rendering, own), out);
  return out;
}

/** Renders a template in a frame of its own top level, its parents included. */
export function runIn(program: Program, frame: Frame, out: Sink): void {
  const { rendering } = frame;
  if (++rendering.depth > MAX_DEPTH) throw new ExpressionError('templates include each other endlessly');
  // Children come first, so what is there already overrides what comes now.
  for (const [name, render] of program.blocks) frame.blocks.set(name, append(frame.blocks.get(name), render));
  frame.bound.set('self', new SelfBlocks(frame));
  const own: Sink = [];
  program.body(frame, own);
  const parent = frame.extending;
  frame.extending = undefined;
  if (parent) runIn(parent, frame, out);
  else for (const piece of own) out.push(piece);
  rendering.depth--;
}

function append(chain: Frame['blocks'] extends Map<string, infer C> ? C | undefined : never, render: Render): NonNullable<typeof chain> {
  return chain ? { render: chain.render, parent: append(chain.parent, render) } : { render, parent: undefined };
}

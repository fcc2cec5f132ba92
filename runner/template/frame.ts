import { toText } from '../expr/convert.ts';
import type { Environment, Scope } from '../expr/scope.ts';
import type { Value } from '../expr/value.ts';
import type { Program } from './program.ts';

/** Where a template's text goes, in pieces; values keep their nature until all is known. */
export type Sink = Value[];

/** Text of what was put out; None is nothing. */
export function sinkText(out: Sink): string {
  let text = '';
  for (const piece of out) text += piece === null ? '' : toText(piece);
  return text;
}

/** A compiled piece of a template. */
export type Render = (frame: Frame, out: Sink) => void;

/** A block of a template, with what it overrides. */
export interface BlockChain {
  readonly render: Render;
  readonly parent: BlockChain | undefined;
}

/** What is shared by everything that one rendering touches. */
export interface Rendering {
  readonly environment: Environment;
  /** The variables from outside. */
  readonly variables: Scope;
  /** Finds and compiles another template. */
  readonly load: (name: string) => Program | undefined;
  /** Includes and imports under way, against endless recursion. */
  depth: number;
}

/** Names bound by the template itself, over those of its parent. */
export class Frame implements Scope {
  readonly rendering: Rendering;
  readonly parent: Scope;
  /** Frame of the template's top level: its names are what an import brings. */
  readonly top: Frame;
  readonly blocks: Map<string, BlockChain>;
  readonly bound = new Map<string, Value>();
  /** Set by `extends`: the parent is rendered in the end and text outside of blocks is dropped. */
  extending: Program | undefined;

  constructor(rendering: Rendering, parent: Scope, top?: Frame) {
    this.rendering = rendering;
    this.parent = parent;
    this.top = top ?? this;
    this.blocks = top?.blocks ?? new Map();
  }

  lookup(name: string): Value | undefined {
    const own = this.bound.get(name);
    return own === undefined ? this.parent.lookup(name) : own;
  }

  *names(): Iterable<string> {
    yield* this.bound.keys();
    yield* this.parent.names?.() ?? [];
  }

  /** A scope inside this one, as loops and macros have. */
  inner(): Frame {
    return new Frame(this.rendering, this, this.top);
  }
}

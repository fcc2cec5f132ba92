import { ExpressionError } from '../expr/errors.ts';
import { Callable, Opaque, type Value } from '../expr/value.ts';
import { sinkText, type BlockChain, type Frame, type Sink } from './frame.ts';

/** The `self` variable: every block of the template by its name. */
export class SelfBlocks extends Opaque {
  override readonly typeName = 'TemplateReference';
  readonly #frame: Frame;
  constructor(frame: Frame) {
    super();
    this.#frame = frame;
  }
  override attribute(name: string): Value | undefined {
    const chain = this.#frame.blocks.get(name);
    if (!chain) return undefined;
    return new Callable(name, () => {
      const out: Sink = [];
      new SuperBlock(chain, this.#frame).render(out);
      return sinkText(out);
    });
  }
  override text(): string {
    return '<TemplateReference>';
  }
}

/** One level of an inherited block: renders itself with `super()` bound to the level above. */
export class SuperBlock {
  readonly #chain: BlockChain;
  readonly #frame: Frame;

  constructor(chain: BlockChain, frame: Frame) {
    this.#chain = chain;
    this.#frame = frame;
  }

  render(out: Sink): void {
    const inner = this.#frame.inner();
    inner.bound.set('super', new Callable('super', () => this.#parentText()));
    this.#chain.render(inner, out);
  }

  #parentText(): Value {
    const { parent } = this.#chain;
    if (!parent) throw new ExpressionError('there is no parent block');
    const out: Sink = [];
    new SuperBlock(parent, this.#frame).render(out);
    return sinkText(out);
  }
}

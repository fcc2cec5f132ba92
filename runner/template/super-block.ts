import { ExpressionError } from '../expr/errors.ts';
import { Callable, type Value } from '../expr/value.ts';
import { sinkText, type BlockChain, type Frame, type Sink } from './frame.ts';

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

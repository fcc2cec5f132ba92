import { repr } from './text.ts';
import { Opaque, type Value } from './value.ts';

/** Jinja's `namespace()`: an object whose attributes `set` can change, also from inside a loop. */
export class Namespace extends Opaque {
  override readonly typeName = 'Namespace';
  readonly values: Map<Value, Value>;
  constructor(values: Map<Value, Value>) {
    super();
    this.values = values;
  }
  override attribute(name: string): Value | undefined {
    return this.values.get(name);
  }
  override text(): string {
    return `<Namespace ${repr(this.values)}>`;
  }
}

import { compareValues } from '../comparison.ts';
import { items } from '../dict-methods.ts';
import { ExpressionError, UndefinedError, UnknownValueError } from '../errors.ts';
import { isFloat, numeric } from '../numbers.ts';
import { floatText, typeName } from '../text.ts';
import { isList, isMapping, Opaque, Undefined, Unknown, type Mapping, type Value } from '../value.ts';
import { YamlEmitter } from './yaml-emitter.ts';

/** How PyYAML's `dump` writes. */
export interface YamlStyle {
  readonly indent: number;
  readonly width: number;
  readonly sortKeys: boolean;
  /** `[a, b]` for all collections, for none, or (null) for those that hold only scalars. */
  readonly flow: boolean | null;
  readonly explicitStart: boolean;
  readonly explicitEnd: boolean;
  /** The quotes of every scalar; null where each has the style that it needs. */
  readonly quotes: "'" | '"' | null;
}

/** Writes a value as PyYAML's `dump` does, byte for byte. */
export function writeYaml(value: Value, style: YamlStyle): string {
  return new Writer(style).document(value);
}

class Writer {
  readonly #style: YamlStyle;
  readonly #emitter: YamlEmitter;
  readonly #indent: number;
  readonly #anchors = new Map<object, string | undefined>();
  readonly #written = new Set<object>();

  constructor(style: YamlStyle) {
    this.#style = style;
    this.#indent = style.indent > 1 && style.indent < 10 ? style.indent : 2;
    this.#emitter = new YamlEmitter(style.width > this.#indent * 2 ? style.width : 80);
  }

  document(value: Value): string {
    this.#count(value);
    const emitter = this.#emitter;
    if (this.#style.explicitStart) {
      emitter.indent(0);
      emitter.indicator('---', true);
    }
    this.#node(value, -1, false, 0);
    emitter.indent(0);
    if (this.#style.explicitEnd) {
      emitter.indicator('...', true);
      emitter.indent(0);
    }
    if (!emitter.text.endsWith('\n')) emitter.lineBreak();
    return emitter.text;
  }

  /** Finds the collections that stand in several places: they get an anchor. */
  #count(value: Value): void {
    if (!isList(value) && !isMapping(value)) return;
    if (this.#anchors.has(value)) {
      this.#anchors.set(value, '');
      return;
    }
    this.#anchors.set(value, undefined);
    for (const each of isList(value) ? value : items(value).flat()) this.#count(each);
  }

  /** Marks a collection that stands in several places; true when it was written before and the mark says it all. */
  #anchor(value: object): boolean {
    const known = this.#anchors.get(value);
    if (known === undefined) return false;
    if (!this.#written.has(value)) {
      this.#written.add(value);
      const name = `id${String(this.#written.size).padStart(3, '0')}`;
      this.#anchors.set(value, name);
      this.#emitter.indicator(`&${name}`, true);
      return false;
    }
    this.#emitter.indicator(`*${known}`, true);
    return true;
  }

  /** Writes a value. `indent` is the column of the collection around it. */
  #node(value: Value, indent: number, inMapping: boolean, flowLevel: number): void {
    if (isList(value) || isMapping(value)) {
      if (this.#anchor(value)) return;
      const size = isList(value) ? value.length : value.size;
      const flow = flowLevel > 0 || size === 0 || (this.#style.flow ?? isFlat(value));
      if (isList(value)) this.#sequence(value, indent, inMapping, flow, flowLevel);
      else this.#mapping(value, indent, flow, flowLevel);
      return;
    }
    this.#scalar(value, this.#deeper(indent, flowLevel > 0 || indent === -1), flowLevel > 0, false);
  }

  #deeper(indent: number, flow: boolean): number {
    return indent === -1 ? (flow ? this.#indent : 0) : indent + this.#indent;
  }

  #scalar(value: Value, indent: number, inFlow: boolean, isKey: boolean): void {
    const { quotes } = this.#style;
    if (quotes !== null) {
      // In quotes, what is no text would be read back as text: PyYAML marks it with an empty tag.
      if (typeof value !== 'string') this.#emitter.indicator('!', true);
      this.#emitter.scalar(typeof value === 'string' ? value : scalarText(value), quotes === '"' ? 'double' : 'single', indent, !isKey);
    } else if (typeof value === 'string') this.#emitter.string(value, indent, inFlow, isKey);
    else this.#emitter.scalar(scalarText(value), 'plain', indent, !isKey);
  }

  #sequence(list: readonly Value[], indent: number, inMapping: boolean, flow: boolean, flowLevel: number): void {
    const emitter = this.#emitter;
    if (flow) {
      const inner = this.#deeper(indent, true);
      emitter.indicator('[', true, true);
      for (const [index, each] of list.entries()) {
        if (index > 0) emitter.indicator(',', false);
        if (emitter.tooWide) emitter.indent(inner);
        this.#node(each, inner, false, flowLevel + 1);
      }
      emitter.indicator(']', false);
      return;
    }
    // A list in a dict is not indented against its key.
    const own = inMapping && !emitter.indention ? indent : this.#deeper(indent, false);
    for (const each of list) {
      emitter.indent(own);
      emitter.indicator('-', true, false, true);
      this.#node(each, own, false, 0);
    }
  }

  #mapping(dict: Mapping, indent: number, flow: boolean, flowLevel: number): void {
    const emitter = this.#emitter;
    const own = this.#deeper(indent, flow);
    if (flow) emitter.indicator('{', true, true);
    for (const [index, [key, value]] of this.#pairs(dict).entries()) {
      if (flow && index > 0) emitter.indicator(',', false);
      if (!flow || emitter.tooWide) emitter.indent(own);
      const simple = isSimpleKey(key);
      if (!simple) emitter.indicator('?', true, false, true);
      if (simple && !isList(key)) this.#scalar(key, own, flow, true);
      else this.#node(key, own, true, flow ? flowLevel + 1 : 0);
      if (!simple) emitter.indent(own);
      emitter.indicator(':', !simple, false, !simple);
      this.#node(value, own, true, flow ? flowLevel + 1 : 0);
    }
    if (flow) emitter.indicator('}', false);
  }

  #pairs(dict: Mapping): (readonly [Value, Value])[] {
    const pairs = items(dict).map(([key = null, value = null]) => [key, value] as const);
    if (!this.#style.sortKeys) return pairs;
    try {
      return pairs.toSorted(([a], [b]) => compareValues(a, b));
    } catch (error) {
      // Keys of mixed types keep their order.
      if (error instanceof ExpressionError) return pairs;
      throw error;
    }
  }
}

/** Keys of 128 characters and more, and those with line breaks, are written after a `?`. */
function isSimpleKey(key: Value): boolean {
  return typeof key === 'string' ? key.length < 128 && !key.includes('\n') : !isList(key);
}

/** Whether a collection holds only bare scalars, which is when PyYAML writes it on one line. */
function isFlat(value: readonly Value[] | Mapping): boolean {
  const inner = isList(value) ? value : items(value).flat();
  return inner.every((each) => !isList(each) && !isMapping(each));
}

function scalarText(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  const number = numeric(value);
  if (number) return isFloat(value) && 'float' in number ? floatScalar(number.float) : String('int' in number ? number.int : number.float);
  if (value instanceof Undefined) throw new UndefinedError(value.hint, value.at);
  if (value instanceof Unknown) throw new UnknownValueError(value);
  if (value instanceof Opaque) return value.text();
  throw new ExpressionError(`cannot represent an object of type '${typeName(value)}'`);
}

function floatScalar(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = floatText(value);
  return text.includes('.') ? text : text.replace('e', '.0e');
}

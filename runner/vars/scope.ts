import type { Environment, Scope } from '../expr/scope.ts';
import { UndefinedError } from '../expr/errors.ts';
import { Undefined, type Value } from '../expr/value.ts';
import { renderData } from '../template/render.ts';
import type { Tree } from '../template/tree.ts';

/** One level of precedence: trees are rendered when looked up, data is taken as it is. */
export type Layer =
  | { readonly kind: 'tree'; readonly vars: ReadonlyMap<string, Tree> }
  | { readonly kind: 'data'; readonly vars: ReadonlyMap<string, Value> }
  /** Computed names: JavaScript's undefined means "not mine". */
  | { readonly kind: 'computed'; lookup(name: string): Value | undefined; names(): Iterable<string> };

/** Variables in layers, strongest first; laid out when the first name is looked up, rendered lazily, each name at most once, cycles reported. */
export class LayeredScope implements Scope {
  readonly #layOut: () => readonly Layer[];
  #laidOut: readonly Layer[] | undefined;
  readonly #environment: Environment;
  readonly #rendered = new Map<string, Value>();
  readonly #rendering: string[] = [];

  readonly #mergesDicts: boolean;

  /** With `mergesDicts` a dict does not hide the dicts of the same name below it, but is merged over them. */
  constructor(layers: () => readonly Layer[], environment: Environment, mergesDicts = false) {
    this.#layOut = layers;
    this.#environment = environment;
    this.#mergesDicts = mergesDicts;
  }

  get #layers(): readonly Layer[] {
    return (this.#laidOut ??= this.#layOut());
  }

  lookup(name: string): Value | undefined {
    const known = this.#rendered.get(name);
    if (known !== undefined) return known;
    const merged = this.#mergesDicts ? this.#merge(name) : undefined;
    if (merged !== undefined) return merged;
    for (const layer of this.#layers) {
      if (layer.kind === 'computed') {
        const value = layer.lookup(name);
        if (value !== undefined) return value;
      } else if (layer.kind === 'data') {
        const value = layer.vars.get(name);
        if (value !== undefined) return value;
      } else {
        const tree = layer.vars.get(name);
        if (tree !== undefined) return this.#render(name, tree);
      }
    }
    return undefined;
  }

  /** Every name that some layer defines; for `vars`, debug output and templates that enumerate. */
  names(): Set<string> {
    const names = new Set<string>();
    for (const layer of this.#layers) {
      for (const name of layer.kind === 'computed' ? layer.names() : layer.vars.keys()) names.add(name);
    }
    return names;
  }

  /** A scope with more layers on top; what is already rendered below is not shared, since the new layers may shadow its inputs. */
  with(...layers: readonly Layer[]): LayeredScope {
    return new LayeredScope(() => [...layers, ...this.#layers], this.#environment, this.#mergesDicts);
  }

  /** The dicts of a name, merged; undefined unless there are two or more. */
  #merge(name: string): Value | undefined {
    const dicts: (() => Value)[] = [];
    for (const layer of this.#layers) {
      const found = layer.kind === 'computed' ? layer.lookup(name) : layer.vars.get(name);
      if (found === undefined) continue;
      // Whatever is no dict, or is worked out, ends the row: it hides what is below.
      if (layer.kind === 'computed' || Object.getPrototypeOf(found) !== Map.prototype) break;
      dicts.push(layer.kind === 'tree' ? () => this.#render(name, found as Tree) : () => found as Value);
    }
    if (dicts.length < 2) return undefined;
    const merged = dicts.map((each) => each()).reduceRight(mergeDicts);
    this.#rendered.set(name, merged);
    return merged;
  }

  #render(name: string, tree: Tree): Value {
    if (this.#rendering.includes(name)) {
      throw new RecursiveVariable([...this.#rendering.slice(this.#rendering.indexOf(name)), name]);
    }
    this.#rendering.push(name);
    try {
      const value = renderData(tree, this, this.#environment);
      this.#rendered.set(name, value);
      return value;
    } catch (error) {
      // A variable made of an undefined one is undefined itself: `default` and `is defined` may still catch it.
      if (error instanceof UndefinedError) return new Undefined(error.message, error.span);
      throw error;
    } finally {
      this.#rendering.pop();
    }
  }
}

/** Two dicts as one, dicts in both again merged; in everything else the stronger one counts. */
function mergeDicts(weaker: Value, stronger: Value): Value {
  if (!(weaker instanceof Map) || !(stronger instanceof Map)) return stronger;
  const merged = new Map<Value, Value>(weaker);
  for (const [key, value] of stronger as ReadonlyMap<Value, Value>) {
    const below = merged.get(key);
    merged.set(key, below === undefined ? value : mergeDicts(below, value));
  }
  return merged;
}

/** Variables that are defined by each other. */
export class RecursiveVariable extends Error {
  override readonly name = 'RecursiveVariable';
  constructor(path: readonly string[]) {
    super(`variables refer to each other in a circle: ${path.join(' → ')}`);
  }
}

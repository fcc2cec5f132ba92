import { floatText } from '../expr/text.ts';
import { Float } from '../expr/value.ts';
import { VaultText } from '../template/tree.ts';
import { writeText } from './dump-text.ts';
import { sortedKeys, type Plain, type PlainKey } from './plain.ts';

/** A key of more bytes is written behind `?`: readers need not look further ahead than 1,024 for the colon. */
const LONGEST_KEY = 128;

/** YAML as PyYAML writes it over libyaml: block style, keys sorted, what occurs twice as anchor and alias. No final newline. */
export function dumpYaml(value: Plain): string {
  const writer = new YamlWriter(value);
  writer.node(value, 0, '');
  return writer.text();
}

type PlainMap = ReadonlyMap<PlainKey, Plain>;

class YamlWriter {
  readonly #names = new Map<object, string>();
  readonly #written = new Set<object>();
  #out = '';
  #column = 0;

  constructor(root: Plain) {
    const seen = new Set<object>();
    const visit = (value: Plain): void => {
      if (typeof value !== 'object' || value === null || value instanceof Float) return;
      if (seen.has(value)) {
        // Numbered in the order of the second meetings.
        if (!this.#names.has(value)) this.#names.set(value, `id${String(this.#names.size + 1).padStart(3, '0')}`);
        return;
      }
      seen.add(value);
      if (value instanceof Map) for (const key of sortedKeys(value)) visit((value as PlainMap).get(key) ?? null);
      else if (Array.isArray(value)) value.forEach(visit);
    };
    visit(root);
  }

  text(): string {
    return this.#out.trimStart();
  }

  /** Writes a value behind `lead` (`- ` needs the first entry on the same line, `key:` a new line). */
  node(value: Plain, indent: number, lead: '' | '-' | ':'): void {
    // Behind a key, what goes on in further lines stands two columns further right; lists of dicts do not.
    const inner = lead === ':' ? indent + 2 : indent;
    if (typeof value !== 'object' || value === null || value instanceof Float) {
      this.#put(' ');
      this.#put(typeof value === 'string' ? writeText(value, { column: this.#column, indent: inner, isKey: false }) : scalarText(value));
      return;
    }
    const name = this.#names.get(value);
    if (name !== undefined && this.#written.has(value)) {
      this.#put(` *${name}`);
      return;
    }
    this.#written.add(value);
    if (name !== undefined) this.#put(` &${name}`);
    if (value instanceof VaultText) this.#vault(value, inner);
    else if (value instanceof Map) this.#mapping(value, inner, lead === '-' && name === undefined);
    else this.#sequence(value as readonly Plain[], indent, lead === '-' && name === undefined);
  }

  #mapping(map: PlainMap, indent: number, inline: boolean): void {
    if (map.size === 0) this.#put(' {}');
    for (const [index, key] of sortedKeys(map).entries()) {
      if (index === 0 && inline) this.#put(' ');
      else this.#line(indent);
      const long = typeof key === 'string' && Buffer.byteLength(key) > LONGEST_KEY;
      if (long) this.#put('? ');
      const place = long ? { column: this.#column, indent: indent + 2, isKey: false } : { column: this.#column, indent, isKey: true };
      this.#put(typeof key === 'string' ? writeText(key, place) : scalarText(key));
      if (long) this.#line(indent);
      this.#put(':');
      if (long) this.node(map.get(key) ?? null, indent + 2, '-');
      else this.node(map.get(key) ?? null, indent, ':');
    }
  }

  #sequence(items: readonly Plain[], indent: number, inline: boolean): void {
    if (items.length === 0) this.#put(' []');
    for (const [index, item] of items.entries()) {
      if (index === 0 && inline) this.#put(' ');
      else this.#line(indent);
      this.#put('-');
      this.node(item, indent + 2, '-');
    }
  }

  #vault(vault: VaultText, indent: number): void {
    const lines = vault.text.replace(/\n+$/, '').split('\n');
    const trailing = /\n+$/.exec(vault.text)?.[0].length ?? 0;
    this.#put(` !vault |${trailing === 0 ? '-' : trailing > 1 ? '+' : ''}`);
    for (const line of lines) {
      this.#line(indent);
      this.#put(line);
    }
    if (trailing > 1) this.#put('\n'.repeat(trailing - 1));
  }

  #line(indent: number): void {
    this.#put(`\n${' '.repeat(indent)}`);
  }

  #put(text: string): void {
    this.#out += text;
    const newline = text.lastIndexOf('\n');
    this.#column = newline === -1 ? this.#column + Array.from(text).length : Array.from(text.slice(newline + 1)).length;
  }
}

function scalarText(value: null | boolean | number | bigint | Float): string {
  const number = value instanceof Float ? value.value : value;
  if (typeof number !== 'number' || (!(value instanceof Float) && Number.isInteger(number))) return String(number);
  if (Number.isNaN(number)) return '.nan';
  if (!Number.isFinite(number)) return number > 0 ? '.inf' : '-.inf';
  const text = floatText(number);
  // YAML 1.1 knows no `1e-05`.
  return text.includes('.') ? text : text.replace('e', '.0e');
}

import { isAlias, isMap, isScalar, isSeq, type Alias, type Node as AstNode, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { problem, warning, type Diagnostic } from './diagnostic.ts';
import type { SourceFile } from './file.ts';
import type { Span } from './span.ts';
import { unquotedTemplate } from './yaml-error.ts';
import { AlignedOrigin, ExactOrigin } from './yaml-origin.ts';
import type { YamlMapping, YamlNode, YamlScalar } from './yaml-node.ts';
import { resolvePlain, resolveTagged } from './yaml-scalar.ts';
import { own } from '../util/own.ts';

/** Nodes that aliases and merges of one file may stand for, all taken together: enough for any playbook, a wall for alias bombs. */
const EXPANSION_LIMIT = 250_000;
const CORE = 'tag:yaml.org,2002:';
const CORE_TAGS: ReadonlySet<string> = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq', 'timestamp']);
const STYLES: Readonly<Record<string, YamlScalar['style']>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};
type Entry = YamlMapping['entries'][number];

/** Turns one parsed document into our nodes: values resolved, aliases followed, merge keys merged. */
export class YamlBuilder {
  readonly #file: SourceFile;
  readonly #diagnostics: Diagnostic[];
  /** Anchors seen so far; undefined while the anchored node itself is being built. */
  readonly #anchors = new Map<string, YamlNode | undefined>();
  /** How many nodes a node stands for once aliases are written out. */
  readonly #weights = new Map<YamlNode, number>();
  #expanded = 0;

  constructor(file: SourceFile, diagnostics: Diagnostic[]) {
    this.#file = file;
    this.#diagnostics = diagnostics;
  }

  /** `place` is where an empty value stands. */
  build(node: AstNode | null, place: number, unsafe = false): YamlNode {
    if (node === null) return this.#scalar(null, 'plain', place, place);
    if (isAlias(node)) return this.#alias(node);
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
    const built = isScalar(node) ? this.#buildScalar(node, unsafe) : this.#collection(node, unsafe);
    if (anchor !== undefined) this.#anchors.set(anchor, built);
    return built;
  }

  #collection(node: AstNode, unsafe: boolean): YamlNode {
    const tag = node.tag;
    const inner = unsafe || tag === '!unsafe';
    if (tag !== undefined && tag !== '!unsafe' && tag !== `${CORE}map` && tag !== `${CORE}seq`) this.#unknownTag(tag, node);
    if (isMap(node)) return this.#mapping(node, inner);
    const [start] = this.#range(node);
    const items = isSeq(node) ? node.items.map((item) => (isPair(item) ? this.#pairItem(item, start) : this.build(item as AstNode | null, start, inner))) : [];
    return this.#weigh({ kind: 'sequence', items, span: this.#span(node) }, items);
  }

  /** `[a: b]` is a list of one dict. */
  #pairItem(pair: Pair, place: number): YamlNode {
    const entries = this.#entry(pair, place, false);
    return { kind: 'mapping', entries: entries ? [entries] : [], span: entries?.key.span ?? { file: this.#file, start: place, end: place } };
  }

  #mapping(node: YAMLMap, unsafe: boolean): YamlNode {
    const [start] = this.#range(node);
    const own = new Map<string, Entry>();
    const merged = new Map<string, Entry>();
    for (const pair of node.items) {
      if (isMergeKey(pair)) {
        this.#merge(this.build(pair.value as AstNode | null, start, unsafe), merged);
        continue;
      }
      const entry = this.#entry(pair, start, unsafe);
      // Read on as if it had been quoted: one mistake, one complaint.
      if (!entry && this.#isTemplate(pair)) return this.#unquoted(node);
      if (!entry) continue;
      const key = keyText(entry.key);
      const first = own.get(key);
      if (first) this.#duplicate(entry.key, first.key);
      own.set(key, entry);
    }
    // As in PyYAML, merged keys come first and keys written out win.
    const all = merged.size === 0 ? own : new Map([...merged, ...own]);
    const entries = [...all.values()];
    return this.#weigh(
      { kind: 'mapping', entries, span: this.#span(node) },
      entries.map((entry) => entry.value),
    );
  }

  #entry(pair: Pair, place: number, unsafe: boolean): Entry | undefined {
    const keyNode = pair.key as AstNode | null;
    const [start, end] = keyNode === null ? [place, place] : this.#range(keyNode);
    const key = this.build(keyNode, start);
    if (key.kind !== 'scalar') {
      if (!this.#isTemplate(pair))
        this.#diagnostics.push(problem('yaml-key', 'a key must be a plain value, not a list or mapping', { file: this.#file, start, end }, 'quote the key'));
      return undefined;
    }
    return { key, value: this.build(pair.value as AstNode | null, end, unsafe) };
  }

  /** `{{ x }}` without quotes: a mapping whose first key is a mapping. */
  #isTemplate(pair: Pair): boolean {
    return isMap(pair.key) && this.#file.text.startsWith('{{', this.#range(pair.key)[0] - 1);
  }

  #unquoted(node: YAMLMap): YamlScalar {
    const [start, end] = this.#range(node);
    this.#diagnostics.push(unquotedTemplate(this.#file, start, end));
    return this.#scalar(this.#file.text.slice(start, end), 'plain', start, end);
  }

  #merge(value: YamlNode, into: Map<string, Entry>): void {
    const sources = value.kind === 'sequence' ? value.items.toReversed() : [value];
    for (const source of sources) {
      if (source.kind !== 'mapping') {
        this.#diagnostics.push(
          problem('yaml-merge', "'<<' merges a mapping or a list of mappings", source.span, "write '<<: *name' with the name of an anchored mapping"),
        );
        continue;
      }
      if (!this.#spend(source.entries.length, source.span)) return;
      for (const entry of source.entries) into.set(keyText(entry.key), entry);
    }
  }

  #alias(node: Alias): YamlNode {
    const [start, end] = this.#range(node);
    const span = { file: this.#file, start, end };
    const target = this.#anchors.get(node.source);
    if (target && this.#spend(this.#weights.get(target) ?? 1, span)) return target;
    if (!target) {
      const itself = this.#anchors.has(node.source);
      const message = itself ? `'*${node.source}' stands inside the very thing it refers to` : `there is no anchor '&${node.source}' before this alias`;
      this.#diagnostics.push(problem('yaml-alias', message, span, itself ? 'write the value out' : 'quote the value if it is meant as text'));
    }
    return this.#scalar(null, 'plain', start, end);
  }

  /** False, with one diagnostic, once the file's aliases stand for more nodes than anyone would write. */
  #spend(weight: number, span: Span): boolean {
    const before = this.#expanded;
    this.#expanded += weight;
    if (this.#expanded <= EXPANSION_LIMIT) return true;
    if (before <= EXPANSION_LIMIT)
      this.#diagnostics.push(problem('yaml-alias-limit', `the aliases of this file stand for more than ${EXPANSION_LIMIT} values`, span));
    return false;
  }

  #buildScalar(node: Scalar, unsafe: boolean): YamlScalar {
    const [start, end] = this.#range(node);
    const style = own(STYLES, node.type ?? 'PLAIN') ?? 'plain';
    const text = typeof node.source === 'string' ? node.source : '';
    const tag = node.tag;
    if (tag === '!vault' || tag === '!vault-encrypted') return this.#scalar(text, style, start, end, '!vault');
    if (tag === '!unsafe' || (unsafe && tag === undefined))
      return this.#scalar(tag === undefined && style === 'plain' ? resolvePlain(text) : text, style, start, end, '!unsafe');
    if (tag === undefined) return this.#scalar(style === 'plain' ? resolvePlain(text) : text, style, start, end);
    if (tag === '!') return this.#scalar(text, style, start, end);
    const value = tag.startsWith(CORE) ? resolveTagged(tag.slice(CORE.length), text) : undefined;
    if (value === undefined) this.#unknownTag(tag, node);
    return this.#scalar(value === undefined ? text : value, style, start, end);
  }

  #scalar(value: YamlScalar['value'], style: YamlScalar['style'], start: number, end: number, tag?: YamlScalar['tag']): YamlScalar {
    const file = this.#file;
    return {
      kind: 'scalar',
      value,
      style,
      ...(tag && { tag }),
      span: { file, start, end: Math.max(start, end) },
      origin: originOf(file, value, style, start, end),
    };
  }

  #unknownTag(tag: string, node: AstNode): void {
    const shown = tag.startsWith(CORE) ? `!!${tag.slice(CORE.length)}` : tag;
    const [start, end] = this.#range(node);
    const at = Math.max(0, this.#file.text.lastIndexOf(shown, start));
    const span = this.#file.text.startsWith(shown, at) ? { file: this.#file, start: at, end: at + shown.length } : { file: this.#file, start, end };
    const known = tag.startsWith(CORE) && CORE_TAGS.has(tag.slice(CORE.length));
    this.#diagnostics.push(
      problem(
        'yaml-tag',
        known ? `this value does not fit the tag '${shown}'` : `the tag '${shown}' is not known`,
        span,
        "only '!vault' and '!unsafe' have a meaning in playbooks; quote the value if it begins with '!'",
      ),
    );
  }

  #duplicate(key: YamlScalar, first: YamlScalar): void {
    const found = warning('duplicate-key', `the key '${keyText(key).slice(1)}' is written twice, and the last one counts`, key.span, 'remove one of them');
    this.#diagnostics.push({ ...found, related: [{ message: 'the first one', span: first.span }] });
  }

  #weigh(node: YamlNode, children: readonly YamlNode[]): YamlNode {
    this.#weights.set(
      node,
      children.reduce((sum, child) => sum + (this.#weights.get(child) ?? 1), 1),
    );
    return node;
  }

  #range(node: AstNode): [number, number] {
    return [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
  }

  #span(node: AstNode): Span {
    const [start, end] = this.#range(node);
    return { file: this.#file, start, end: Math.max(start, end) };
  }
}

function isPair(item: unknown): item is Pair {
  return typeof item === 'object' && item !== null && 'key' in item && !isMap(item) && !isSeq(item) && !isScalar(item) && !isAlias(item);
}

function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.type === 'PLAIN' && pair.key.source === '<<' && pair.key.tag === undefined;
}

/** Tells keys of different types apart: `1` and `'1'`. */
function keyText({ value }: YamlScalar): string {
  if (typeof value === 'string') return `s${value}`;
  return typeof value === 'object' && value !== null ? `f${value.float}` : `${(typeof value)[0]}${value}`;
}

function originOf(file: SourceFile, value: YamlScalar['value'], style: YamlScalar['style'], start: number, end: number): YamlScalar['origin'] {
  if (typeof value !== 'string') return new ExactOrigin(file, start);
  const quote = style === 'single' || style === 'double' ? 1 : 0;
  if (style !== 'literal' && style !== 'folded' && end - start === value.length + 2 * quote) return new ExactOrigin(file, start + quote);
  if (style !== 'literal' && style !== 'folded') return new AlignedOrigin(file, value, start + quote, end - quote, style);
  const header = file.text.indexOf('\n', start);
  return new AlignedOrigin(file, value, header === -1 ? end : header + 1, end, style);
}

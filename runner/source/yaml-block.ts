import type { SourceFile } from './file.ts';
import { ExactOrigin } from './yaml-origin.ts';
import type { YamlMapping, YamlNode, YamlScalar } from './yaml-node.ts';
import { resolvePlain } from './yaml-scalar.ts';

/** A line of a mapping with nothing on it that could mean anything else: blanks, a key, and perhaps a plain or a simple quoted value. */
const LINE = /( *)([A-Za-z0-9_][A-Za-z0-9_./-]*):(?: ([A-Za-z0-9_/](?:[A-Za-z0-9_./@+=,-]|:(?=[A-Za-z0-9_./])| (?=[A-Za-z0-9_./@+=]))*|"[ !#-[\]-~]*"|'[ -&(-~]*'))?(?:\n|$)/y;

/** A line without content. A comment further in may count as part of what stands before it. */
const EMPTY = /(?:#[^\n\r]*)?\n/y;

/** Levels that nobody writes by hand. */
const MAX_DEPTH = 50;

interface Level {
  readonly indent: number;
  readonly entries: YamlMapping['entries'][number][];
  readonly keys: Set<unknown>;
  readonly start: number;
}

/**
 * Reads a text that is one block mapping of mappings and plain values, as large inventories are; undefined for everything else, which is
 * for the parser of the whole language. It gives what that would, some five times as fast (test/source/yaml-block.test.ts holds it to that).
 */
export function readBlockMapping(file: SourceFile): YamlMapping | undefined {
  const { text } = file;
  const open: Level[] = [];
  /** A key whose value is still to come, or is nothing. */
  let pending: YamlScalar | undefined;
  /** Whether lines without content came behind it. */
  let gap = false;
  let end = 0;
  let at = text.startsWith('---\n') ? 4 : 0;

  /** Gives the key that waits its value. */
  const give = (value: YamlNode): void => {
    open.at(-1)?.entries.push({ key: pending!, value });
    pending = undefined;
  };
  /** Gives nothing to a key that waits. Where a comment may count as part of that nothing, this is not the one to say: false. */
  const nothing = (): boolean => {
    if (!pending) return true;
    end = pending.span.end + 1;
    give(plain(file, '', end, end));
    return !gap;
  };
  const close = (): YamlMapping => {
    const { start, entries } = open.pop()!;
    return { kind: 'mapping', entries, span: { file, start, end } };
  };
  const waiting: YamlScalar[] = [];

  while (at < text.length) {
    EMPTY.lastIndex = at;
    if (EMPTY.test(text)) {
      at = EMPTY.lastIndex;
      gap = true;
      continue;
    }
    LINE.lastIndex = at;
    const line = LINE.exec(text);
    if (line === null) return undefined;
    const indent = line[1]!.length;
    const name = line[2]!;
    const value = line[3];
    const start = at + indent;
    at = LINE.lastIndex;
    if (indent > (open.at(-1)?.indent ?? -1)) {
      // Deeper: only below a key that has no value of its own.
      if (open.length > 0 && !pending) return undefined;
      if (open.length > MAX_DEPTH) return undefined;
      if (pending) waiting.push(pending);
      pending = undefined;
      open.push({ indent, entries: [], keys: new Set(), start });
    } else {
      if (!nothing()) return undefined;
      while (open.at(-1)!.indent > indent) {
        const mapping = close();
        if (open.length === 0) return undefined;
        pending = waiting.pop()!;
        give(mapping);
      }
      if (open.at(-1)!.indent !== indent) return undefined;
    }
    const key = plain(file, name, start, start + name.length);
    const { keys } = open.at(-1)!;
    // A key that is there twice is worth a word: the other parser has it.
    if (typeof key.value === 'object' || keys.has(key.value)) return undefined;
    keys.add(key.value);
    pending = key;
    gap = false;
    if (value === undefined) continue;
    const from = start + name.length + 2;
    give(value.startsWith('"') || value.startsWith("'") ? quoted(file, value, from) : plain(file, value, from, from + value.length));
    end = at;
  }
  if (open.length === 0) return undefined;
  if (!nothing()) return undefined;
  while (open.length > 1) {
    const mapping = close();
    pending = waiting.pop()!;
    give(mapping);
  }
  return close();
}

/** A value between quotes that stands for itself. */
function quoted(file: SourceFile, text: string, start: number): YamlScalar {
  const style = text.startsWith('"') ? 'double' : 'single';
  return { kind: 'scalar', value: text.slice(1, -1), style, span: { file, start, end: start + text.length }, origin: new ExactOrigin(file, start + 1) };
}

function plain(file: SourceFile, text: string, start: number, end: number): YamlScalar {
  return { kind: 'scalar', value: resolvePlain(text), style: 'plain', span: { file, start, end }, origin: new ExactOrigin(file, start) };
}

import { Tuple, type Value } from '../expr/value.ts';
import { didYouMean } from '../util/suggest.ts';
import type { Span } from '../source/span.ts';
import type { Tree } from '../template/tree.ts';
import { addChild, addGroup, addHost, setGroupVar } from './change.ts';
import { pythonLiteral } from '../expr/python-literal.ts';
import { hostNames } from './range.ts';
import { splitWords } from './shell-words.ts';
import { checkGroupName, plainTemplate, refuse, type Reading } from './source.ts';

const SECTION = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/u;
const GROUP_NAME = /^([^:\]\s]+)\s*(?:#.*)?$/u;
const KINDS = ['hosts', 'children', 'vars'];
/** Where Python's `splitlines` ends a line. */
const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

/** A group that was used before the section that declares it. */
interface Pending {
  readonly kind: 'vars' | 'children';
  readonly at: Span;
  /** Groups waiting for it as a child. */
  readonly parents: string[];
}

/** Reads an inventory in Ansible's INI dialect into the reading's inventory; never throws, everything wrong is a diagnostic. */
export function readIni(reading: Reading): void {
  const reader = new IniReader(reading);
  let start = 0;
  const { text } = reading.file;
  for (const end of text.matchAll(LINE_END)) {
    reader.line(text.slice(start, end.index), start);
    start = end.index + end[0].length;
  }
  reader.line(text.slice(start), start);
  reader.end();
}

class IniReader {
  readonly #reading: Reading;
  readonly #pending = new Map<string, Pending>();
  #group = 'ungrouped';
  #kind = 'hosts';

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  line(text: string, lineStart: number): void {
    const line = text.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) return;
    const start = lineStart + text.indexOf(line);
    const section = SECTION.exec(line);
    if (section) this.#section(section[1] ?? '', section[2] ?? 'hosts', this.#span(start, line.length));
    else if (line.startsWith('[') && line.endsWith(']')) {
      refuse(this.#reading, 'inventory-section', `'${line}' is no section`, this.#span(start, line.length), 'write [group], [group:children] or [group:vars], without spaces');
    } else if (this.#kind === 'hosts') this.#hosts(line, start);
    else if (this.#kind === 'vars') this.#variable(line, start);
    else if (this.#kind === 'children') this.#child(line, start);
  }

  end(): void {
    for (const [name, { kind, at, parents }] of this.#pending) {
      const what = kind === 'vars' ? `[${name}:vars] sets variables of a group` : `[${parents.at(-1) ?? ''}:children] names a group`;
      const groups = [...this.#reading.inventory.groups.keys()].filter((each) => each !== name);
      const help = didYouMean(name, groups, `add a section [${name}]`);
      refuse(this.#reading, 'unknown-group', `${what} that is not declared: '${name}'`, at, help);
    }
  }

  #section(name: string, kind: string, at: Span): void {
    this.#kind = kind;
    this.#group = name;
    if (!KINDS.includes(kind)) {
      refuse(this.#reading, 'inventory-section', `the section [${name}:${kind}] has the unknown kind '${kind}'`, at, didYouMean(kind, KINDS, 'it must be children or vars'));
      return;
    }
    const { inventory } = this.#reading;
    if (!inventory.groups.has(name)) {
      checkGroupName(this.#reading, name, at);
      // Variables may come before their group, but some section must declare it in the end.
      if (kind === 'vars' && !this.#pending.has(name)) this.#pending.set(name, { kind, at, parents: [] });
      addGroup(inventory, name, at);
    }
    if (kind !== 'vars') this.#settle(name, at);
  }

  /** A group that was waited for has been declared. */
  #settle(name: string, at: Span): void {
    const waiting = this.#pending.get(name);
    if (!waiting) return;
    this.#pending.delete(name);
    for (const parent of waiting.parents) {
      this.#link(parent, name, waiting.at);
      if (this.#pending.get(parent)?.kind === 'children') this.#settle(parent, at);
    }
  }

  #hosts(line: string, start: number): void {
    const split = splitWords(line);
    if ('error' in split) {
      refuse(this.#reading, 'inventory-line', `this line cannot be split into words: ${split.error}`, this.#span(start + split.at, line.length - split.at), 'close it, or put the value into the other kind of quotes');
      return;
    }
    const [entry, ...assignments] = split.words;
    if (!entry) return;
    const at = this.#span(start, entry.end);
    const variables: [string, Tree][] = [];
    for (const word of assignments) {
      const equals = word.text.indexOf('=');
      if (equals === -1) {
        const help = 'a host line is NAME KEY=VALUE …; a value with spaces needs quotes';
        refuse(this.#reading, 'inventory-line', `'${word.text}' is not KEY=VALUE`, this.#span(start + word.start, word.end - word.start), help);
        return;
      }
      variables.push([word.text.slice(0, equals), this.#value(word.text.slice(equals + 1), start + word.start, start + word.end)]);
    }
    const named = hostNames(entry.text);
    if ('error' in named || named.hosts.some((host) => host.trim() === '---' || host === '')) {
      const why = 'error' in named ? named.error : entry.text === '' ? 'a host needs a name' : "'---' begins a YAML file, but this one is read as INI";
      refuse(this.#reading, 'host-name', why, at);
      return;
    }
    const { inventory, source, folder } = this.#reading;
    for (const name of named.hosts) {
      const host = addHost(inventory, name, { group: this.#group, source, folder, at, ...(named.port !== undefined && { port: named.port }) });
      for (const [key, value] of variables) host.vars.set(key, value);
    }
  }

  #variable(line: string, start: number): void {
    const equals = line.indexOf('=');
    if (equals === -1) {
      refuse(this.#reading, 'inventory-line', `'${line}' is not KEY=VALUE`, this.#span(start, line.length), `[${this.#group}:vars] holds one variable a line`);
      return;
    }
    const { inventory } = this.#reading;
    const key = line.slice(0, equals).trim();
    const value = this.#value(line.slice(equals + 1).trim(), start + equals + 1, start + line.length);
    const wrong = setGroupVar(inventory, addGroup(inventory, this.#group), key, value);
    if (wrong) refuse(this.#reading, 'group-priority', wrong, this.#span(start, line.length));
  }

  #child(line: string, start: number): void {
    const name = GROUP_NAME.exec(line)?.[1];
    const at = this.#span(start, name?.length ?? line.length);
    if (name === undefined) {
      refuse(this.#reading, 'inventory-line', `'${line}' is no name of a group`, at, `[${this.#group}:children] holds one group a line`);
      return;
    }
    if (this.#reading.inventory.groups.has(name)) {
      this.#link(this.#group, name, at);
      return;
    }
    const waiting = this.#pending.get(name);
    if (waiting) waiting.parents.push(this.#group);
    else this.#pending.set(name, { kind: 'children', at, parents: [this.#group] });
  }

  #link(parent: string, child: string, at: Span): void {
    const wrong = addChild(this.#reading.inventory, parent, child);
    if (wrong) refuse(this.#reading, 'group-loop', wrong, at, 'take one of the groups out of the [...:children] sections');
  }

  #value(text: string, start: number, end: number): Tree {
    // A template in braces would read as a Python set.
    const value = text.startsWith('{{') ? text : pythonLiteral(text);
    return withTemplates(value, (each) => plainTemplate(each, this.#reading.file, start, end));
  }

  #span(start: number, length: number): Span {
    return { file: this.#reading.file, start, end: start + length };
  }
}

function withTemplates(value: Tree, text: (text: string) => Tree): Tree {
  if (typeof value === 'string') return text(value);
  if (value instanceof Tuple) return Tuple.from(value as readonly Tree[], (each) => withTemplates(each, text) as Value) as Tree;
  if (Array.isArray(value)) return value.map((each: Tree) => withTemplates(each, text));
  if (value instanceof Map) return new Map([...value].map(([key, each]) => [key, withTemplates(each, text)]));
  return value;
}

import { problem } from '../source/diagnostic.ts';
import { spanAt, type Span } from '../source/span.ts';
import type { YamlNode, YamlScalar } from '../source/yaml-node.ts';
import type { Module } from '../task/registry.ts';
import { checkCondition } from '../template/render.ts';
import { TemplateText, type Tree } from '../template/tree.ts';
import type { Loading } from './load-context.ts';
import { parsePairs, splitArgs } from './split-args.ts';
import { keyText, isNothing, kindOf, type Field } from './yaml-fields.ts';
import { own } from '../util/own.ts';

interface Written {
  readonly word: string;
  readonly at: Span;
  readonly value: YamlNode;
  /** The task's `args:`; what stands in the call itself wins over it. */
  readonly extra: Field | undefined;
  readonly module: Module | undefined;
}

/** A call's parameters and where they stand. */
export interface CallArgs {
  readonly args: Tree;
  readonly nodes: ReadonlyMap<string, YamlNode>;
  readonly argSpans: ReadonlyMap<string, Span>;
}

/** Modules whose text is a command: only these keys are parameters in it, all other `a=b` belong to the command. */
const COMMANDS = new Set(['command', 'shell', 'raw', 'script']);
const COMMAND_OPTIONS = new Set(['creates', 'removes', 'chdir', 'executable', 'warn', 'stdin', 'stdin_add_newline', 'strip_empty_ends']);

/** The parameter that takes the free text of an include. */
const FREE_FORM: Readonly<Record<string, string>> = {
  import_playbook: 'file',
  include: 'file',
  include_tasks: 'file',
  import_tasks: 'file',
  include_role: 'name',
  import_role: 'name',
};

/** Reads a call's parameters: a mapping, `key=value` text, a command, or a template of the whole. Undefined after diagnostics. */
export function callArgs(written: Written, loading: Loading): CallArgs | undefined {
  const { at, value, extra, word, module } = written;
  const nodes = new Map<string, YamlNode>();
  const argSpans = new Map<string, Span>([['', at]]);
  const wholes: YamlNode[] = [];
  if (extra && !isNothing(extra.value) && !addMapping(extra.value, `'args'`, nodes, argSpans, wholes, loading)) return undefined;
  const freeForm = own(FREE_FORM, word) ?? module?.definition.freeForm;
  if (value.kind === 'scalar' && value.value !== null) {
    if (!addText(value, { word, freeForm, nodes, argSpans, wholes }, loading)) return undefined;
  } else if (value.kind === 'sequence' && freeForm !== undefined && module !== undefined) {
    nodes.set(freeForm, value);
  } else if (!isNothing(value) && !addMapping(value, `the parameters of '${word}'`, nodes, argSpans, wholes, loading)) {
    return undefined;
  }
  const raw = nodes.get('_raw_params');
  if (raw && freeForm !== undefined) {
    nodes.delete('_raw_params');
    if (!nodes.has(freeForm)) nodes.set(freeForm, raw);
  }
  const [whole] = wholes;
  if (whole && nodes.size > 0) {
    loading.report(problem('mixed-parameters', `the parameters of '${word}' are a template and written out at the same time`, whole.span, 'use one of them'));
    return undefined;
  }
  const expressions = new Set(module?.kind === 'control' ? module.definition.expressions : []);
  const treeOf = (name: string, node: YamlNode): Tree => (expressions.has(name) ? expressionTree(node, loading) : loading.tree(node));
  const args = whole ? loading.tree(whole) : new Map([...nodes].map(([name, node]) => [name, treeOf(name, node)] as const));
  return { args, nodes, argSpans };
}

/** A bare expression, or a list of them: texts that keep their place and are never rendered. */
function expressionTree(node: YamlNode, loading: Loading): Tree {
  if (node.kind === 'sequence') return node.items.map((item) => expressionTree(item, loading));
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return loading.tree(node);
  const text = new TemplateText(node.value, node.origin);
  for (const each of checkCondition(text, loading.environment)) loading.report(each);
  return text;
}

/** `action: copy src=a dest=b`, or `action: {module: copy, …}`: the module's word apart from its parameters. */
export function splitAction(field: Field, loading: Loading): { word: string; at: Span; value: YamlNode } | undefined {
  const { key, value } = field;
  if (value.kind === 'mapping') {
    const named = value.entries.find((entry) => entry.key.value === 'module');
    if (named?.value.kind === 'scalar' && typeof named.value.value === 'string') {
      const rest = value.entries.filter((entry) => entry !== named && entry.key.value !== 'args');
      const inner = value.entries.find((entry) => entry.key.value === 'args')?.value;
      const entries = inner?.kind === 'mapping' ? [...rest, ...inner.entries] : rest;
      return { word: named.value.value.trim(), at: named.value.span, value: { ...value, entries } };
    }
  }
  if (value.kind === 'scalar' && typeof value.value === 'string') {
    const [first, second] = splitArgs(value.value) ?? [];
    if (first) {
      const at = spanAt(value.origin, first.start, first.start + first.text.trim().length);
      return { word: first.text.trim(), at, value: second ? textFrom(value, value.value.slice(second.start), second.start) : { ...value, value: null } };
    }
  }
  loading.report(problem('wrong-type', `'${keyText(key)}' must name a module`, value.span, `write ${keyText(key)}: MODULE parameter=value`));
  return undefined;
}

function addMapping(node: YamlNode, what: string, nodes: Map<string, YamlNode>, spans: Map<string, Span>, wholes: YamlNode[], loading: Loading): boolean {
  if (node.kind === 'scalar' && typeof node.value === 'string' && node.value.includes('{{')) {
    wholes.push(node);
    return true;
  }
  if (node.kind !== 'mapping') {
    loading.report(problem('wrong-type', `${what} must be a mapping, not ${kindOf(node)}`, node.span, 'write one parameter: value a line'));
    return false;
  }
  for (const { key, value } of node.entries) {
    nodes.set(keyText(key), value);
    spans.set(keyText(key), key.span);
  }
  return true;
}

interface Target {
  readonly word: string;
  readonly freeForm: string | undefined;
  readonly nodes: Map<string, YamlNode>;
  readonly argSpans: Map<string, Span>;
  readonly wholes: YamlNode[];
}

function addText(scalar: YamlScalar, { word, freeForm, nodes, argSpans, wholes }: Target, loading: Loading): boolean {
  const text = typeof scalar.value === 'object' && scalar.value !== null ? String(scalar.value.float) : String(scalar.value);
  const read = parsePairs(text, COMMANDS.has(word) ? COMMAND_OPTIONS : undefined);
  if (!read) {
    loading.report(
      problem('unbalanced-text', 'a quote or a brace in this text is never closed', scalar.span, 'quote the whole value, or write the parameters as a mapping'),
    );
    return false;
  }
  for (const { key, value, keyStart, valueStart } of read.pairs) {
    nodes.set(key, textFrom(scalar, value, valueStart));
    argSpans.set(key, spanAt(scalar.origin, keyStart, keyStart + key.length));
  }
  if (read.rest === '') return true;
  const rest = textFrom(scalar, read.rest, read.restStart);
  if (freeForm !== undefined) {
    nodes.set(freeForm, rest);
    if (!argSpans.has(freeForm)) argSpans.set(freeForm, rest.span);
    return true;
  }
  if (read.rest.includes('{{')) {
    wholes.push(rest);
    return true;
  }
  const trimmed = read.rest.trim();
  loading.report(
    problem(
      'free-form',
      `'${word}' takes no free text: '${trimmed}'`,
      spanAt(scalar.origin, read.restStart, read.restStart + trimmed.length),
      /^[a-z_]+:\S/.test(trimmed) ? `write a space behind the colon: ${trimmed.replace(':', ': ')}` : `write ${word}: parameter=value, or a mapping`,
    ),
  );
  return false;
}

/** A part of a scalar as a scalar of its own, keeping its place. */
function textFrom(scalar: YamlScalar, value: string, start: number): YamlScalar {
  const { file } = scalar.origin;
  const origin = { file, at: (offset: number) => scalar.origin.at(start + offset) };
  return { ...scalar, value, origin, span: spanAt(scalar.origin, start, start + value.length) };
}

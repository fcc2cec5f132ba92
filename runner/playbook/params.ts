import type { z } from 'zod';
import { problem, type Diagnostic } from '../source/diagnostic.ts';
import type { Span } from '../source/span.ts';
import { didYouMean, nearest } from '../util/suggest.ts';
import { checked, fieldsOf } from '../task/params.ts';
import type { Module } from '../task/registry.ts';
import { TemplateText, type Tree } from '../template/tree.ts';
import type { Json } from '../util/json.ts';
import { coerce, coerceParams, propertiesWithAliases } from './coerce.ts';
import { dereference, expectation, jsonSchemaOf, type JsonSchema } from './json-schema.ts';
import { literalTree } from '../template/from-yaml.ts';
import { TASK_KEYWORDS } from './keywords.ts';
import { isTreeMap } from './literal.ts';

/** Checks what can be known of a task's parameters before the run: their names, the ones that must be there, and every literal value. */
export function checkParams(module: Module, args: Tree, argSpans: ReadonlyMap<string, Span>, at: Span): Diagnostic[] {
  if (args instanceof TemplateText) return [];
  const { name, params } = module.definition as { name: string; params: z.ZodType };
  if (!isTreeMap(args)) return [problem('wrong-type', `the parameters of '${name}' must be a mapping`, at)];
  const root = jsonSchemaOf(params);
  const schema = dereference(root, root);
  const named = checkNames(module, args.keys(), argSpans, at);
  const missing = (schema.required ?? [])
    .filter((each) => !given(args, each, schema.properties?.[each]))
    .map((each) => {
      const near = [...args.keys()].find((key) => nearest(each, [String(key)]) !== undefined && !propertiesWithAliases(schema).has(String(key)));
      return near === undefined
        ? problem('missing-parameter', `'${name}' needs the parameter '${each}'`, at, `add '${each}': ${expectation(schema.properties?.[each] ?? {}, root)}`)
        : undefined;
    });
  return [...named, ...missing.filter((each) => each !== undefined), ...checkValues(module, args, argSpans, at, named.length === 0)];
}

/** Checks only that the module has parameters of these names. */
export function checkNames(module: Module, names: Iterable<unknown>, argSpans: ReadonlyMap<string, Span>, at: Span): Diagnostic[] {
  const { name, params } = module.definition as { name: string; params: z.ZodType };
  const root = jsonSchemaOf(params);
  if (root.additionalProperties !== false) return [];
  const known = propertiesWithAliases(root);
  const unknown = [...names].map(String).filter((each) => !known.has(each));
  const choices = [...known.keys()];
  return unknown.map((each) =>
    problem(
      'unknown-parameter',
      `'${name}' has no parameter '${each}'`,
      argSpans.get(each) ?? at,
      TASK_KEYWORDS.has(each)
        ? `it is a keyword of the task: write it beside '${name}', not below`
        : didYouMean(each, choices, choices.length === 0 ? 'it takes none' : `it takes: ${choices.join(', ')}`),
    ),
  );
}

function given(args: ReadonlyMap<unknown, Tree>, name: string, property: JsonSchema | undefined): boolean {
  return [name, ...(property?.aliases ?? [])].some((each) => (args.get(each) ?? null) !== null);
}

function checkValues(module: Module, args: ReadonlyMap<unknown, Tree>, argSpans: ReadonlyMap<string, Span>, at: Span, namesRight: boolean): Diagnostic[] {
  const params = (module.definition as { params: z.ZodType }).params;
  const root = jsonSchemaOf(params);
  const expressions = module.kind === 'control' ? (module.definition.expressions ?? []) : [];
  const literals: [string, Json][] = [];
  let whole = namesRight && (root.required ?? []).every((each) => given(args, each, root.properties?.[each]));
  for (const [name, value] of args) {
    const literal = expressions.includes(String(name)) ? undefined : literalTree(value);
    if (literal === undefined) whole = false;
    else if (literal !== null) literals.push([String(name), literal]);
  }
  // All at once where possible: rules that span several parameters are checked too.
  if (whole) return complaints(params, coerceParams(params, Object.fromEntries(literals)), root, [], argSpans, at);
  const fields = fieldsOf(params);
  const byName = new Map(
    Object.entries(fields).flatMap(([name, field]) => [name, ...(root.properties?.[name]?.aliases ?? [])].map((each) => [each, field] as const)),
  );
  const properties = propertiesWithAliases(root);
  return literals.flatMap(([name, value]) => {
    const field = byName.get(name);
    return field ? complaints(field, coerce(value, properties.get(name) ?? {}, root), root, [name], argSpans, at) : [];
  });
}

function complaints(schema: z.ZodType, value: Json, root: JsonSchema, under: readonly string[], argSpans: ReadonlyMap<string, Span>, at: Span): Diagnostic[] {
  const result = parsed(schema, value);
  if (result === undefined || result.success) return [];
  return result.error.issues.map((issue) => {
    const path = [...under, ...issue.path.map(String)];
    const span = argSpans.get(path[0] ?? '') ?? at;
    const shown = path.join('.');
    const found = valueAt(value, issue.path);
    if (issue.code === 'unrecognized_keys') return problem('unknown-parameter', `'${shown}' has no part '${issue.keys.join("', '")}'`, span);
    const part = schemaAt(root, path);
    if (issue.code === 'invalid_value' && typeof found === 'string') {
      const choices = issue.values.map(String);
      return problem('wrong-value', `'${shown}' cannot be '${found}'`, span, didYouMean(found, choices, `it must be one of: ${choices.join(', ')}`));
    }
    if (issue.code === 'invalid_type' || issue.code === 'invalid_union' || issue.code === 'invalid_value') {
      if (found === undefined && path.length > 0) return problem('missing-parameter', `'${shown}' is missing`, span);
      return problem('wrong-type', `'${shown}' must be ${expectation(part, root)}, not ${display(found)}`, span);
    }
    return problem('wrong-value', shown === '' ? issue.message : `'${shown}': ${issue.message}`, span);
  });
}

/** Checks that a schema's own code does are not ours to trust with a crash: what throws is left for the run to say. */
function parsed(schema: z.ZodType, value: Json): z.ZodSafeParseResult<unknown> | undefined {
  try {
    return checked(schema, value);
  } catch {
    return undefined;
  }
}

function schemaAt(root: JsonSchema, path: readonly string[]): JsonSchema {
  let at = root;
  for (const step of path) {
    const schema = dereference(at, root);
    const rest = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
    at = propertiesWithAliases(schema).get(step) ?? schema.items ?? rest ?? {};
  }
  return at;
}

function valueAt(value: Json, path: readonly PropertyKey[]): Json | undefined {
  let at: unknown = value;
  for (const step of path) at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[step] : undefined;
  return at as Json | undefined;
}

function display(value: Json | undefined): string {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'a mapping' : String(value);
}

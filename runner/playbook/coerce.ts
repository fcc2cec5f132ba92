import type { z } from 'zod';
import { toJson } from '../expr/convert.ts';
import { containerLiteral } from '../expr/python-literal.ts';
import { isArray, isObject, type Json, type JsonObject } from '../util/json.ts';
import { NO, YES, yesOrNo } from '../util/yes-no.ts';
import { branchesOf, dereference, jsonSchemaOf, type JsonSchema } from './json-schema.ts';

/**
 * Bends parameters toward a module's schema the way Ansible does: `yes` and `"true"` are booleans, `"5"` is a number, `5` is a
 * text, `a,b` is a list, a single thing is a list of one. What does not fit is left as it is, for the schema to complain about.
 */
export function coerceParams(schema: z.ZodType, plain: Json): Json {
  const root = jsonSchemaOf(schema);
  return coerce(plain, root, root);
}

/** The same for one parameter, by its part of the schema. */
export function coerce(value: Json, part: JsonSchema, root: JsonSchema): Json {
  if (value === null) return value;
  const schema = dereference(part, root);
  if (schema.allOf) return schema.allOf.reduce<Json>((sum, each) => coerce(sum, each, root), value);
  const branches = branchesOf(schema).map((branch) => dereference(branch, root));
  const right = branches.find((branch) => accepts(branch, value));
  if (right) return within(value, right, root);
  for (const branch of branches) {
    const bent = bend(value, branch, root);
    if (bent !== undefined && accepts(branch, bent)) return within(bent, branch, root);
  }
  return value;
}

function accepts(schema: JsonSchema, value: Json): boolean {
  if (schema.enum) return schema.enum.includes(value);
  if (schema.const !== undefined) return schema.const === value;
  switch (schema.type) {
    case undefined:
      // Unions inside unions, and schemas that say nothing.
      return schema.anyOf === undefined && schema.oneOf === undefined && schema.allOf === undefined;
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value);
    case 'number':
    case 'boolean':
    case 'string':
      return typeof value === schema.type;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    default:
      return false;
  }
}

function within(value: Json, schema: JsonSchema, root: JsonSchema): Json {
  if (Array.isArray(value) && schema.items) return value.map((item: Json) => coerce(item, schema.items ?? {}, root));
  if (!isObject(value)) return value;
  const byName = propertiesWithAliases(schema);
  const rest = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const property = byName.get(name) ?? rest;
      return [name, property ? coerce(item, property, root) : item];
    }),
  );
}

/** The properties of an object schema by all their names. */
export function propertiesWithAliases(schema: JsonSchema): ReadonlyMap<string, JsonSchema> {
  const byName = new Map<string, JsonSchema>();
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    for (const each of [name, ...(property.aliases ?? [])]) byName.set(each, property);
  }
  return byName;
}

/** The value as the schema's type; undefined when there is no way. */
function bend(value: Json, schema: JsonSchema, root: JsonSchema): Json | undefined {
  if (schema.enum) return bendToChoice(value, schema.enum);
  if (schema.const !== undefined) return bendToChoice(value, [schema.const]);
  switch (schema.type) {
    case 'boolean':
      return toBoolean(value);
    case 'integer':
      return typeof value === 'string' && /^\s*[-+]?\d+\s*$/.test(value) ? Number(value) : undefined;
    case 'number':
      return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined;
    case 'string':
      return toText(value);
    case 'array':
      return toList(value, schema.items ?? {}, root);
    case 'object':
      return typeof value === 'string' ? toObject(value) : undefined;
    default:
      return schema.anyOf || schema.oneOf ? coerce(value, schema, root) : undefined;
  }
}

function toBoolean(value: Json): boolean | undefined {
  return typeof value === 'string' || typeof value === 'number' ? yesOrNo(String(value)) : undefined;
}

function toText(value: Json): string | undefined {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return undefined;
}

/** YAML has already read `state: no` as false: the choice that means the same is taken. */
function bendToChoice(value: Json, choices: readonly Json[]): Json | undefined {
  if (typeof value === 'boolean') {
    const words = value ? YES : NO;
    const fitting = choices.filter((choice) => typeof choice === 'string' && words.has(choice.toLowerCase()));
    return fitting.length === 1 ? fitting[0] : undefined;
  }
  const same = typeof value === 'object' ? undefined : choices.find((choice) => typeof choice !== 'object' && String(choice) === String(value));
  if (same !== undefined) return same;
  return choices.includes(true) && choices.includes(false) ? toBoolean(value) : undefined;
}

function toList(value: Json, items: JsonSchema, root: JsonSchema): Json {
  if (typeof value !== 'string') return [value];
  const takesText = branchesOf(dereference(items, root)).some((each) => !['object', 'array'].includes(String(dereference(each, root).type)));
  // `[1]` may be a pattern of file names; what no list of words looks like is a list as it is written.
  const written = /^\s*\[\w*\]\s*$/.test(value) ? undefined : writtenDown(value);
  if (isArray(written)) return written;
  if (!takesText) return [value];
  return value === '' ? [] : value.split(',').map((each) => each.trim());
}

/** The list or dict that a text is in JSON or Python, such as `['a', 'b']`; undefined when it is none. */
function writtenDown(text: string): Json | undefined {
  const value = containerLiteral(text.trimStart());
  return value === undefined ? undefined : toJson(value);
}

/** JSON, Python, or `a=1, b=2`. */
function toObject(text: string): JsonObject | undefined {
  if (text.trimStart().startsWith('{')) {
    const written = writtenDown(text);
    return isObject(written) ? written : undefined;
  }
  const pairs = text.split(/[\s,]+/).filter((each) => each !== '');
  if (pairs.length === 0 || !pairs.every((pair) => /^[^=]+=/.test(pair))) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

import { z } from 'zod';
import type { Json } from '../util/json.ts';

/** The part of JSON Schema that module parameters come down to. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly enum?: readonly Json[];
  readonly const?: Json;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly aliases?: readonly string[];
}

const cache = new WeakMap<z.ZodType, JsonSchema>();

/** What a schema takes, as JSON Schema. Computed once a schema. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const known = cache.get(schema);
  if (known) return known;
  const made = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  cache.set(schema, made);
  return made;
}

/** Follows references within `root`. */
export function dereference(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let at = schema;
  // A chain of references longer than this refers to itself.
  for (let hops = 0; at.$ref !== undefined && hops < 16; hops++) {
    at = at.$ref === '#' ? root : (root.$defs?.[at.$ref.replace('#/$defs/', '')] ?? {});
  }
  return at;
}

/** The alternatives of a schema, itself when there is but one. */
export function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  if (schema.anyOf || schema.oneOf) return [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (Array.isArray(schema.type)) return schema.type.map((type: string) => ({ ...schema, type }));
  return [schema];
}

/** What a schema takes, in words: `yes or no`, `one of: started, stopped`. */
export function expectation(schema: JsonSchema, root: JsonSchema): string {
  const branches = branchesOf(dereference(schema, root));
  const words = branches.map((branch) => wordsFor(dereference(branch, root))).filter((each) => each !== 'nothing');
  return [...new Set(words)].join(' or ');
}

function wordsFor(schema: JsonSchema): string {
  if (schema.enum) return `one of: ${schema.enum.map(String).join(', ')}`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  switch (schema.type) {
    case 'boolean':
      return 'yes or no';
    case 'integer':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'string':
      return 'a text';
    case 'array':
      return 'a list';
    case 'object':
      return 'a mapping';
    case 'null':
      return 'nothing';
    default:
      return 'another value';
  }
}

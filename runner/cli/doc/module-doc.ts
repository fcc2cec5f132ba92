import type { z } from 'zod';
import { branchesOf, dereference, expectation, jsonSchemaOf, type JsonSchema } from '../../playbook/json-schema.ts';
import { fieldsOf } from '../../task/params.ts';
import type { Module } from '../../task/registry.ts';
import type { Json } from '../../util/json.ts';

/** One parameter, for people. */
export interface ParamDoc {
  readonly name: string;
  /** In words: `a text`, `yes or no`. */
  readonly type: string;
  readonly required: boolean;
  readonly default?: Json;
  readonly choices?: readonly string[];
  readonly aliases: readonly string[];
  readonly description: string;
}

/** Everything `rollcall doc` shows about a module. */
export interface ModuleDoc {
  readonly name: string;
  readonly aliases: readonly string[];
  /** `control` modules steer the run and need no connection. */
  readonly kind: Module['kind'];
  readonly summary: string;
  readonly description: string;
  /** The parameter that takes the text of a free-form task. */
  readonly freeForm?: string;
  /** false: check mode cannot say what it would do. */
  readonly predictable: boolean;
  readonly params: readonly ParamDoc[];
  readonly examples: string;
}

/** Makes the documentation of a module from its definition. */
export function moduleDoc({ kind, definition }: Module): ModuleDoc {
  return {
    name: definition.name,
    aliases: definition.aliases ?? [],
    kind,
    summary: definition.summary,
    description: definition.description ?? '',
    // The field exists only to say no.
    predictable: !('predictable' in definition),
    params: paramDocs(definition.params as z.ZodType),
    examples: definition.examples ?? '',
    ...(definition.freeForm !== undefined && { freeForm: definition.freeForm }),
  };
}

function paramDocs(params: z.ZodType): ParamDoc[] {
  const schema = jsonSchemaOf(params);
  const fields = fieldsOf(params);
  const { properties = {}, required = [] } = objectOf(schema);
  return Object.entries(properties)
    .map(([name, part]) => ({ ...paramDoc(name, part as DescribedSchema, required.includes(name), schema), ...defaultOf(fields[name]) }))
    .sort((a, b) => Number(b.required) - Number(a.required) || (a.name < b.name ? -1 : 1));
}

/** The object among a schema's alternatives: parameters may also be given as one text. */
function objectOf(schema: JsonSchema): JsonSchema {
  const whole = dereference(schema, schema);
  return branchesOf(whole).map((each) => dereference(each, schema)).find((each) => each.properties !== undefined) ?? whole;
}

type DescribedSchema = JsonSchema & { readonly description?: string };

function paramDoc(name: string, part: DescribedSchema, required: boolean, root: JsonSchema): ParamDoc {
  const target = dereference(part, root) as DescribedSchema;
  const choices = branchesOf(target).flatMap((each) => dereference(each, root).enum ?? []).map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
  return {
    name,
    type: choices.length > 0 ? 'a choice' : expectation(target, root),
    required,
    aliases: part.aliases ?? target.aliases ?? [],
    description: part.description ?? target.description ?? '',
    ...(choices.length > 0 && { choices }),
  };
}

/** A field's default, from the field itself: JSON Schema leaves out the defaults of fields that convert what they are given. */
function defaultOf(field: z.ZodType | undefined): { default?: Json } {
  let at = field as { def?: { type?: string; defaultValue?: unknown; innerType?: unknown } } | undefined;
  while (at?.def !== undefined) {
    if (at.def.type === 'default') return { default: at.def.defaultValue as Json };
    at = at.def.innerType as typeof at;
  }
  return {};
}

import { z } from 'zod';
import { yesOrNo } from '../util/yes-no.ts';
import { put } from '../util/own.ts';

/**
 * The parameters of a module: a strict object that also takes the aliases its fields name (`.meta({ aliases: ['dest'] })`)
 * and, like Ansible, treats a parameter that is null as not given.
 */
export function params<S extends z.ZodRawShape>(shape: S): z.ZodType<z.output<z.ZodObject<S>>> {
  const canonical = new Map<string, string>();
  for (const [name, field] of Object.entries(shape)) for (const alias of aliasesOf(field)) canonical.set(alias, name);
  return z.preprocess((given, context) => {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
    const out: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(given)) {
      const name = canonical.get(key) ?? key;
      if ((value === null || value === undefined) && Object.hasOwn(shape, name)) continue;
      if (Object.hasOwn(out, name)) context.addIssue({ code: 'custom', path: [key], message: `'${name}' is given twice: '${key}' is another name for it` });
      put(out, name, value);
    }
    return out;
  }, z.strictObject(shape)) as unknown as z.ZodType<z.output<z.ZodObject<S>>>;
}

/** Checks of one schema before zod writes and compiles a function for it: that takes as long as some fifty checks without. */
const FEW = 50;

const checks = new WeakMap<z.ZodType, number>();

/** What a schema makes of a value. */
export function checked(schema: z.ZodType, given: unknown): z.ZodSafeParseResult<unknown> {
  const count = (checks.get(schema) ?? 0) + 1;
  checks.set(schema, count);
  return schema.safeParse(given, { jitless: count <= FEW });
}

/** The fields of a module's parameters, for documentation and checks; empty for modules that take any name. */
export function fieldsOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> {
  if (schema instanceof z.ZodObject) return schema.shape as Record<string, z.ZodType>;
  if (schema instanceof z.ZodPipe) {
    const inner = fieldsOf(schema.out as z.ZodType);
    return Object.keys(inner).length > 0 ? inner : fieldsOf(schema.in as z.ZodType);
  }
  return {};
}

/** The other names a field answers to. */
export function aliasesOf(field: unknown): readonly string[] {
  const meta = (field as z.ZodType).meta?.() as { aliases?: readonly string[] } | undefined;
  return meta?.aliases ?? [];
}

/** A boolean as Ansible reads one: `yes`, `"true"`, `1` … */
export const Flag = z.preprocess((given) => {
  if (typeof given !== 'string' && typeof given !== 'number') return given;
  return yesOrNo(String(given)) ?? given;
}, z.boolean());

/** A whole number, also written as text. */
export const Whole = z.preprocess((given) => (typeof given === 'string' && /^\s*[-+]?\d+\s*$/.test(given) ? Number(given) : given), z.number().int());

/** A number, also written as text. */
export const Amount = z.preprocess((given) => (typeof given === 'string' && given.trim() !== '' && Number.isFinite(Number(given)) ? Number(given) : given), z.number());

/** A text; numbers and booleans are written out as Python would. */
export const Text = z.preprocess((given) => {
  if (typeof given === 'number' || typeof given === 'bigint') return String(given);
  if (typeof given === 'boolean') return given ? 'True' : 'False';
  return given;
}, z.string());

/** A list of texts; a single text is split at commas. */
export const Texts = z.preprocess((given) => {
  if (typeof given === 'string') return given === '' ? [] : given.split(',').map((word) => word.trim());
  return typeof given === 'number' ? [String(given)] : given;
}, z.array(Text));

/** A text that is not empty and has no NUL. */
export const Word = z.preprocess((given) => (typeof given === 'number' ? String(given) : given), z.string().min(1).regex(/^[^\0]*$/, 'must not contain a NUL character'));

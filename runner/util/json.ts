/** Plain JSON data: what crosses every border of the product (plans, changes, events, results). */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; `undefined` never appears as a value in memory that is meant to be written. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Tells objects from lists and plain values. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `Array.isArray`, which does not know readonly lists. */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** A value as Python's `json.dumps` writes it: blanks behind commas and colons, ASCII only. */
export function spacedJson(value: Json): string {
  if (isArray(value)) return `[${value.map(spacedJson).join(', ')}]`;
  if (isObject(value)) return `{${Object.entries(value).map(([key, each]) => `${spacedJson(key)}: ${spacedJson(each)}`).join(', ')}}`;
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

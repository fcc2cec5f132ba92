/** Plain JSON data: what crosses every border of the product (plans, changes, events, results). */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; `undefined` never appears as a value in memory that is meant to be written. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A value as Python's `json.dumps` writes it: blanks behind commas and colons, ASCII only. */
export function spacedJson(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(spacedJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return `{${Object.entries(value).map(([key, each]) => `${spacedJson(key)}: ${spacedJson(each)}`).join(', ')}}`;
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

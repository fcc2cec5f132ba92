/** Plain JSON data: what crosses every border of the product (plans, changes, events, results). */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; `undefined` never appears as a value in memory that is meant to be written. */
export interface JsonObject {
  readonly [key: string]: Json;
}

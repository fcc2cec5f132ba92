import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromJson } from '../../runner/expr/convert.ts';
import { isFloat, numeric } from '../../runner/expr/numbers.ts';
import { Float, isList, isMapping, Opaque, type Value } from '../../runner/expr/value.ts';
import { toText } from '../../runner/expr/text.ts';
import type { Scope } from '../../runner/expr/scope.ts';
import type { Json, JsonObject } from '../../runner/util/json.ts';

/** One expression with what ansible-core 2.14.18 returns for it: a value, or the beginning of an error. */
export interface Case {
  readonly name?: string;
  readonly expr: string;
  readonly ok?: Json;
  readonly err?: string;
}

/** Cases over one context. */
export interface CaseFile {
  readonly context: JsonObject;
  readonly cases: readonly Case[];
}

/** Every case file of a folder, by name. */
export function caseFiles(folder: string): [string, CaseFile][] {
  return readdirSync(folder).filter((name) => name.endsWith('.json')).sort().map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as CaseFile]);
}

/** JSON in which `{"__float__": 2}` is the float 2.0 and `{"__int__": "…"}` a big integer. */
function caseValue(json: Json): Value {
  if (typeof json !== 'object' || json === null) return json;
  if (isJsonList(json)) return json.map(caseValue);
  if (typeof json['__float__'] === 'number') return Number.isInteger(json['__float__']) ? new Float(json['__float__']) : json['__float__'];
  if (typeof json['__int__'] === 'string') return BigInt(json['__int__']);
  return new Map(Object.entries(json).map(([key, value]) => [key, caseValue(value)]));
}

function isJsonList(json: readonly Json[] | JsonObject): json is readonly Json[] {
  return Array.isArray(json);
}

/** A value as a case file writes it. */
export function shown(value: Value): Json {
  if (typeof value === 'bigint') return { __int__: String(value) };
  const number = numeric(value);
  if (number && isFloat(value)) return 'float' in number && Number.isFinite(number.float) ? { __float__: number.float } : { __float__: toText(value) };
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  if (isList(value)) return value.map(shown);
  if (isMapping(value)) return Object.fromEntries([...value.keys()].map((key) => [typeof key === 'string' ? key : toText(key), shown(value.get(key) ?? null)]));
  return value instanceof Opaque ? { __object__: value.text() } : { __object__: toText(value) };
}

/** A scope over the context of a case file. */
export function scopeOf(context: JsonObject): Scope {
  const values = new Map(Object.entries(context).map(([name, json]) => [name, caseValue(json)]));
  return { lookup: (name) => values.get(name), names: () => values.keys() };
}

/** Plain JSON as a scope. */
export function plainScope(context: JsonObject): Scope {
  const values = new Map(Object.entries(context).map(([name, json]) => [name, fromJson(json)]));
  return { lookup: (name) => values.get(name) };
}

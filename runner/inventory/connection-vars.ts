import type { Json } from '../util/json.ts';
import { yesOrNo } from '../util/yes-no.ts';

/** Reads one rendered variable of a host. */
export type Lookup = (name: string) => Json | undefined;

/** Variables of a host, and the list that takes complaints about them. */
export interface Read {
  readonly lookup: Lookup;
  readonly problems: string[];
}

/** The first of several names that is set; an empty text counts as unset. */
export function first(read: Read, names: readonly string[]): { name: string; value: Json } | undefined {
  for (const name of names) {
    const value = read.lookup(name);
    if (value !== undefined && value !== null && value !== '') return { name, value };
  }
  return undefined;
}

/** A variable as text; numbers are texts too (a password of digits). */
export function text(read: Read, ...names: readonly string[]): string | undefined {
  const found = first(read, names);
  if (!found) return undefined;
  if (typeof found.value === 'string' || typeof found.value === 'number') return String(found.value);
  read.problems.push(`${found.name} must be a text`);
  return undefined;
}

/** A variable as yes or no, in any of Ansible's words for them. */
export function flag(read: Read, ...names: readonly string[]): boolean | undefined {
  const found = first(read, names);
  if (!found) return undefined;
  const known = asFlag(found.value);
  if (known === undefined) read.problems.push(`${found.name} must be yes or no, not ${JSON.stringify(found.value)}`);
  return known;
}

/** Yes or no in any of Ansible's words; undefined for anything else. */
export function asFlag(value: Json): boolean | undefined {
  return typeof value === 'object' ? undefined : yesOrNo(String(value));
}

/** A variable as a port. */
export function port(read: Read, ...names: readonly string[]): number | undefined {
  const found = first(read, names);
  if (!found) return undefined;
  const number = Number(found.value);
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  read.problems.push(`${found.name} must be a port from 1 to 65535, not ${JSON.stringify(found.value)}`);
  return undefined;
}

/** A variable as a number of seconds. */
export function seconds(read: Read, ...names: readonly string[]): number | undefined {
  const found = first(read, names);
  if (!found) return undefined;
  const number = Number(found.value);
  if (Number.isFinite(number) && number > 0) return number;
  read.problems.push(`${found.name} must be a number of seconds, not ${JSON.stringify(found.value)}`);
  return undefined;
}

/** A whole number, not below zero. */
export function whole(read: Read, ...names: readonly string[]): number | undefined {
  const found = first(read, names);
  if (!found) return undefined;
  const number = Number(found.value);
  if (Number.isInteger(number) && number >= 0) return number;
  read.problems.push(`${found.name} must be a whole number, not ${JSON.stringify(found.value)}`);
  return undefined;
}

/** Paths as a list, or in one text with spaces between them, as ssh_config has them. */
export function texts(read: Read, name: string): readonly string[] | undefined {
  const value = read.lookup(name);
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value.split(/\s+/).filter((each) => each !== '');
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  read.problems.push(`${name} must be a path or a list of paths`);
  return undefined;
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Fields that say nothing are left out. */
export function withoutUndefined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}

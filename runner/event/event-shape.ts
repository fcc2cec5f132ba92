import { own } from '../util/own.ts';
import type { Event } from './event.ts';

/** What a field holds, and how that is said. */
interface Shape {
  readonly is: string;
  readonly optional?: boolean;
  fits(value: unknown): boolean;
}

type Fields<E> = { readonly [K in Exclude<keyof E, 'type' | 'at'>]-?: Shape };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (shape: Shape, is: string): Shape => ({ is, fits: (value) => Array.isArray(value) && value.every((each) => shape.fits(each)) });
const oneOf = (...words: readonly string[]): Shape => ({ is: `one of ${words.join(', ')}`, fits: (value) => typeof value === 'string' && words.includes(value) });
const maybe = (shape: Shape): Shape => ({ ...shape, optional: true });

const text: Shape = { is: 'a text', fits: (value) => typeof value === 'string' };
const number: Shape = { is: 'a number', fits: (value) => typeof value === 'number' };
const flag: Shape = { is: 'true or false', fits: (value) => typeof value === 'boolean' };
const json: Shape = { is: 'a value', fits: (value) => value !== undefined };
const object: Shape = { is: 'a mapping', fits: isObject };
const texts = listOf(text, 'a list of texts');
const sentences: Shape = { is: 'a mapping of texts', fits: (value) => isObject(value) && Object.values(value).every((each) => text.fits(each)) };
const status = oneOf('ok', 'changed', 'skipped', 'failed', 'unreachable', 'undetermined');
const change: Shape = {
  is: 'a change',
  fits: (value) => isObject(value) && text.fits(value['aspect']) && texts.fits(value['steps']) && ['before', 'after'].every((name) => json.fits(value[name])) && ['diff', 'risk'].every((name) => value[name] === undefined || text.fits(value[name])),
};
const traffic: Shape = {
  is: 'a summary of traffic',
  fits: (value) => isObject(value) && ['roundTrips', 'sent', 'received'].every((name) => number.fits(value[name])) && (value['processes'] === undefined || number.fits(value['processes'])),
};
const changes = listOf(change, 'a list of changes');

const EVENTS: { readonly [T in Event['type']]: Fields<Extract<Event, { readonly type: T }>> } = {
  'run.start': { version: number, run: text, playbooks: texts, check: flag, diff: flag },
  'play.start': { play: number, name: text, hosts: texts, batch: number, batches: number },
  'phase.start': { play: number, phase: text, implicit: flag, hosts: texts },
  'task.start': { play: number, task: text, name: text, module: text, phase: text, handler: flag, role: maybe(text), path: text },
  'host.start': { task: text, host: text },
  output: { task: text, host: text, stream: oneOf('stdout', 'stderr'), text },
  retry: { task: text, host: text, attempt: number, left: number, result: object },
  item: { task: text, host: text, status, label: text, item: json, result: object, changes, ignored: flag, delegate: maybe(text) },
  result: { task: text, host: text, status, result: object, changes, ignored: flag, rescued: flag, looped: flag, delegate: maybe(text), carriedOut: maybe(flag), duration: number, traffic: maybe(traffic) },
  notified: { host: text, handler: text, task: text },
  gate: { play: number, phase: text, attempt: number, passed: flag, waitingFor: texts, message: text },
  'phase.end': { play: number, phase: text, failed: texts },
  'host.state': { host: text, state: oneOf('connecting', 'connected', 'unreachable', 'failed', 'ended', 'cleared'), message: maybe(text), duration: maybe(number) },
  'host.traffic': { host: text, roundTrips: number, sent: number, received: number, processes: maybe(number) },
  note: { level: oneOf('info', 'warning', 'error'), code: text, message: text, host: maybe(text) },
  'play.end': { play: number },
  'run.end': { outcome: oneOf('done', 'interrupted', 'refused', 'crashed'), standing: maybe(sentences) },
};

/** A value as an event, or what is wrong with it in one sentence. Fields that nobody knows are left alone. */
export function readEvent(value: unknown): { readonly event: Event } | { readonly wrong: string } {
  if (!isObject(value)) return { wrong: 'it is no JSON object' };
  const { type, at } = value;
  const fields: Readonly<Record<string, Shape>> | undefined = typeof type === 'string' ? own(EVENTS, type) : undefined;
  if (!fields) return { wrong: `there is no event of type ${JSON.stringify(type) ?? 'nothing'}` };
  if (!isTime(at)) return { wrong: "'at' must be a time in milliseconds" };
  for (const [name, shape] of Object.entries(fields)) {
    const found = Object.hasOwn(value, name) ? value[name] : undefined;
    if (found === undefined ? shape.optional !== true : !shape.fits(found)) return { wrong: `'${name}' of a ${String(type)} must be ${shape.is}` };
  }
  return { event: value as unknown as Event };
}

/** A time that JavaScript's dates can hold. */
function isTime(value: unknown): boolean {
  return typeof value === 'number' && !Number.isNaN(new Date(value).getTime());
}

import type { Json, JsonObject } from '../util/json.ts';
import type { Event, Happening } from './event.ts';
import type { Redactor } from './redact.ts';

/** Where the engine tells what happens, and everyone else hears it. */
export interface Bus {
  /** Stamps the time, takes out secrets, and hands the event to every subscriber before it returns. */
  publish(happening: Happening): void;
  /** Called with every event from now on. Returns the way to leave. */
  subscribe(receiver: (event: Event) => void): () => void;
}

/**
 * Fields that name things of the run, by which events are joined: never masked, or a secret that equals a host's name or the
 * word `changed` would change what happened.
 */
const NAMES = new Set(['type', 'version', 'run', 'task', 'host', 'hosts', 'status', 'state', 'stream', 'level', 'code', 'outcome', 'delegate', 'failed', 'waitingFor', 'module']);

/**
 * Creates a bus. A subscriber that throws is dropped and the others are told: a broken pipe or a full disk under one report
 * must neither stop the work on the hosts nor pass in silence.
 */
export function createBus(redactor: Redactor, now: () => number = Date.now): Bus {
  const receivers = new Set<(event: Event) => void>();
  const publish = (happening: Happening): void => {
    const event = redacted(redactor, happening, now());
    const dropped: string[] = [];
    for (const receive of receivers) {
      try {
        receive(event);
      } catch (error) {
        receivers.delete(receive);
        dropped.push(error instanceof Error ? error.message : String(error));
      }
    }
    for (const message of dropped) publish({ type: 'note', level: 'error', code: 'report-lost', message: `a report of this run stopped: ${message}` });
  };
  return {
    publish,
    subscribe(receiver) {
      receivers.add(receiver);
      return () => receivers.delete(receiver);
    },
  };
}

function redacted(redactor: Redactor, happening: Happening, at: number): Event {
  const event: Record<string, Json> = {};
  for (const [key, value] of Object.entries(happening as unknown as JsonObject)) if (value !== undefined) event[key] = redactField(redactor, key, value);
  event['at'] = at;
  return event as unknown as Event;
}

function redactField(redactor: Redactor, key: string, value: Json): Json {
  // Numbers of the event itself are counts and times; numbers inside a result may be secrets.
  return NAMES.has(key) || typeof value === 'number' ? value : redactor.maskJson(value);
}

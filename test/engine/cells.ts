import { z } from 'zod';
import type { Sessions } from '../../runner/engine/sessions/sessions.ts';
import { ABSENT, change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { type AnyTask, defineTask } from '../../runner/task/define.ts';
import { HostAccess } from '../../runner/transport/access.ts';
import { createActuator } from '../../runner/transport/actuator.ts';
import { fakeShell } from '../../runner/transport/fake/shell.ts';
import { ReadMemo } from '../../runner/transport/memo.ts';
import { createForesight, createObserver } from '../../runner/transport/observer.ts';

/** A host that is nothing but named cells, behind the real memo, observer and actuator. */
export interface CellHost {
  readonly cells: Map<string, string>;
  readonly sessions: Sessions;
  /** Round trips made so far. */
  roundTrips(): number;
  /** Whether what a cell held is still known. */
  remembers(name: string): boolean;
}

/** Makes one; `pause` gives the turns of the event loop that each answer takes. */
export function cellHost(start: Readonly<Record<string, string>>, pause: () => number = () => 0): CellHost {
  const cells = new Map(Object.entries(start));
  const shell = fakeShell(async (script) => {
    for (let turns = pause(); turns > 0; turns--) await new Promise(setImmediate);
    return script.split('\n').map((line) => {
      const [verb, name = '', value = ''] = line.split(' ');
      if (verb === 'set') cells.set(name, value);
      return verb === 'get' ? (cells.get(name) ?? '') : '';
    }).join('');
  });
  const access = new HostAccess('h', new ReadMemo({ value: 0 }), () => Promise.resolve(shell));
  const sessions: Sessions = {
    access: () => ({ generation: () => access.memo.generation, observer: (signal) => createObserver(access, signal), foresight: (signal) => createForesight(access, signal), actuator: (signal) => createActuator(access, signal), forget: () => access.memo.changed(), reconnect: () => Promise.resolve() }),
    forget: () => access.memo.changed(),
    age: () => access.memo.age(),
    close: () => Promise.resolve(),
  };
  return { cells, sessions, roundTrips: () => shell.roundTrips, remembers: (name) => access.memo.known('read', `get ${name}`) !== undefined };
}

const get = (name: string): ReturnType<typeof sh> => sh`get ${name}`;

/** `cell`: keeps a cell equal to a value, or to what the cell named in another one holds (two reads, the second depending on the first). */
export const cellTask: AnyTask = defineTask({
  name: 'cell',
  summary: 'A cell of the simulated host.',
  params: z.strictObject({ name: z.string(), value: z.string().optional(), like: z.string().optional() }),
  async probe({ name, like }, host) {
    const read = (cell: string): Promise<string> => host.read(get(cell), ({ stdout }) => stdout);
    const now = await read(name);
    return { now, model: like === undefined ? undefined : await read(await read(like)) };
  },
  plan({ name, value }, { now, model }) {
    const wanted = value ?? model ?? '';
    return now === wanted ? [] : [change('value', now === '' ? ABSENT : now, wanted, [sh`set ${name} ${wanted}`])];
  },
});

/** `guarded`: cannot be predicted, sets a cell unless it has a value already. */
export const guardedTask: AnyTask = defineTask({
  name: 'guarded',
  summary: 'A command with a guard.',
  predictable: false,
  guarded: () => true,
  params: z.strictObject({ name: z.string(), value: z.string() }),
  probe: ({ name }, host) => host.read(get(name), ({ stdout }) => stdout),
  plan: ({ name, value }, now) => (now === '' ? [change('run', ABSENT, value, [sh`set ${name} ${value}`])] : []),
});

/** `wall`: the same, but nobody is told that there is a guard before it has been asked. */
export const wallTask: AnyTask = { ...guardedTask, name: 'wall', guarded: () => false };

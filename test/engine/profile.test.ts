import type { Happening } from '../../runner/event/event.ts';
import { readEvent } from '../../runner/event/event-shape.ts';
import { openSessions } from '../../runner/engine/sessions/open-sessions.ts';
import { watchTraffic } from '../../runner/engine/sessions/traffic.ts';
import type { Sessions } from '../../runner/engine/sessions/sessions.ts';
import { play, type Outcome } from './harness.ts';

const playbook = `
- hosts: all
  tasks:
    - name: some
      shell: for i in 1 2 3 4 5 6 7 8 9 10; do /bin/true; done
    - name: here
      debug: { msg: nothing is asked }
    - name: several
      include_tasks: more.yml
`;

/** This machine as two hosts, through real shells. */
async function playHere(profile: boolean): Promise<Outcome & { closing: readonly Happening[] }> {
  const closing: Happening[] = [];
  const sessions = openSessions({ signal: new AbortController().signal, check: false, profile, publish: (happening) => void closing.push(happening) });
  const local = { ansible_connection: 'local' };
  const outcome = await play({ playbook, sessions, vars: { h1: local, h2: local }, files: { 'more.yml': '- { name: included, command: /bin/true }\n' } });
  return { ...outcome, closing };
}

test('with a profile, each result says what it carried, and each host what it carried in all', async () => {
  const { events, closing } = await playHere(true);
  const named = new Map(events.flatMap((event) => (event.type === 'task.start' ? [[event.task, event.name] as const] : [])));
  const results = events.filter((event) => event.type === 'result');
  for (const host of ['h1', 'h2']) {
    const traffic = (name: string) => results.find((event) => event.host === host && named.get(event.task) === name)?.traffic;
    expect(traffic('some')).toEqual({ roundTrips: expect.any(Number), sent: expect.any(Number), received: expect.any(Number), processes: expect.any(Number) });
    expect(traffic('some')?.roundTrips).toBeGreaterThanOrEqual(1);
    expect(traffic('some')?.processes).toBeGreaterThanOrEqual(10);
    expect(traffic('here')).toMatchObject({ roundTrips: 0, sent: 0, received: 0 });
    expect(traffic('included')?.roundTrips).toBe(1);
    // The tasks together carried no more than the connection did.
    const total = closing.find((event) => event.type === 'host.traffic' && event.host === host);
    if (total?.type !== 'host.traffic') throw new Error('the host said nothing at the end');
    const sum = (field: 'roundTrips' | 'sent' | 'processes'): number => results.filter((event) => event.host === host).reduce((all, event) => all + (event.traffic?.[field] ?? 0), 0);
    expect(sum('roundTrips')).toBe(total.roundTrips);
    expect(sum('sent')).toBe(total.sent);
    expect(sum('processes')).toBeLessThanOrEqual(total.processes ?? 0);
  }
  for (const event of results) expect(readEvent(JSON.parse(JSON.stringify(event)))).toHaveProperty('event');
});

test('without one, none does', async () => {
  const { events, closing } = await playHere(false);
  expect(events.filter((event) => event.type === 'result' && 'traffic' in event)).toEqual([]);
  expect(closing.filter((event) => event.type === 'host.traffic').map((event) => Object.keys(event).sort())).toEqual(Array.from({ length: 2 }, () => ['host', 'received', 'roundTrips', 'sent', 'type']));
});

test('a recorded result with figures that are none is refused', () => {
  const result = { type: 'result', at: 1, task: '0.0', host: 'n1', status: 'ok', result: {}, changes: [], ignored: false, rescued: false, looped: false, duration: 1 };
  expect(readEvent({ ...result, traffic: { roundTrips: 1, sent: 2, received: 3 } })).toHaveProperty('event');
  expect(readEvent({ ...result, traffic: { roundTrips: 1, sent: '2', received: 3 } })).toEqual({ wrong: "'traffic' of a result must be a summary of traffic" });
});

test('what is watched is what comes after', () => {
  let traffic: { roundTrips: number; sent: number; received: number; processes?: number } = { roundTrips: 3, sent: 30, received: 300 };
  const sessions = { traffic: () => traffic } as unknown as Sessions;
  const watched = watchTraffic(sessions, 'n1');
  traffic = { roundTrips: 4, sent: 50, received: 310, processes: 7 };
  expect(watched?.()).toEqual({ roundTrips: 1, sent: 20, received: 10, processes: 7 });
  expect(watchTraffic({} as Sessions, 'n1')).toBeUndefined();
});

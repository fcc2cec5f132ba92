import { setTimeout as sleep } from 'node:timers/promises';
import { fakeHost } from '../../runner/testing/fake-host.ts';
import { fakeSessions, play } from './harness.ts';

/** Hosts that take turns, or not, on a way that has room for so many of them until it is opened. */
function crowd(count: number, room: number) {
  const hosts = Object.fromEntries(Array.from({ length: count }, (_none, index) => [`h${index}`, {}]));
  let asked = 0;
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  let touched = 0;
  const ways = fakeSessions(Object.fromEntries(Object.keys(hosts).map((name) => [name, fakeHost({ name })])));
  const sessions = {
    ...ways,
    access(...words: Parameters<typeof ways.access>) {
      touched++;
      return ways.access(...words);
    },
    room: () => (asked++ < room ? Promise.resolve() : opened),
  };
  const playbook = '- hosts: all\n  gather_facts: false\n  tasks:\n    - { name: one, file: { path: /tmp, state: directory } }\n    - { name: two, file: { path: /tmp, state: directory } }\n';
  const done = play({ playbook, hosts, sessions, settings: { forks: 500, lookahead: false } });
  return { done, open: () => open(), asked: () => asked, touched: () => touched };
}

test('with many at once, a host begins its first task when it need not queue up for a connection, and every other at once', async () => {
  const { done, open, asked, touched } = crowd(140, 5);
  while (asked() < 6 || touched() < 5) await sleep(10);
  await sleep(100);
  // The sixth asks, and waits; nobody behind it has begun.
  expect([asked(), touched()]).toEqual([6, 5]);
  open();
  const { story } = await done;
  expect(story.filter((line) => line.endsWith(': ok'))).toHaveLength(280);
  expect(asked()).toBe(140);
});

test('few at once do not ask', async () => {
  const { done, asked } = crowd(20, 0);
  expect((await done).story).toHaveLength(40);
  expect(asked()).toBe(0);
});

import type { Event, HostTraffic } from '../event/event.ts';
import { painter } from './paint.ts';
import { count } from './recap.ts';
import type { Reporter } from './reporter.ts';
import type { Sink } from './sink.ts';

/** Tasks and hosts that are listed. */
const LISTED = 10;

interface Spent {
  readonly name: string;
  milliseconds: number;
  hosts: number;
  slowest: number;
  slowestHost: string;
}

/** Says at the end where the time went: the slowest tasks, and the hosts that took longest to connect. */
export function profileReporter(sink: Sink): Reporter {
  const names = new Map<string, string>();
  const tasks = new Map<string, Spent>();
  const connects: { host: string; milliseconds: number }[] = [];
  const traffic: HostTraffic[] = [];
  return {
    handle(event: Event) {
      if (event.type === 'task.start') names.set(event.task, `${event.name} (${event.path})`);
      else if (event.type === 'host.state' && event.state === 'connected' && event.duration !== undefined) connects.push({ host: event.host, milliseconds: event.duration });
      else if (event.type === 'host.traffic') traffic.push(event);
      else if (event.type === 'result') {
        const spent = tasks.get(event.task) ?? { name: names.get(event.task) ?? event.task, milliseconds: 0, hosts: 0, slowest: 0, slowestHost: '' };
        spent.milliseconds += event.duration;
        spent.hosts++;
        if (event.duration >= spent.slowest) [spent.slowest, spent.slowestHost] = [event.duration, event.host];
        tasks.set(event.task, spent);
      }
    },
    end() {
      const paint = painter(sink.color);
      const slow = [...tasks.values()].sort((a, b) => b.slowest - a.slowest).slice(0, LISTED);
      if (slow.length > 0) sink.write(`\n${paint('bold', 'Where the time went (slowest host, all hosts together)')}\n`);
      for (const { name, slowest, slowestHost, milliseconds, hosts } of slow) sink.write(`  ${seconds(slowest)}  ${seconds(milliseconds)}  ${name}: ${slowestHost} of ${count(hosts, 'host')}\n`);
      const late = connects.sort((a, b) => b.milliseconds - a.milliseconds).slice(0, 3);
      if (late.length > 0) sink.write(`  connecting: ${late.map(({ host, milliseconds }) => `${host} ${seconds(milliseconds).trim()}`).join(', ')}\n`);
      if (traffic.length > 0) sink.write(`  on the wire: ${most(traffic, 'roundTrips', 'round trips')}; ${most(traffic, 'sent', 'bytes sent')}; ${most(traffic, 'received', 'bytes received')}\n`);
      return sink.flush();
    },
  };
}

/** The middle host and the one with most. */
function most(traffic: readonly HostTraffic[], field: 'roundTrips' | 'sent' | 'received', what: string): string {
  const sorted = [...traffic].sort((a, b) => a[field] - b[field]);
  const [middle, last] = [sorted[sorted.length >> 1], sorted.at(-1)];
  return `${middle?.[field] ?? 0} ${what} (most: ${last?.[field] ?? 0}, ${last?.host ?? ''})`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`.padStart(9);
}

import type { Event, HostTraffic, TaskResult, TaskStart, TrafficSummary } from '../event/event.ts';
import { Stretch } from './stretch.ts';

/** A task over all hosts. */
export interface TaskTime {
  readonly stretch: Stretch;
  readonly play?: number;
  readonly phase?: string;
  /** Hosts that have a result. */
  hosts: number;
  /** The one that took longest. */
  slowest?: { readonly host: string; readonly milliseconds: number; readonly traffic?: TrafficSummary };
}

/** A host over all tasks. */
export interface HostTime {
  readonly name: string;
  /** Milliseconds of all its tasks. */
  busy: number;
  /** When a connection was begun that does not stand yet. */
  connecting?: number;
  /** Milliseconds until its (last) connection stood, its log-in included, or was given up. */
  connect?: number;
  reached: boolean;
  traffic?: TrafficSummary;
}

/** Where the time of a run went. One record for each task and one for each host, none for both: a thousand of each have a million results. */
export class TimeLine {
  readonly plays = new Map<number, Stretch>();
  /** Phases that the plays name, by play and name. */
  readonly phases = new Map<string, { readonly play: number; readonly stretch: Stretch }>();
  readonly tasks = new Map<string, TaskTime>();
  readonly hosts = new Map<string, HostTime>();
  /** All of it, once there is something. */
  run: Stretch | undefined;
  /** While at least one host is being connected to. */
  connecting: Stretch | undefined;
  #connections = 0;
  readonly #open = new Set<Stretch>();

  /** Takes the next event. */
  handle(event: Event): void {
    const { at } = event;
    (this.run ??= new Stretch('the run', at)).reach(at);
    switch (event.type) {
      case 'play.start':
        return void this.plays.set(event.play, this.#begin(this.plays.get(event.play), event.name, at));
      case 'play.end':
        return this.#end(this.plays.get(event.play), at);
      case 'phase.start':
        if (!event.implicit) this.phases.set(phaseKey(event), { play: event.play, stretch: this.#begin(this.phases.get(phaseKey(event))?.stretch, event.phase, at) });
        return;
      case 'phase.end':
        return this.#end(this.phases.get(phaseKey(event))?.stretch, at);
      case 'task.start':
        return this.#task(event);
      case 'result':
        return this.#result(event);
      case 'host.state':
        if (event.state === 'connecting') this.#connect(this.#host(event.host), at);
        else if (event.state === 'connected' || event.state === 'unreachable') this.#connected(this.#host(event.host), at, event);
        return;
      case 'host.traffic':
        return this.#traffic(event);
      default:
    }
  }

  /** There is no more: what has not ended lasted until the last event. */
  end(): void {
    for (const stretch of this.#open) stretch.reach(this.run?.until ?? stretch.until);
  }

  #begin(known: Stretch | undefined, name: string, at: number): Stretch {
    const stretch = known ?? new Stretch(name, at);
    if (known) stretch.again(at);
    this.#open.add(stretch);
    return stretch;
  }

  #end(stretch: Stretch | undefined, at: number): void {
    if (stretch && this.#open.delete(stretch)) stretch.reach(at);
  }

  #host(name: string): HostTime {
    const known = this.hosts.get(name);
    if (known) return known;
    const host = { name, busy: 0, reached: false };
    this.hosts.set(name, host);
    return host;
  }

  #task({ task, name, handler, play, phase, at }: TaskStart): void {
    const known = this.tasks.get(task);
    if (known) known.stretch.again(at);
    else this.tasks.set(task, { stretch: new Stretch(handler ? `handler ${name}` : name, at), play, phase: phaseKey({ play, phase }), hosts: 0 });
  }

  #result({ task: id, host, duration, traffic, at }: TaskResult): void {
    const task = this.tasks.get(id) ?? { stretch: new Stretch(id, at - duration), hosts: 0 };
    this.tasks.set(id, task);
    task.stretch.reach(at);
    task.hosts++;
    if (duration >= (task.slowest?.milliseconds ?? 0)) task.slowest = { host, milliseconds: duration, ...(traffic && { traffic }) };
    this.#host(host).busy += duration;
  }

  #connect(host: HostTime, at: number): void {
    if (host.connecting !== undefined) return;
    host.connecting = at;
    if (this.#connections++ > 0) return;
    if (this.connecting) this.connecting.again(at);
    else this.connecting = new Stretch('connecting', at);
  }

  #connected(host: HostTime, at: number, { state, duration }: { readonly state: string; readonly duration?: number }): void {
    // A host can also be out for other reasons than its connection, and later.
    if (host.connecting === undefined && state === 'unreachable') return;
    host.reached = state === 'connected';
    host.connect = duration ?? at - (host.connecting ?? at);
    if (host.connecting === undefined) return;
    delete host.connecting;
    this.#connections--;
    this.connecting?.reach(at);
  }

  /** Hosts that are reached in several ways have several connections. */
  #traffic({ host: name, roundTrips, sent, received, processes }: HostTraffic): void {
    const host = this.#host(name);
    const { traffic } = host;
    const most = Math.max(traffic?.processes ?? 0, processes ?? 0);
    host.traffic = {
      roundTrips: (traffic?.roundTrips ?? 0) + roundTrips,
      sent: (traffic?.sent ?? 0) + sent,
      received: (traffic?.received ?? 0) + received,
      ...((processes ?? traffic?.processes) !== undefined && { processes: most }),
    };
  }
}

function phaseKey({ play, phase }: { readonly play: number; readonly phase: string }): string {
  return `${play} ${phase}`;
}

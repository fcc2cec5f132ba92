import type { Cluster } from './cluster.ts';
import type { ServiceConfig } from './config.ts';
import type { FenceDomain } from './fencing.ts';
import { resourcesHealthy, startResources, stopResources } from './resources.ts';
import type { ServiceRecord } from './wire.ts';

/** rgmanager: every node carries out what the records of its own services ask for; the lowest node decides what a record shall ask for. */
export class ResourceGroups {
  readonly #cluster: Cluster;
  readonly #fence: FenceDomain;
  /** Services this node has really started, with the configuration it started them by. */
  readonly #held = new Map<string, ServiceConfig>();
  readonly #working = new Set<string>();
  #settledAt = 0;
  #master = 0;
  #checkedAt = Date.now();

  constructor(cluster: Cluster, fence: FenceDomain) {
    this.#cluster = cluster;
    this.#fence = fence;
  }

  /** Starts the daemon; it waits by itself for quorum and the fence domain. */
  async start(): Promise<void> {
    if (this.#cluster.rgmanager) return;
    this.#cluster.rgmanager = true;
    await this.#log('I am node #' + String(this.#cluster.id));
    await this.#log('Resource Group Manager Starting');
    await this.#log('Loading Service Data');
  }

  /** Stops the daemon: its services go to another node first, or rest when there is none. */
  async stop(): Promise<void> {
    const cluster = this.#cluster;
    await this.#log('Shutting down');
    for (const [name, record] of Object.entries(cluster.services)) {
      if (record.owner === cluster.id && ['started', 'starting', 'stopping'].includes(record.state)) {
        const goes = this.#best(name, [cluster.id]);
        cluster.put(name, { state: 'stopping', next: goes === undefined ? { rest: 'stopped' } : { start: goes } });
      }
    }
    const mine = (): boolean => Object.values(cluster.services).some((record) => record.owner === cluster.id && record.state === 'stopping');
    while (mine()) await new Promise((wake) => setTimeout(wake, 50));
    cluster.rgmanager = false;
    await this.#log('Shutdown complete, exiting');
  }

  /** Takes every address off at once, as the daemon does when cman goes away under it. */
  async drop(): Promise<void> {
    for (const service of this.#held.values()) await stopResources(this.#cluster.host, service);
    this.#held.clear();
  }

  /** Takes a new configuration: what changed is stopped and started again, by the node that has it. */
  async reconfigure(before: readonly ServiceConfig[]): Promise<void> {
    if (!this.#cluster.rgmanager) return;
    for (const line of ['Reconfiguring', 'Loading Service Data']) await this.#log(line);
    for (const what of ['Stopping', 'Restarting', 'Starting']) await this.#log(`${what} changed resources.`);
    const known = new Set(before.map((service) => service.name));
    for (const service of this.#cluster.config.services) {
      if (!known.has(service.name)) await this.#log(`Initializing service:${service.name}`);
      const held = this.#held.get(service.name);
      if (held === undefined || JSON.stringify(held.resources) === JSON.stringify(service.resources)) continue;
      await stopResources(this.#cluster.host, held);
      this.#held.delete(service.name);
      this.#cluster.put(service.name, { state: 'starting' });
    }
  }

  /** The node a service should run on, best first by its domain, else the lowest. */
  #best(name: string, without: readonly number[] = []): number | undefined {
    const { config } = this.#cluster;
    const service = config.services.find((each) => each.name === name);
    const free = this.#cluster.resourceMembers().filter((id) => !without.includes(id));
    const preferred = (service?.preferred ?? []).flatMap((node) => config.nodes.filter((each) => each.name === node).map((each) => each.id));
    return preferred.find((id) => free.includes(id)) ?? (service?.restricted ? undefined : free[0]);
  }

  tick(): void {
    const cluster = this.#cluster;
    if (!cluster.rgmanager) return;
    for (const [name, record] of Object.entries(cluster.services)) if (record.owner === cluster.id) void this.#serve(name, record);
    if (this.#fence.blocked()) return;
    const master = cluster.resourceMembers()[0] ?? 0;
    if (master !== this.#master) this.#settledAt = Date.now() + 700;
    this.#master = master;
    if (master === cluster.id && Date.now() > this.#settledAt) this.#decide();
    if (Date.now() - this.#checkedAt > 1000) void this.#check();
  }

  #decide(): void {
    const cluster = this.#cluster;
    const running = cluster.resourceMembers();
    for (const service of cluster.config.services) {
      const record = cluster.services[service.name];
      if (record === undefined) {
        const best = service.autostart ? this.#best(service.name) : undefined;
        if (best === undefined) cluster.put(service.name, { state: service.autostart ? 'stopped' : 'disabled' });
        else cluster.put(service.name, { state: 'starting', owner: best });
      } else if (record.owner !== 0 && !running.includes(record.owner)) {
        this.#recover(service, record);
      } else if (record.state === 'recoverable' || (record.state === 'stopped' && record.owner === 0 && service.autostart && record.next === undefined)) {
        const best = this.#best(service.name);
        if (best !== undefined) cluster.put(service.name, { state: 'starting', owner: best });
      }
    }
    for (const [name, record] of Object.entries(cluster.services)) {
      if (record.state === 'removed' || cluster.config.services.some((service) => service.name === name)) continue;
      cluster.put(name, record.owner === 0 ? { state: 'removed' } : { state: 'stopping', next: { rest: 'stopped' } });
    }
  }

  #recover(service: ServiceConfig, record: ServiceRecord): void {
    const gone = record.owner;
    if (record.state === 'failed' || record.state === 'disabled') return;
    const best = this.#best(service.name, [gone]);
    void this.#log(`Taking over service service:${service.name} from down member ${this.#cluster.nodeName(gone)}`);
    if (best === undefined) this.#cluster.put(service.name, { state: 'stopped', owner: 0, last: gone, next: undefined });
    else this.#cluster.put(service.name, { state: 'starting', owner: best, last: gone, restarts: 0, next: undefined });
  }

  async #serve(name: string, record: ServiceRecord): Promise<void> {
    if (this.#working.has(name) || (record.state !== 'starting' && record.state !== 'stopping')) return;
    if (record.state === 'starting' && this.#fence.blocked()) return;
    this.#working.add(name);
    try {
      if (record.state === 'starting') await this.#startService(name, record);
      else await this.#stopService(name, record);
    } finally {
      this.#working.delete(name);
    }
  }

  async #startService(name: string, record: ServiceRecord): Promise<void> {
    const cluster = this.#cluster;
    const service = cluster.config.services.find((each) => each.name === name);
    if (service === undefined) return;
    const minor = Number((await cluster.host.conf('EL6_MINOR')) ?? 0);
    await this.#log(`Starting stopped service${minor === 0 ? '' : ' '}service:${name}`);
    const slow = Number((await cluster.host.conf('SLOW_SERVICE')) ?? 0);
    if (slow > 0) await new Promise((wake) => setTimeout(wake, slow * 1000));
    const started = (await cluster.host.conf('SERVICE_START_FAILS')) === undefined && (await startResources(cluster.host, service));
    if (started) {
      this.#held.set(name, service);
      cluster.put(name, { state: 'started', next: undefined, last: record.last === cluster.id ? 0 : record.last });
      await this.#log(`Service service:${name} started`);
      return;
    }
    await stopResources(cluster.host, service);
    await this.#log(`start on service:${name} returned 1 (generic error)`);
    const other = record.next === undefined ? this.#best(name, [cluster.id]) : undefined;
    if (other === undefined) cluster.put(name, { state: 'stopped', owner: 0, last: cluster.id, next: { rest: 'stopped' } });
    else cluster.put(name, { state: 'starting', owner: other, last: cluster.id, next: { rest: 'stopped' } });
    if (other === undefined) await this.#log(`#71: Relocating failed service service:${name}`);
  }

  async #stopService(name: string, record: ServiceRecord): Promise<void> {
    const cluster = this.#cluster;
    const service = this.#held.get(name) ?? cluster.config.services.find((each) => each.name === name);
    await this.#log(`Stopping service service:${name}`);
    const stopped = (await cluster.host.conf('SERVICE_STOP_FAILS')) === undefined && (service === undefined || (await stopResources(cluster.host, service)));
    if (!stopped) {
      cluster.put(name, { state: 'failed', owner: 0, last: cluster.id, next: undefined });
      await this.#log(`#12: RG service:${name} failed to stop; intervention required`);
      return;
    }
    this.#held.delete(name);
    const next = cluster.services[name]?.next ?? record.next;
    if (next !== undefined && 'start' in next) {
      await this.#log(`Service service:${name} is stopped`);
      cluster.put(name, { state: 'starting', owner: next.start, last: cluster.id, next: undefined });
    } else {
      const rest = next?.rest ?? 'stopped';
      await this.#log(`Service service:${name} is ${rest}`);
      cluster.put(name, { state: rest, owner: 0, last: cluster.id, next: rest === 'stopped' ? { rest } : undefined });
    }
  }

  async #check(): Promise<void> {
    this.#checkedAt = Date.now();
    const cluster = this.#cluster;
    for (const [name, service] of this.#held) {
      const record = cluster.services[name];
      if (record?.state !== 'started' || record.owner !== cluster.id || record.frozen || (await resourcesHealthy(cluster.host, service))) continue;
      await this.#log(`status on ip "${name}" returned 1 (generic error)`);
      const other = service.recovery === 'relocate' ? this.#best(name, [cluster.id]) : undefined;
      const rest: ServiceRecord['next'] = service.recovery === 'disable' ? { rest: 'disabled' } : { start: other ?? cluster.id };
      cluster.put(name, { state: 'stopping', restarts: record.restarts + 1, next: rest });
    }
  }

  async #log(message: string): Promise<void> {
    await this.#cluster.host.log('rgmanager', message);
  }
}

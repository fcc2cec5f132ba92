import type { Cluster } from './cluster.ts';

/** fenced and dlm in one: who must be fenced, by whom, and how it went. Services wait until nobody is left to be fenced. */
export class FenceDomain {
  readonly #cluster: Cluster;
  #busy = false;
  /** The last node fenced and how, for `fence_tool ls -n`. */
  readonly history = new Map<number, { readonly master: number; readonly how: string }>();
  /** How often each victim was tried, to log less and less. */
  readonly #tries = new Map<number, number>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Joins the domain, waiting a while for the other nodes as `fence_tool join -m` does. Gives what fence_tool prints. */
  async join(memberDelay: number): Promise<string> {
    const cluster = this.#cluster;
    if (cluster.fenceJoined) return '';
    const deadline = Date.now() + memberDelay * 1000;
    const complete = (): boolean => cluster.members().length === cluster.config.nodes.length;
    while (!complete() && Date.now() < deadline) await pause(50);
    cluster.fenceJoined = true;
    await cluster.host.log('fenced', `fenced ${cluster.config.version} started`);
    void this.#startupFencing();
    return complete() ? '' : 'fence_tool: continuing without all members\n';
  }

  /** Nodes that nobody has seen since this cluster started may be alive and holding what is not theirs: they are fenced too. */
  async #startupFencing(): Promise<void> {
    const cluster = this.#cluster;
    await pause((await cluster.host.seconds(cluster.config.postJoinDelay)) * 1000);
    if (!cluster.fenceJoined) return;
    for (const node of cluster.config.nodes) {
      const seen = node.id === cluster.id || cluster.peers.has(node.id);
      if (!seen && !cluster.victims.has(node.id)) cluster.victims.set(node.id, Date.now());
    }
  }

  /** Whether resources must wait. */
  blocked(): boolean {
    return !this.#cluster.fenceJoined || this.#cluster.victims.size > 0 || !this.#cluster.quorate();
  }

  master(): number {
    return this.#cluster.fenceMembers()[0] ?? 0;
  }

  /** Called on every tick: the lowest member fences, the others follow what it says. */
  tick(): void {
    const cluster = this.#cluster;
    if (!cluster.fenceJoined || cluster.victims.size === 0) return;
    const master = this.master();
    if (master === cluster.id) {
      if (!this.#busy && cluster.quorate()) void this.#fenceAll();
      return;
    }
    const told = cluster.peers.get(master)?.beat.victims ?? [];
    for (const [id, since] of cluster.victims) if (!told.includes(id) && Date.now() - since > 500) cluster.victims.delete(id);
  }

  async #fenceAll(): Promise<void> {
    this.#busy = true;
    const { host, config, victims } = this.#cluster;
    try {
      const delay = Math.min(...[...victims.values()].map((since) => since + config.postFailDelay * 1000)) - Date.now();
      if (this.#tries.size === 0 && delay > 0) await pause(await host.seconds(delay));
      for (const id of victims.keys()) {
        const how = (await this.#overridden(id)) ? 'override' : (await this.fence(id)) ? 'agent' : undefined;
        if (how !== undefined) this.#done(id, how);
        else this.#tries.set(id, (this.#tries.get(id) ?? 0) + 1);
      }
      if (victims.size > 0) await pause((await host.seconds(config.overrideTime)) * 1000);
    } finally {
      this.#busy = false;
    }
  }

  #done(id: number, how: string): void {
    this.#cluster.victims.delete(id);
    this.#tries.delete(id);
    this.history.set(id, { master: this.#cluster.id, how });
    // Whatever it was, it is gone: when it comes back it comes back new.
    this.#cluster.peers.delete(id);
  }

  /** fence_ack_manual leaves the name of a node that the operator vouches for. */
  async #overridden(id: number): Promise<boolean> {
    const { host } = this.#cluster;
    const file = 'run/cluster/fenced_override';
    const name = this.#cluster.nodeName(id);
    if ((await host.read(file))?.trim() !== name) return false;
    await host.remove(file);
    await host.log('fenced', `fence ${name} overridden by administrator intervention`);
    return true;
  }

  /** Fences one node by its methods, in order; a method works when all of its devices do. */
  async fence(id: number): Promise<boolean> {
    const { host } = this.#cluster;
    const name = this.#cluster.nodeName(id);
    const tried = this.#tries.get(id) ?? 0;
    const say = async (message: string): Promise<void> => {
      if (tried < 3) await host.log('fenced', message);
    };
    if (tried === 3) await host.log('fenced', `fencing node ${name} still retrying`);
    await say(`fencing node ${name}`);
    const methods = this.#cluster.node(id)?.methods ?? [];
    for (const [at, devices] of methods.entries()) {
      if (await this.#method(name, at, devices, say)) {
        await host.log('fenced', `fence ${name} success`);
        return true;
      }
    }
    if (methods.length === 0) await say(`fence ${name} dev 0.0 agent none result: error no method`);
    await say(`fence ${name} failed`);
    return false;
  }

  async #method(name: string, at: number, devices: readonly Readonly<Record<string, string>>[], say: (message: string) => Promise<void>): Promise<boolean> {
    const { host, config } = this.#cluster;
    if (devices.length === 0) await say(`fence ${name} dev ${at}.0 agent none result: error no device`);
    for (const [index, device] of devices.entries()) {
      const options = { ...config.fenceDevices.get(device['name'] ?? ''), ...device };
      const agent = options['agent'] ?? 'none';
      const words = Object.entries({ nodename: name, ...options }).filter(([key]) => key !== 'agent' && key !== 'name');
      const done = await host.run([agent.startsWith('/') ? agent : `/usr/sbin/${agent}`], `${words.map(([key, value]) => `${key}=${value}`).join('\n')}\n`);
      if (done.code !== 0) {
        await say(`fence ${name} dev ${at}.${index} agent ${agent} result: error from agent`);
        return false;
      }
    }
    return devices.length > 0;
  }
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((wake) => setTimeout(wake, milliseconds));
}

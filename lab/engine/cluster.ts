import { randomUUID } from 'node:crypto';
import type { ClusterConfig, NodeConfig } from './config.ts';
import type { HostAccess } from './host-access.ts';
import { loadConfig, type LoadedConfig } from './load.ts';
import { Wire, type Beat, type ServiceRecord } from './wire.ts';

/** What is known of another node. */
export interface Peer {
  readonly beat: Beat;
  readonly heardAt: number;
  member: boolean;
  joinedAt: number;
  incarnation: number;
}

/** How often a node speaks, in milliseconds. */
const BEAT = 100;

/** The membership of one node while its cman runs: corosync and cman in one. Owns the sockets and the clock of the simulation. */
export class Cluster {
  readonly host: HostAccess;
  readonly instance = randomUUID();
  readonly joinedAt = Date.now();
  readonly peers = new Map<number, Peer>();
  /** Nodes that died while members of the fence domain and are not fenced yet, and since when. */
  readonly victims = new Map<number, number>();
  loaded: LoadedConfig;
  generation = 4;
  fenceJoined = false;
  rgmanager = false;
  services: Record<string, ServiceRecord> = {};
  leaving = false;
  /** Called after anything changed, and on every beat. */
  onTick: () => void = () => undefined;
  /** Called when another node told this one to stop. */
  onKilled: () => void = () => undefined;
  /** Called when a higher version of cluster.conf is announced by another node. */
  onNewConfig: (version: number) => void = () => undefined;
  #wire: Wire | undefined;
  #timer: NodeJS.Timeout | undefined;
  #token = 1000;
  readonly #incarnations = new Map<number, number>();
  readonly #killing = new Set<number>();

  private constructor(host: HostAccess, loaded: LoadedConfig) {
    this.host = host;
    this.loaded = loaded;
  }

  /** Joins the cluster of /etc/cluster/cluster.conf. @throws Error with cman's sentence when that cannot be. */
  static async join(host: HostAccess): Promise<Cluster> {
    const cluster = new Cluster(host, await loadConfig(host));
    // Never less than three seconds, however time is scaled: on a busy machine a host that is merely slow must not be fenced.
    cluster.#token = Math.max(3000, (await host.seconds(cluster.config.tokenMilliseconds / 1000)) * 1000);
    cluster.#wire = await Wire.open(cluster.loaded.addresses.get(cluster.id) ?? host.address, (beat) => cluster.#heard(beat));
    cluster.#timer = setInterval(() => cluster.#tick(), BEAT);
    await host.log('corosync', "[MAIN  ] Corosync Cluster Engine ('1.2.3'): started and ready to provide service.");
    await cluster.#logMembers();
    return cluster;
  }

  get config(): ClusterConfig {
    return this.loaded.config;
  }

  get id(): number {
    return this.loaded.selfId;
  }

  node(id: number): NodeConfig | undefined {
    return this.config.nodes.find((node) => node.id === id);
  }

  nodeName(id: number): string {
    return this.node(id)?.name ?? 'none';
  }

  /** Ids of the nodes that are members now, lowest first. */
  members(): readonly number[] {
    return [this.id, ...[...this.peers].filter(([, peer]) => peer.member).map(([id]) => id)].sort((left, right) => left - right);
  }

  /** Members whose fence daemon has joined the domain. */
  fenceMembers(): readonly number[] {
    return this.members().filter((id) => (id === this.id ? this.fenceJoined : this.peers.get(id)?.beat.fence));
  }

  /** Members on which rgmanager runs. */
  resourceMembers(): readonly number[] {
    return this.members().filter((id) => (id === this.id ? this.rgmanager : this.peers.get(id)?.beat.rgmanager));
  }

  expectedVotes(): number {
    return this.config.expectedVotes ?? this.config.nodes.reduce((sum, node) => sum + node.votes, 0);
  }

  totalVotes(): number {
    return this.members().reduce((sum, id) => sum + (this.node(id)?.votes ?? 1), 0);
  }

  quorum(): number {
    return this.config.twoNode ? 1 : Math.floor(this.expectedVotes() / 2) + 1;
  }

  quorate(): boolean {
    return this.totalVotes() >= this.quorum();
  }

  /** Writes a new version of a service's record, which the next beat carries to all nodes. */
  put(name: string, change: Partial<Omit<ServiceRecord, 'version' | 'by'>>): void {
    const old = this.services[name] ?? { state: 'stopped', owner: 0, last: 0, restarts: 0, transition: 0, frozen: false, version: 0, by: 0 };
    const moved = change.state !== undefined && change.state !== old.state;
    const transition = moved ? Math.floor(Date.now() / 1000) : old.transition;
    this.services[name] = { ...old, transition, ...change, version: old.version + 1, by: this.id };
    this.#speak();
  }

  /** Leaves: the others are told, so that nobody is fenced. `uncleanly` skips that. */
  leave(uncleanly = false): void {
    this.leaving = !uncleanly;
    if (!uncleanly) for (let times = 0; times < 3; times += 1) this.#speak();
    clearInterval(this.#timer);
    setTimeout(() => this.#wire?.close(), 20);
  }

  #speak(kill?: number): void {
    const others = [...this.loaded.addresses].filter(([id]) => id !== this.id).map(([, address]) => address);
    const hears = [...this.peers].filter(([, peer]) => this.#fresh(peer)).map(([id]) => id);
    this.#wire?.send(
      {
        cluster: this.config.name,
        id: this.id,
        instance: this.instance,
        config: this.config.version,
        hears,
        fence: this.fenceJoined,
        victims: [...this.victims.keys()],
        rgmanager: this.rgmanager,
        services: this.services,
        ...(this.leaving && { leaving: true }),
        ...(kill !== undefined && { kill }),
      },
      others,
    );
  }

  #fresh(peer: Peer): boolean {
    return Date.now() - peer.heardAt < this.#token;
  }

  #heard(beat: Beat): void {
    if (beat.cluster !== this.config.name || beat.id === this.id || this.node(beat.id) === undefined || this.leaving) return;
    const known = this.peers.get(beat.id);
    if (known?.beat.leaving && known.beat.instance === beat.instance) return;
    if (beat.kill === this.id) {
      void this.host.log('corosync', `cman killed by node ${beat.id} because we rejoined the cluster without a full restart`);
      this.onKilled();
      return;
    }
    if (known !== undefined && known.beat.instance !== beat.instance) this.#lost(beat.id, known, 'replaced');
    const kept = known?.beat.instance === beat.instance ? known : undefined;
    const peer: Peer = { beat, heardAt: Date.now(), member: kept?.member ?? false, joinedAt: kept?.joinedAt ?? 0, incarnation: kept?.incarnation ?? 0 };
    this.peers.set(beat.id, peer);
    if (beat.leaving) this.#lost(beat.id, peer, 'left');
    else this.#settle(beat.id, peer);
  }

  #settle(id: number, peer: Peer): void {
    const member = !peer.beat.leaving && this.#fresh(peer) && peer.beat.hears.includes(this.id);
    if (member && !peer.member) {
      if (this.victims.has(id) && this.#incarnations.get(id) !== undefined && peer.incarnation > 0) {
        this.#killRejoined(id);
        return;
      }
      this.victims.delete(id);
      this.generation += 4;
      Object.assign(peer, { member: true, joinedAt: Date.now(), incarnation: this.generation });
      this.#incarnations.set(id, this.generation);
      void this.#logMembers();
    }
    if (!member && peer.member && !this.#fresh(peer)) this.#lost(id, peer, 'died');
    if (!peer.member) return;
    for (const [name, record] of Object.entries(peer.beat.services)) {
      const mine = this.services[name];
      if (mine === undefined || record.version > mine.version || (record.version === mine.version && record.by > mine.by)) this.services[name] = record;
    }
    if (peer.beat.config > this.config.version) this.onNewConfig(peer.beat.config);
  }

  /** After a healed partition both sides have a state of their own: the one with the higher number goes. */
  #killRejoined(id: number): void {
    if (id < this.id || this.#killing.has(id)) return;
    this.#killing.add(id);
    setTimeout(() => this.#killing.delete(id), 1000);
    void this.host.log('corosync', `Killing node ${this.nodeName(id)} because it has rejoined the cluster with existing state`);
    this.#speak(id);
  }

  #lost(id: number, peer: Peer, how: 'died' | 'left' | 'replaced'): void {
    const was = peer.member;
    peer.member = false;
    if (!was) return;
    this.generation += 4;
    if (how === 'died') void this.host.log('corosync', '[TOTEM ] A processor failed, forming new configuration.');
    if (how !== 'left' && peer.beat.fence && this.fenceJoined) this.victims.set(id, Date.now());
    void this.#logMembers();
    this.onTick();
  }

  #tick(): void {
    for (const [id, peer] of this.peers) this.#settle(id, peer);
    this.#speak();
    this.onTick();
  }

  async #logMembers(): Promise<void> {
    const members = this.members();
    await this.host.log('corosync', `[QUORUM] Members[${members.length}]: ${members.join(' ')}`);
  }

  /** Takes the cluster.conf on this node's disk as the running configuration. @throws Error when it is not newer or cannot be loaded. */
  async reload(atLeast: number): Promise<void> {
    const loaded = await loadConfig(this.host);
    if (loaded.config.version < atLeast) {
      throw new Error('Unable to load new config in corosync: New configuration version has to be newer than current running configuration');
    }
    this.loaded = loaded;
    await this.#logMembers();
    this.#speak();
  }
}

import { createSocket, type Socket } from 'node:dgram';

/** Where a service is: replicated to all nodes, the higher version wins. */
export interface ServiceRecord {
  readonly state: ServiceState;
  /** Node id of the owner; 0 for none. */
  readonly owner: number;
  readonly last: number;
  readonly restarts: number;
  /** Seconds since 1970 of the last change. */
  readonly transition: number;
  readonly frozen: boolean;
  readonly version: number;
  /** The node that wrote this version, to break ties. */
  readonly by: number;
  /** What follows when a stop is done: start it on that node (0: any other), or rest in that state. */
  readonly next?: { readonly start: number } | { readonly rest: 'stopped' | 'disabled' } | undefined;
}

/** States a service goes through, in clustat's words. */
export type ServiceState = 'stopped' | 'starting' | 'started' | 'stopping' | 'failed' | 'recoverable' | 'disabled' | 'removed';

/** What a node tells all others several times a second: that it lives, whom it hears, and all that is replicated. */
export interface Beat {
  readonly cluster: string;
  readonly id: number;
  /** Differs after every start of cman: tells a node that came back from one that was never away. */
  readonly instance: string;
  readonly config: number;
  readonly hears: readonly number[];
  readonly fence: boolean;
  readonly victims: readonly number[];
  readonly rgmanager: boolean;
  readonly services: Readonly<Record<string, ServiceRecord>>;
  /** The node is going away in good order. */
  readonly leaving?: boolean;
  /** A node that must stop because it came back with a state of its own. */
  readonly kill?: number;
}

/**
 * The packets between nodes: UDP from port 5404 to port 5405, as corosync's, so that only a rule that accepts them lets them in: two different
 * ports keep the firewall's connection tracking from taking them for answers.
 */
export class Wire {
  readonly #receiver: Socket;
  readonly #sender: Socket;
  #open = true;

  private constructor(receiver: Socket, sender: Socket) {
    this.#receiver = receiver;
    this.#sender = sender;
  }

  /** Opens both sockets on the host's own address. */
  static async open(address: string, heard: (beat: Beat) => void): Promise<Wire> {
    const receiver = createSocket({ type: 'udp4', reuseAddr: true });
    const sender = createSocket({ type: 'udp4', reuseAddr: true });
    for (const socket of [receiver, sender]) socket.on('error', () => undefined);
    receiver.on('message', (packet) => {
      try {
        heard(JSON.parse(packet.toString()) as Beat);
      } catch {
        // Not ours: any host may send anything to this port.
      }
    });
    await Promise.all([new Promise<void>((done) => receiver.bind(5405, address, done)), new Promise<void>((done) => sender.bind(5404, address, done))]);
    return new Wire(receiver, sender);
  }

  send(beat: Beat, addresses: Iterable<string>): void {
    if (!this.#open) return;
    const packet = Buffer.from(JSON.stringify(beat));
    for (const address of addresses) this.#sender.send(packet, 5405, address, () => undefined);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#receiver.close();
    this.#sender.close();
  }
}

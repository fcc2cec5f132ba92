import type { Actuator, Observer } from '../../task/host.ts';
import type { Become, Target } from '../../inventory/target.ts';
import type { Traffic } from '../../transport/session.ts';

/** One host as one user: what a task works with. No connection is opened before something is read or run. */
export interface HostAccess {
  observer(signal: AbortSignal): Observer;
  /** For looking ahead: whoever is called off asks nothing new, but waits for what has been asked; hosts without it are looked at as ever. */
  readonly foresight?: (signal: AbortSignal) => Observer;
  /** What has been read since the host changed and nothing else; hosts without it are asked. */
  readonly recollection?: (signal: AbortSignal) => Observer;
  /** Grows with every change of the host, by whomever: at the same stand, the same reads give the same answers. Hosts without it are asked. */
  readonly generation?: () => number;
  /** `onOutput` hears what running commands say, as they say it. */
  actuator(signal: AbortSignal, onOutput: (stream: 'stdout' | 'stderr', text: string) => void): Actuator;
  /** Forgets what was read: the next read asks the host. */
  forget(): void;
  /** Gives up the connection and opens another. */
  reconnect(): Promise<void>;
}

/** The ways to all hosts of a run. */
export interface Sessions {
  /** Access to a host; hosts with the same target share a connection, users of one host share what a change makes untrue. */
  access(target: Target, become: Become | undefined, environment: Readonly<Record<string, string>>): HostAccess;
  /** Forgets what was read from a host, as every user. */
  forget(host: string): void;
  /** A host has come some way without a change: what was read from it and not been wanted for long is forgotten. Ways without it keep everything. */
  age?(host: string): void;
  /** Resolves when a host that is not connected yet need not queue up to be; ways without it have room always. */
  room?(): Promise<void>;
  /** What went to and from a host so far; only where that is wanted of each task. */
  traffic?(host: string): Traffic;
  /** Closes all connections; never throws. */
  close(): Promise<void>;
}

import type { Target } from '../../inventory/target.ts';
import { HostFailure } from '../channel.ts';
import type { HostFailureKind } from '../channel.ts';
import { TurnedAway } from '../limiter.ts';

/** What the main thread tells a thread that holds connections. Connections and channels are numbers that the main thread gives out. */
export type Order =
  | { readonly order: 'connect'; readonly connection: number; readonly target: Target }
  | { readonly order: 'cancel' | 'disconnect'; readonly connection: number }
  | { readonly order: 'open'; readonly connection: number; readonly channel: number; readonly command: string; readonly pty: boolean }
  | { readonly order: 'write'; readonly channel: number; readonly data: string | Uint8Array }
  /** So many bytes of the channel's output have been taken: there is room for as many again. */
  | { readonly order: 'taken'; readonly channel: number; readonly bytes: number }
  | { readonly order: 'end' | 'close'; readonly channel: number };

/** Bytes of a channel's output that may be on their way between the threads. */
export const WINDOW = 256 * 1024;

/** What it answers. Every `write` is answered by one `written`, in order. */
export type News =
  | { readonly news: 'connected' | 'disconnected'; readonly connection: number }
  | { readonly news: 'refused'; readonly connection: number; readonly failure: Failure }
  | { readonly news: 'gone'; readonly connection: number; readonly reason: string }
  | { readonly news: 'opened'; readonly channel: number }
  | { readonly news: 'unopened'; readonly channel: number; readonly failure: Failure }
  | { readonly news: 'data' | 'error'; readonly channel: number; readonly data: Uint8Array }
  | { readonly news: 'written'; readonly channel: number; readonly fault: string | undefined }
  | { readonly news: 'closed'; readonly channel: number; readonly end: { code?: number; reason?: string } };

/** A failure of the way to a host as data. */
export interface Failure {
  readonly kind: HostFailureKind;
  readonly message: string;
  readonly help: string | undefined;
  readonly turnedAway: boolean;
}

/** An error as data. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof HostFailure)) return { kind: 'lost', message: error instanceof Error ? error.message : String(error), help: undefined, turnedAway: false };
  return { kind: error.kind, message: error.message, help: error.help, turnedAway: error instanceof TurnedAway };
}

/** The same as an error again. */
export function fromFailure({ kind, message, help, turnedAway }: Failure): HostFailure {
  return turnedAway ? new TurnedAway(message) : new HostFailure(kind, message, help);
}

import type { Traffic } from '../../transport/session.ts';
import type { Sessions } from './sessions.ts';

/** Nothing yet. */
const NONE: Traffic = { roundTrips: 0, sent: 0, received: 0 };

/** What several connections to one host carried together. */
export function totalTraffic(parts: readonly Traffic[]): Traffic {
  return parts.reduce(({ roundTrips, sent, received, processes }, part) => ({
    roundTrips: roundTrips + part.roundTrips,
    sent: sent + part.sent,
    received: received + part.received,
    // Each of them sees all that is made on the host: the one that saw most is nearest to it.
    ...((processes ?? part.processes) !== undefined && { processes: Math.max(processes ?? 0, part.processes ?? 0) }),
  }), NONE);
}

/** Begins to look at what goes to and from a host; the answer says what it was since then. Undefined where nobody wants to know. */
export function watchTraffic(sessions: Sessions, host: string): (() => Traffic) | undefined {
  const before = sessions.traffic?.(host);
  if (before === undefined) return undefined;
  return () => {
    const { roundTrips, sent, received, processes } = sessions.traffic?.(host) ?? before;
    return {
      roundTrips: roundTrips - before.roundTrips,
      sent: sent - before.sent,
      received: received - before.received,
      ...(processes !== undefined && { processes: processes - (before.processes ?? 0) }),
    };
  };
}

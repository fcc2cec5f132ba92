import type { Happening } from '../../event/event.ts';
import { awaitDecision, callOff } from '../../transport/armed.ts';
import { hostAccess, type HostAccess as Access } from '../../transport/access.ts';
import { createActuator } from '../../transport/actuator.ts';
import type { Transport } from '../../transport/channel.ts';
import type { Observer } from '../../task/host.ts';
import type { Become, Target } from '../../inventory/target.ts';
import { connectLimiter } from '../../transport/limiter.ts';
import { createForesight, createObserver, createRecollection } from '../../transport/observer.ts';
import { HostSession } from '../../transport/session.ts';
import type { HostAccess, Sessions } from './sessions.ts';
import { totalTraffic } from './traffic.ts';
import { actuatorWith, observerWith } from '../call/with-environment.ts';

/** What the ways to the hosts need from the run. */
export interface SessionsContext {
  readonly signal: AbortSignal;
  readonly publish: (happening: Happening) => void;
  /** Nothing may be written on any host. */
  readonly check: boolean;
  /** It is wanted of each task what it carried, and how many processes were made meanwhile. */
  readonly profile?: boolean;
}

/** Opens the real ways to hosts: ssh and local, each loaded when the first host needs it. */
export function openSessions({ signal, publish, check, profile = false }: SessionsContext): Sessions {
  const connect = connectLimiter();
  const transports = { ssh: lazyTransport('ssh'), local: lazyTransport('local') };
  const sessions = new Map<string, HostSession>();
  const byHost = new Map<string, HostSession[]>();
  const accesses = new Map<HostSession, Map<string, Access>>();
  const sessionOf = (target: Target): HostSession => {
    const key = JSON.stringify(target);
    const known = sessions.get(key);
    if (known) return known;
    let started = 0;
    const session = new HostSession(target, transports[target.transport], {
      connect,
      profile,
      onState(state, message) {
        // The same session may connect again, much later.
        if (state === 'connecting') started = Date.now();
        const duration = state === 'connecting' ? {} : { duration: Date.now() - started };
        if (state === 'lost') publish({ type: 'note', level: 'warning', code: 'connection-lost', host: target.name, message: message ?? 'the connection was lost' });
        else if (state !== 'unreachable') publish({ type: 'host.state', host: target.name, state, ...duration });
      },
      // A new session on this machine itself proves nothing about connections.
      ...(target.transport === 'ssh' && { onArmed: async (shell, { orphaned, undecided }) => {
        const say = (message: string): void => publish({ type: 'note', level: 'warning', code: 'rollback-armed', host: target.name, message });
        if (undecided.length > 0) {
          say('another run has changed how this host is reached, and has not confirmed it yet: waiting until it has, or the host has taken the change back');
          await awaitDecision(shell, undecided, !check);
        }
        if (orphaned.length === 0) return;
        const fate = check ? 'the host will take the change back within a minute or so: this check may see it in place' : 'the host was reached all the same, so the change stays';
        say(`a run that was stopped left a rollback armed; ${fate}`);
        if (!check) await callOff(shell, orphaned);
      } }),
    });
    sessions.set(key, session);
    byHost.set(target.name, [...(byHost.get(target.name) ?? []), session]);
    return session;
  };
  const accessOf = (session: HostSession, become: Become | undefined): Access => {
    let own = accesses.get(session);
    if (!own) accesses.set(session, (own = new Map()));
    const key = JSON.stringify(become ?? null);
    let access = own.get(key);
    if (!access) own.set(key, (access = hostAccess(session, become)));
    return access;
  };
  // The way to a host is worked out once for many tasks, and asked for several times by each.
  const recent = new WeakMap<Target, { readonly become: Become | undefined; readonly environment: Readonly<Record<string, string>>; readonly access: HostAccess }>();
  return {
    access(target, become, environment): HostAccess {
      const known = recent.get(target);
      if (known?.become === become && known?.environment === environment) return known.access;
      const access = accessOf(sessionOf(target), become);
      let last: { readonly limit: AbortSignal; readonly observer: Observer } | undefined;
      const own: HostAccess = {
        observer: (limit) => observerWith(environment, createObserver(access, limit)),
        foresight: (limit) => (last?.limit === limit ? last : (last = { limit, observer: observerWith(environment, createForesight(access, limit)) })).observer,
        generation: () => access.memo.generation,
        recollection: (limit) => createRecollection(access, limit),
        actuator: (limit, onOutput) => actuatorWith(environment, createActuator(access, limit, { onOutput })),
        forget: () => access.memo.changed(),
        reconnect: () => access.reconnect(signal),
      };
      recent.set(target, { become, environment, access: own });
      return own;
    },
    forget(host) {
      for (const session of byHost.get(host) ?? []) session.memo().changed();
    },
    age(host) {
      for (const session of byHost.get(host) ?? []) session.age();
    },
    room: () => connect.room(),
    ...(profile && { traffic: (host: string) => totalTraffic((byHost.get(host) ?? []).map((session) => session.traffic)) }),
    async close() {
      for (const session of sessions.values()) if (session.traffic.roundTrips > 0) publish({ type: 'host.traffic', host: session.target.name, ...session.traffic });
      await Promise.all([...sessions.values()].map((session) => session.close()));
    },
  };
}

/** A transport whose library is loaded when a host is first connected to: start-up does not pay for ssh2. */
function lazyTransport(kind: Target['transport']): Transport {
  const load = async (): Promise<Transport> => (kind === 'local' ? (await import('../../transport/local/transport.ts')).localTransport() : (await import('../../transport/ssh/threads.ts')).spreadSshTransport());
  let loaded: Promise<Transport> | undefined;
  return { connect: async (target, signal) => (await (loaded ??= load())).connect(target, signal) };
}

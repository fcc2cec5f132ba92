import { HostFailure } from '../channel.ts';
import { TurnedAway } from '../limiter.ts';
import type { AuthPlan } from './auth.ts';

/** What is known when a connection fails. */
export interface FailureFacts {
  /** `user@host:port`. */
  readonly where: string;
  readonly host: string;
  readonly auth: AuthPlan | undefined;
  /** The daemon's software, when it said so. */
  readonly software: string | undefined;
  readonly legacy: boolean;
}

/** Turns an error of ssh2 or of a socket into the reason a person needs. */
export function connectFailure(error: Error & { code?: string | number; level?: string }, facts: FailureFacts): HostFailure {
  const { where, host } = facts;
  const unreachable = (text: string, help?: string): HostFailure => new HostFailure('unreachable', `${where}: ${text}`, help);
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return unreachable(`the name ${host} cannot be resolved`, 'check the name, or set ansible_host to an address');
    case 'ECONNREFUSED':
      return unreachable('connection refused', 'is sshd running there, and on this port? (ansible_port)');
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return unreachable('no route to the host', 'is it switched on, and is the network between up? A firewall that rejects the port (icmp-host-prohibited) says the same');
    case 'ETIMEDOUT':
      return unreachable('no answer to the connection attempt', 'is it switched on, and does a firewall let port 22 through?');
    case 'ECONNRESET':
    case 'EPIPE':
      return facts.software === undefined ? new TurnedAway(`${where}: the connection was cut before the daemon said anything`) : unreachable('the connection was cut during the login');
    default:
      break;
  }
  if (/lost before handshake/i.test(error.message)) return new TurnedAway(`${where}: the daemon hung up before it said who it is`);
  if (error.level === 'client-authentication') return authFailure(facts);
  if (/no matching/i.test(error.message)) {
    const help = facts.legacy ? 'the daemon may speak only algorithms that are not implemented' : 'for an old or oddly hardened daemon set legacy_algorithms: true for this host';
    return unreachable(error.message.replace(/^Handshake failed: /, ''), help);
  }
  return unreachable(error.message === '' ? String(error.code ?? 'unknown error') : error.message);
}

function authFailure({ where, auth, software }: FailureFacts): HostFailure {
  const old = /OpenSSH_[1-5]\./.test(software ?? '');
  const accepted = auth === undefined || auth.accepted().length === 0 ? '' : ` (the daemon takes: ${auth.accepted().join(', ')})`;
  const help = old && auth?.onlyModernKeys() === true ? 'this daemon (OpenSSH 5, EL6) knows RSA keys only: make one with ssh-keygen -t rsa' : 'give a key (ansible_ssh_private_key_file), load one into ssh-agent, or use --ask-pass';
  return new HostFailure('auth', `${where}: login refused${accepted}; tried: ${auth?.tried() ?? 'nothing'}`, help);
}

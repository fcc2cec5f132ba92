import { own } from '../../runner/util/own.ts';
/** One line of /proc/net/tcp or tcp6. */
export interface TcpSocket {
  /** Hex as the kernel prints it: 8 digits for IPv4, 32 for IPv6. */
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly state: string;
}

/** Names of the states, by the kernel's number. */
const STATES: Readonly<Record<string, string>> = {
  '01': 'ESTABLISHED', '02': 'SYN_SENT', '03': 'SYN_RECV', '04': 'FIN_WAIT1', '05': 'FIN_WAIT2', '06': 'TIME_WAIT',
  '07': 'CLOSE', '08': 'CLOSE_WAIT', '09': 'LAST_ACK', '0A': 'LISTEN', '0B': 'CLOSING',
};

/** Reads /proc/net/tcp and tcp6, one after the other. */
export function parseProcNetTcp(text: string): readonly TcpSocket[] {
  return [...text.matchAll(/^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]+):[0-9A-F]{4} ([0-9A-F]{2}) /gm)].map(([, localAddress = '', port = '', remoteAddress = '', state = '']) => ({
    localAddress, localPort: Number.parseInt(port, 16), remoteAddress, state: own(STATES, state) ?? state,
  }));
}

/** The hex forms in which an IPv4 address can stand there, on machines of either byte order, mapped into IPv6 included. */
export function hexAddresses(address: string): readonly string[] {
  const parts = address.split('.').map((part) => Number(part).toString(16).toUpperCase().padStart(2, '0'));
  if (parts.length !== 4 || parts.some((part) => part.length !== 2 || part === 'NaN')) return [];
  const [big, little] = [parts.join(''), parts.toReversed().join('')];
  return [big, little, `0000000000000000FFFF0000${little}`, `00000000000000000000FFFF${big}`];
}

const ANY = ['00000000', '0'.repeat(32)];
const LOOPBACK = [...hexAddresses('127.0.0.1'), `${'0'.repeat(24)}01000000`, `${'0'.repeat(31)}1`];

/** Whether something listens on a port where a program of the same machine that connects to loopback finds it. */
export function listensLocally(sockets: readonly TcpSocket[], port: number): boolean {
  return sockets.some(({ localAddress, localPort, state }) => state === 'LISTEN' && localPort === port && (ANY.includes(localAddress) || LOOPBACK.includes(localAddress)));
}

import { quoteWord, rawCommand, sh, type Command } from '../../../runner/task/command.ts';
import { TaskFailure } from '../../../runner/task/failure.ts';
import type { Output } from '../../../runner/task/host.ts';
import { translateRegex } from '../../../runner/util/python-regex.ts';
import { hexAddresses, listensLocally, parseProcNetTcp } from '../../parse/proc-net-tcp.ts';

/** What `wait_for` waits for. */
export interface Awaited {
  readonly host: string;
  readonly port?: number | undefined;
  readonly path?: string | undefined;
  readonly state: 'started' | 'stopped' | 'present' | 'absent' | 'drained';
  readonly search_regex?: string | undefined;
  readonly connect_timeout: number;
  readonly active_connection_states: readonly string[];
  readonly exclude_hosts: readonly string[];
}

/** A look at the host: what to run there, and whether what it left means that the waiting is over. */
export interface Look {
  readonly command: Command;
  /** The match, when a text was searched for; true or false otherwise. @throws TaskFailure when it can never be over */
  readonly over: (output: Output) => boolean | RegExpExecArray;
  /** Ansible's words for when it takes too long. */
  readonly complaint: string;
}

const LOCAL = new Set(['127.0.0.1', 'localhost', '0.0.0.0', '::1', 'ip6-localhost']);

/** How to look for what is awaited; undefined when only time is to pass. */
export function lookFor(want: Awaited): Look | undefined {
  const { path, port, host, state, search_regex } = want;
  if (path !== undefined) return lookForPath(path, want);
  if (state === 'drained') return lookForConnections(want);
  if (port === undefined) return undefined;
  const gone = state === 'stopped' || state === 'absent';
  if (search_regex !== undefined && !gone) return lookForGreeting(port, search_regex, want);
  const complaint = gone ? `Timeout when waiting for ${host}:${port} to stop.` : `Timeout when waiting for ${host}:${port}`;
  // The kernel's own list of sockets: no tool is needed, and the service sees no connection of ours.
  if (LOCAL.has(host)) return { command: SOCKETS, over: ({ stdout }) => listensLocally(parseProcNetTcp(stdout), port) !== gone, complaint };
  return { command: connect(host, port, want.connect_timeout), over: (output) => (reached(output) ? !gone : gone), complaint };
}

const SOCKETS = sh`cat /proc/net/tcp /proc/net/tcp6 2>/dev/null`;

function lookForPath(path: string, { state, search_regex }: Awaited): Look {
  if (state === 'absent') return { command: sh`[ ! -e ${path} ]`, over: ({ code }) => code === 0, complaint: `Timeout when waiting for ${path} to be absent.` };
  if (search_regex === undefined) return { command: sh`[ -e ${path} ]`, over: ({ code }) => code === 0, complaint: `Timeout when waiting for file ${path}` };
  const pattern = translateRegex(search_regex, 'ma');
  return { command: sh`cat ${path} 2>/dev/null`, over: ({ stdout }) => pattern.exec(stdout) ?? false, complaint: `Timeout when waiting for search string ${search_regex} in ${path}` };
}

function lookForConnections({ host, port, active_connection_states, exclude_hosts }: Awaited): Look {
  const excluded = new Set(exclude_hosts.flatMap(hexAddresses));
  const here = new Set(hexAddresses(host));
  const counts = (stdout: string): number => parseProcNetTcp(stdout).filter((socket) =>
    socket.localPort === port && active_connection_states.includes(socket.state) && !excluded.has(socket.remoteAddress)
    && (host === '0.0.0.0' || here.size === 0 || here.has(socket.localAddress))).length;
  return { command: SOCKETS, over: ({ stdout }) => counts(stdout) === 0, complaint: `Timeout when waiting for ${host}:${port ?? ''} to drain` };
}

function lookForGreeting(port: number, search: string, { host, connect_timeout: seconds }: Awaited): Look {
  const pattern = translateRegex(search, 'ma');
  const bash = sh`timeout ${seconds} bash -c ${'exec 3<>"/dev/tcp/$0/$1" && cat <&3'} ${host} ${port}`;
  const command = sh`if ${HAS_BASH}; then ${bash}; elif command -v nc >/dev/null 2>&1; then nc -w ${seconds} ${host} ${port} </dev/null; else exit 127; fi`;
  return {
    command,
    over(output) {
      if (output.code === 127) throw new TaskFailure(NO_TOOL);
      return pattern.exec(output.stdout) ?? false;
    },
    complaint: `Timeout when waiting for search string ${search} in ${host}:${port}`,
  };
}

const HAS_BASH = sh`command -v bash >/dev/null 2>&1 && command -v timeout >/dev/null 2>&1`;
const NO_TOOL = 'the host has no tool that can connect to a port: bash with timeout, nc or curl';

/** Tries a connection with what the host has: bash's /dev/tcp, nc (which may know no -z), or curl. */
function connect(host: string, port: number, seconds: number): Command {
  const words = `${quoteWord(host)} ${port}`;
  return rawCommand(`if ${HAS_BASH.script}; then timeout ${seconds} bash -c 'exec 3<>"/dev/tcp/$0/$1"' ${words} 2>/dev/null
elif command -v nc >/dev/null 2>&1; then nc -z -w ${seconds} ${words} 2>/dev/null || nc -w ${seconds} ${words} </dev/null >/dev/null 2>&1
elif command -v curl >/dev/null 2>&1; then curl -s --connect-timeout ${seconds} -m ${seconds} telnet://${quoteWord(host)}:${port} </dev/null >/dev/null 2>&1; r=$?; [ $r -eq 0 ] || [ $r -eq 28 ]
else exit 127; fi`);
}

function reached({ code }: Output): boolean {
  if (code === 127) throw new TaskFailure(NO_TOOL);
  return code === 0;
}

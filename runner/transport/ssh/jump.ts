import { HostFailure } from '../channel.ts';
import type { Target } from '../../inventory/target.ts';

/** The target for a jump host, from `[user@]host[:port]` or `ssh://…`. Its login is its own: only agent, keys and ssh_config are shared. */
export function jumpTarget(spec: string, before: readonly string[], behind: Target): Target {
  const text = spec.replace(/^ssh:\/\//, '').replace(/\/$/, '');
  const match = /^(?:(?<user>.*)@)?(?:\[(?<v6>[^\]]+)\]|(?<host>[^:]+))(?::(?<port>\d+))?$/.exec(text);
  const address = match?.groups?.v6 ?? match?.groups?.host;
  if (address === undefined) throw new HostFailure('unreachable', `'${spec}' is not a jump host`, 'write it as user@host:port');
  const { user, port } = match?.groups ?? {};
  return {
    name: address,
    transport: 'ssh',
    address,
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port: Number(port) }),
    ...shared(behind),
    // Without hops of its own it may have some in ssh_config.
    ...(before.length > 0 && { proxyJump: before }),
  };
}

function shared(behind: Target): Partial<Target> {
  const { sshConfig, hostKeyChecking, knownHosts, connectTimeout, privateKey, passphrase } = behind;
  return {
    ...(sshConfig !== undefined && { sshConfig }),
    ...(hostKeyChecking !== undefined && { hostKeyChecking }),
    ...(knownHosts !== undefined && { knownHosts }),
    ...(connectTimeout !== undefined && { connectTimeout }),
    ...(privateKey !== undefined && { privateKey }),
    ...(passphrase !== undefined && { passphrase }),
  };
}

import { HostFailure } from '../channel.ts';
import { fingerprint, judge, keyType } from './known-hosts.ts';
import type { KnownHost } from './known-hosts.ts';
import { appendKnownHost } from './known-hosts-files.ts';

/** What is known about a host's keys before it is asked. */
export interface HostKeyPolicy {
  readonly checking: 'strict' | 'accept-new' | 'off';
  /** The name in known_hosts. */
  readonly name: string;
  /** The lines about it. */
  readonly lines: readonly KnownHost[];
  /** The file that `accept-new` writes to. */
  readonly file: string | undefined;
}

/** Decides about a key; a failure is the reason why not. A key that has changed is never accepted, whatever the setting. */
export async function verifyHostKey(policy: HostKeyPolicy, key: Buffer): Promise<HostFailure | undefined> {
  const { name, checking } = policy;
  const shown = `${keyType(key)} ${fingerprint(key)}`;
  const verdict = judge(policy.lines, key);
  switch (verdict.kind) {
    case 'known':
      return undefined;
    case 'revoked':
      return new HostFailure('host-key', `${name} showed a key that is marked as revoked (${place(verdict.by)}): ${shown}`, 'somebody may be listening in; do not connect');
    case 'changed':
      if (checking === 'off' && !verdict.sameType) return undefined;
      return new HostFailure('host-key', changedText(name, shown, verdict.was, verdict.sameType), `if the host was installed anew: ssh-keygen -R '${name}' -f ${verdict.was.file}, then accept its new key`);
    case 'unknown':
      break;
  }
  if (checking === 'off') return undefined;
  if (checking === 'accept-new') {
    // Written in full or not at all; a file that cannot be written (/dev/null) is no reason to refuse.
    if (policy.file !== undefined && policy.file !== '/dev/null') {
      try {
        await appendKnownHost(policy.file, name, key);
      } catch (error) {
        return new HostFailure('host-key', `the key of ${name} could not be recorded: ${error instanceof Error ? error.message : String(error)}`, `make ${policy.file} writable`);
      }
    }
    return undefined;
  }
  const authority = verdict.authority === undefined ? '' : `; there is a certificate authority for it (${place(verdict.authority)}), but host certificates are not supported`;
  return new HostFailure(
    'host-key',
    `the key of ${name} is not known: ${shown}${authority}`,
    'compare the fingerprint, then add the key to known_hosts (ssh-keyscan, or log in once with ssh), or run with --host-key-checking accept-new',
  );
}

function changedText(name: string, shown: string, was: KnownHost, sameType: boolean): string {
  const old = fingerprint(Buffer.from(was.key, 'base64'));
  return sameType
    ? `the key of ${name} has changed: it showed ${shown}, but ${place(was)} has ${was.type} ${old}; somebody may be listening in`
    : `${name} showed ${shown}, but only keys of other types are known (${place(was)} has ${was.type} ${old})`;
}

function place(line: KnownHost): string {
  return `${line.file}:${line.line}`;
}

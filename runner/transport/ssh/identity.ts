import type { ParsedKey } from 'ssh2';
import { HostFailure } from '../channel.ts';
import { readIfThere } from './config-files.ts';
import type { Ssh2 } from './load.ts';
import type { Identity } from './settings.ts';

/** A private key that can be tried, or why it cannot. */
export interface LoadedIdentity {
  readonly path: string;
  readonly key?: ParsedKey;
  /** The public half, when it is known without the private one. */
  readonly publicKey?: Buffer;
  /** Why it was passed over. */
  readonly skipped?: string;
}

/** Reads the private keys that are there. @throws HostFailure when one that was named in the inventory cannot be used */
export function loadIdentities(ssh2: Ssh2, identities: readonly Identity[], passphrase: string | undefined): readonly LoadedIdentity[] {
  const loaded: LoadedIdentity[] = [];
  for (const { path, named } of identities) {
    const text = readIfThere(path);
    const key = text === undefined ? undefined : parsePrivate(ssh2, text, passphrase);
    if (key && !(key instanceof Error)) {
      loaded.push({ path, key, publicKey: key.getPublicSSH() });
      continue;
    }
    if (key === undefined && named) throw new HostFailure('auth', `the private key ${path} cannot be read`, 'check ansible_ssh_private_key_file');
    const publicText = readIfThere(`${path}.pub`);
    const publicKey = publicText === undefined ? undefined : publicHalf(ssh2, publicText);
    const known = publicKey === undefined ? {} : { publicKey };
    if (key === undefined) {
      if (publicKey !== undefined) loaded.push({ path, ...known, skipped: 'only the public half is there' });
    } else if (named && publicKey === undefined) throw new HostFailure('auth', `the private key ${path} cannot be used: ${key.message}`, 'give its passphrase, or load it into ssh-agent');
    else loaded.push({ path, ...known, skipped: key.message });
  }
  return loaded;
}

const parsedKeys = new Map<string, ParsedKey | Error>();

/** The key of a text, parsed (and decrypted) once for all hosts that it opens. */
function parsePrivate(ssh2: Ssh2, text: string, passphrase: string | undefined): ParsedKey | Error {
  const name = JSON.stringify([text, passphrase]);
  const key = parsedKeys.get(name) ?? parsePrivateText(ssh2, text, passphrase);
  parsedKeys.set(name, key);
  return key;
}

function parsePrivateText(ssh2: Ssh2, text: string, passphrase: string | undefined): ParsedKey | Error {
  const parsed = ssh2.utils.parseKey(text, passphrase);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key === undefined) return new Error('it holds no key');
  if (key instanceof Error) {
    return /no passphrase given/i.test(key.message) ? new Error('it is encrypted and no passphrase was given') : /bad passphrase|decrypt|integrity/i.test(key.message) ? new Error('the passphrase is wrong') : key;
  }
  return key.isPrivateKey() ? key : new Error('it is a public key');
}

function publicHalf(ssh2: Ssh2, text: string): Buffer | undefined {
  const parsed = ssh2.utils.parseKey(text);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  return key === undefined || key instanceof Error ? undefined : key.getPublicSSH();
}

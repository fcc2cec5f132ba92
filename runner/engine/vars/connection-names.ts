import type { Value } from '../../expr/value.ts';
import type { Directives } from '../../playbook/model.ts';
import type { Tree } from '../../template/tree.ts';
import type { Layer } from '../../vars/scope.ts';
import type { RunSettings } from '../request.ts';
import { own } from '../../util/own.ts';

/** Both names that Ansible has for one setting of the connection. */
const PAIRS: Readonly<Record<string, string>> = {
  ansible_host: 'ansible_ssh_host', ansible_ssh_host: 'ansible_host', ansible_user: 'ansible_ssh_user', ansible_ssh_user: 'ansible_user', ansible_port: 'ansible_ssh_port', ansible_ssh_port: 'ansible_port',
};

/** What holds when nobody says anything. */
const OTHERWISE: Readonly<Record<string, (host: string, connection: RunSettings['connection']) => Value | undefined>> = {
  ansible_host: (host) => host,
  ansible_user: (_, { user }) => user,
  ansible_port: (_, { port }) => port,
  ansible_connection: (_, { connection }) => connection ?? 'ssh',
  ansible_timeout: (_, { timeout }) => timeout ?? 10,
};

/**
 * How the host of a task is reached, where no variable says so: `{{ ansible_host }}` and the like always mean something in a task.
 * The weakest layers of its variables; `lookup` asks all of them.
 */
export function connectionNames(host: string, directives: Directives | undefined, settings: RunSettings, lookup: (name: string) => Value | undefined): Layer[] {
  const given = givenNames(directives);
  let asking = false;
  /** What the other name of the same setting says. */
  const other = (name: string): Value | undefined => {
    const twin = own(PAIRS, name);
    if (asking || twin === undefined) return undefined;
    asking = true;
    try {
      return lookup(twin);
    } finally {
      asking = false;
    }
  };
  const otherwise = (name: string): Value | undefined => own(OTHERWISE, name)?.(host, settings.connection);
  return [
    { kind: 'computed', names: () => [], lookup: (name) => (Object.hasOwn(PAIRS, name) ? other(name) : undefined) },
    ...(given.size > 0 ? [{ kind: 'tree', vars: given } as const] : []),
    { kind: 'computed', names: () => Object.keys(OTHERWISE).filter((name) => otherwise(name) !== undefined), lookup: otherwise },
  ];
}

/** What keywords say of the way to the host. */
function givenNames(directives: Directives | undefined): ReadonlyMap<string, Tree> {
  const given = new Map<string, Tree>();
  if (directives?.remoteUser !== undefined) given.set('ansible_user', directives.remoteUser);
  if (directives?.port !== undefined) given.set('ansible_port', directives.port);
  if (directives?.connection !== undefined) given.set('ansible_connection', directives.connection);
  return given;
}

import type { Value } from '../expr/value.ts';
import type { Directives } from '../playbook/model.ts';
import type { Tree } from '../template/tree.ts';
import type { Layer } from '../vars/scope.ts';
import type { RunSettings } from './request.ts';
import { own } from '../util/own.ts';

/** Both names that Ansible has for one setting of the connection. */
const PAIRS: Readonly<Record<string, string>> = {
  ansible_host: 'ansible_ssh_host', ansible_ssh_host: 'ansible_host', ansible_user: 'ansible_ssh_user', ansible_ssh_user: 'ansible_user', ansible_port: 'ansible_ssh_port', ansible_ssh_port: 'ansible_port',
};

/**
 * How the host of a task is reached, where no variable says so: `{{ ansible_host }}` and the like always mean something in a task.
 * The weakest layers of its variables; `lookup` asks all of them.
 */
export function connectionNames(host: string, directives: Directives | undefined, settings: RunSettings, lookup: (name: string) => Value | undefined): Layer[] {
  const { connection } = settings;
  const given: Readonly<Record<string, Tree | undefined>> = { ansible_user: directives?.remoteUser, ansible_port: directives?.port, ansible_connection: directives?.connection };
  const otherwise: Readonly<Record<string, Value | undefined>> = { ansible_host: host, ansible_user: connection.user, ansible_port: connection.port, ansible_connection: connection.connection ?? 'ssh', ansible_timeout: connection.timeout ?? 10 };
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
  return [
    { kind: 'computed', names: () => [], lookup: (name) => (Object.hasOwn(PAIRS, name) ? other(name) : undefined) },
    { kind: 'tree', vars: new Map(Object.entries(given).flatMap(([name, tree]) => (tree === undefined ? [] : [[name, tree] as const]))) },
    { kind: 'data', vars: new Map(Object.entries(otherwise).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))) },
  ];
}

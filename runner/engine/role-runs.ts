import type { Role } from '../playbook/model.ts';

/** Which roles one host has been through in a play: a role used again with the same parameters is not run again. */
export class RoleRuns {
  readonly #ran = new Set<Role>();
  readonly #done = new Map<string, Role>();

  /** True when this use of a role is to be skipped. */
  repeats(role: Role): boolean {
    const done = this.#done.get(role.useKey);
    return role.once && done !== undefined && done !== role;
  }

  /** A task of the role did something, even fail: it was not just skipped. */
  ran(role: Role): void {
    this.#ran.add(role);
  }

  /** The host has left the role behind. */
  left(role: Role): void {
    if (this.#ran.has(role) && !this.#done.has(role.useKey)) this.#done.set(role.useKey, role);
  }
}

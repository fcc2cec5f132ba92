import { problem, type Diagnostic } from '../source/diagnostic.ts';
import type { Span } from '../source/span.ts';
import type { Loading } from './load-context.ts';

/** Collections whose modules are the ones here. */
const OURS: ReadonlySet<string> = new Set(['ansible.builtin', 'ansible.posix', 'ansible.utils', 'community.general', 'community.crypto']);

/**
 * In a role of a collection a plain word is that collection's module, where it has one: `user` in a role of `awx.awx` makes users of AWX.
 * Ours of the same name must not take its place.
 */
export function ofOwnCollection(word: string, rolePath: string | undefined, at: Span, { files }: Loading): Diagnostic | undefined {
  const [, folder, owner, name] = /^(.*\/ansible_collections\/(\w+)\/(\w+))\//.exec(rolePath ?? '') ?? [];
  const collection = `${owner ?? ''}.${name ?? ''}`;
  if (folder === undefined || OURS.has(collection) || files.read(`${folder}/plugins/modules/${word}.py`) === undefined) return undefined;
  return problem('unknown-module', `in a role of ${collection}, '${word}' is that collection's module, which is not available here`, at, `write 'ansible.builtin.${word}' for Ansible's own`);
}

import { own } from '../util/own.ts';

/** Filters and lookups of the collections that are often met and not here, with what does the same. */
const WAYS_OUT: Readonly<Record<string, string>> = {
  json_query: 'there is no JMESPath: the same can be said with selectattr, map, dict2items and first',
  url: 'fetch it in a task of its own with uri (return_content) or get_url, and use what that registers',
  config: 'put the value into a variable',
  dig: 'ask in a task of its own: command: getent hosts NAME',
  passwordstore: 'put the secret into a vault file, or run the program with lookup(\'pipe\', …)',
  hashi_vault: 'put the secret into a vault file, or run the program with lookup(\'pipe\', …)',
};
const SAME: Readonly<Record<string, string>> = { dnstxt: 'dig' };

/** What to write instead of a filter or lookup that is not here; undefined for a word nobody knows. */
export function wayOut(name: string): string | undefined {
  const plain = name.split('.').at(-1) ?? name;
  return own(WAYS_OUT, own(SAME, plain) ?? plain) ?? (name.split('.').length === 3 ? 'filters and lookups of collections are Python, which does not run here' : undefined);
}

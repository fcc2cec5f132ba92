import { own } from '../util/own.ts';
import { nearest } from '../util/suggest.ts';

/** Filters and lookups of the collections that are often met and not here, with what does the same. */
const WAYS_OUT: Readonly<Record<string, string>> = {
  jc: 'take what the program said apart with regex_findall or split',
  k8s_config_resource_name: 'give the resource a name of your own',
  url: 'fetch it in a task of its own with uri (return_content) or get_url, and use what that registers',
  config: 'put the value into a variable',
  dig: 'ask in a task of its own: command: getent hosts NAME',
  passwordstore: 'put the secret into a vault file, or run the program with lookup(\'pipe\', …)',
  hashi_vault: 'put the secret into a vault file, or run the program with lookup(\'pipe\', …)',
};
const SAME: Readonly<Record<string, string>> = { dnstxt: 'dig' };

/** What to do about a filter, test or lookup that is not here: its way out, or the word of `known` that was probably meant. */
export function helpForName(name: string, known: Iterable<string>): string | undefined {
  const parts = name.split('.');
  const plain = parts.pop() ?? name;
  const way = own(WAYS_OUT, own(SAME, plain) ?? plain);
  if (way !== undefined) return way;
  const near = nearest(plain, known);
  if (near !== undefined) return `did you mean '${[...parts, near].join('.')}'?`;
  return parts.length === 2 ? 'filters and lookups of collections are Python, which does not run here' : undefined;
}

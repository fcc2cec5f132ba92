/** Collections whose names may stand before a plain one. */
const COLLECTION = /^(?:ansible\.(?:builtin|legacy|posix|utils|netcommon)|community\.(?:general|crypto))\./;

/** Names that two collections have for different filters: the plain one is that of ansible.utils. */
const NAMESAKES: ReadonlySet<string> = new Set(['keep_keys', 'remove_keys', 'replace_keys'].map((name) => `community.general.${name}`));

/** A filter's or test's name without its collection. */
export function plainOperation(name: string): string {
  return NAMESAKES.has(name) ? name : name.replace(COLLECTION, '');
}

/** Filters that answer for a missing value. */
export const TAKES_UNDEFINED: ReadonlySet<string> = new Set(['default', 'd', 'mandatory', 'type_debug', 'ternary']);

/** Tests of whether there is a value at all. */
export const ABOUT_EXISTENCE: ReadonlySet<string> = new Set(['defined', 'undefined']);

/** Tests that answer for a missing value: those that only ask for its type say no. */
export const TEST_UNDEFINED: ReadonlySet<string> = new Set([...ABOUT_EXISTENCE, 'none', 'boolean', 'true', 'false', 'integer', 'float', 'number', 'string', 'mapping', 'sequence', 'sameas']);

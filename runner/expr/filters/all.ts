import type { Operation } from '../scope.ts';
import { ADDRESS_FILTERS } from './addresses.ts';
import { COLLECTION_FILTERS } from './collections.ts';
import { DURATION_FILTERS } from './durations.ts';
import { KEY_FILTERS } from './keys.ts';
import { MERGED_LIST_FILTERS } from './merged-lists.ts';
import { DATE_FILTERS } from './dates.ts';
import { DICT_FILTERS } from './dicts.ts';
import { DIGEST_FILTERS } from './digests.ts';
import { FORMAT_FILTERS } from './formats.ts';
import { QUERY_FILTERS } from './json-query.ts';
import { LIST_FILTERS } from './lists.ts';
import { NUMBER_FILTERS } from './numbers.ts';
import { PATH_FILTERS } from './paths.ts';
import { RANDOM_FILTERS } from './random.ts';
import { REGEX_FILTERS } from './regex.ts';
import { SELECTING_FILTERS } from './selecting.ts';
import { SET_FILTERS } from './sets.ts';
import { TEXT_FILTERS } from './text.ts';
import { URL_FILTERS } from './urls.ts';
import { VALUE_FILTERS } from './values.ts';

/** Every filter of Jinja, of ansible-core, and those of collections that roles use, by plain name. */
export const FILTERS: ReadonlyMap<string, Operation> = new Map([
  ...VALUE_FILTERS, ...TEXT_FILTERS, ...NUMBER_FILTERS, ...LIST_FILTERS, ...SELECTING_FILTERS, ...SET_FILTERS, ...DICT_FILTERS,
  ...REGEX_FILTERS, ...RANDOM_FILTERS, ...FORMAT_FILTERS, ...PATH_FILTERS, ...DIGEST_FILTERS, ...DATE_FILTERS, ...URL_FILTERS,
  ...ADDRESS_FILTERS, ...COLLECTION_FILTERS, ...DURATION_FILTERS, ...KEY_FILTERS, ...MERGED_LIST_FILTERS, ...QUERY_FILTERS,
]);

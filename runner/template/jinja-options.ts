import type { JsonObject } from '../util/json.ts';
import { yesOrNo } from '../util/yes-no.ts';
import type { JinjaOptions } from './jinja.ts';
import { own as entryOf } from '../util/own.ts';

const NAMES: Readonly<Record<string, keyof JinjaOptions>> = {
  trim_blocks: 'trimBlocks', lstrip_blocks: 'lstripBlocks', newline_sequence: 'newlineSequence',
  variable_start_string: 'variableStart', variable_end_string: 'variableEnd',
  block_start_string: 'blockStart', block_end_string: 'blockEnd',
  comment_start_string: 'commentStart', comment_end_string: 'commentEnd',
};

/** Ansible's names of the Jinja options as ours; anything else is left out. */
export function jinjaOptions(options: JsonObject): JinjaOptions {
  return Object.fromEntries(Object.entries(options).flatMap(([name, value]) => {
    const own = entryOf(NAMES, name);
    if (own === undefined || value === null) return [];
    return [[own, (own === 'trimBlocks' || own === 'lstripBlocks') && typeof value === 'string' ? yesOrNo(value) === true : value]];
  }));
}

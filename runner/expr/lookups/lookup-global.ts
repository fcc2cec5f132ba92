import { asBool, asString } from '../arguments.ts';
import { find } from '../compile-call.ts';
import { ExpressionError, UndefinedError } from '../errors.ts';
import { use } from '../operators.ts';
import type { Operation } from '../scope.ts';
import { toText } from '../text.ts';
import type { Value } from '../value.ts';

/** What `lookup` (joined by commas when all are texts) and `query` (always a list) do. */
export function lookupGlobal(alwaysList: boolean): Operation {
  return ([name, ...terms], named, context) => {
    if (name === undefined) throw new ExpressionError('lookup() needs the name of a lookup');
    const plugin = asString(name);
    const lookup = find(context.environment.lookups, plugin);
    if (!lookup) throw new ExpressionError(`lookup plugin (${plugin}) not found`);
    const options = new Map(named);
    const wantList = asBool(options.get('wantlist'), alwaysList) || alwaysList;
    const errors = toText(options.get('errors') ?? 'strict');
    for (const key of ['wantlist', 'errors', 'allow_unsafe']) options.delete(key);
    for (const term of terms) use(term);
    let found: readonly Value[];
    try {
      found = lookup(terms, options, context);
    } catch (error) {
      if (!(error instanceof ExpressionError) || error instanceof UndefinedError || errors === 'strict') throw error;
      return wantList ? [] : null;
    }
    if (wantList || found.length === 0) return [...found];
    if (found.every((each) => typeof each === 'string')) return found.join(',');
    const [only = null] = found;
    return found.length === 1 ? only : [...found];
  };
}

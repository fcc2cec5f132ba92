import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { requireFile, searchFolders } from '../expr/lookups/search-path.ts';
import type { CallContext, Lookup, Scope } from '../expr/scope.ts';
import { toText } from '../expr/text.ts';
import { isMapping, type Value } from '../expr/value.ts';
import { templateVars } from './template-vars.ts';
import { renderHandlebars } from './handlebars.ts';
import { renderJinja, type TemplateLoader } from './jinja.ts';

/** The `template` lookup, for `standardEnvironment({ lookups: templateLookups() })`: expressions themselves know nothing of templates. */
export function templateLookups(basedir?: string): ReadonlyMap<string, Lookup> {
  const template: Lookup = (terms, options, context) => terms.map((term) => {
    const path = requireFile(toText(term), 'templates', context, basedir, 'template');
    const scope = withVariables(context.scope, path, options.get('template_vars'));
    const text = readFileSync(path, 'utf8');
    if (path.endsWith('.hbs')) return renderHandlebars(text, path, { lookup: (name) => scope.lookup(name), names: () => scope.names?.() ?? [] }, context.environment);
    const marker = (name: string): string | undefined => (options.has(name) ? toText(options.get(name) ?? '') : undefined);
    return renderJinja(text, path, scope, context.environment, loaderFor(path, context, basedir), {
      ...optional('variableStart', marker('variable_start_string')), ...optional('variableEnd', marker('variable_end_string')),
      ...optional('commentStart', marker('comment_start_string')), ...optional('commentEnd', marker('comment_end_string')),
    });
  });
  return new Map([['template', template]]);
}

function optional<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, string>);
}

/** Other templates are found beside this one, then in the search path. */
function loaderFor(path: string, context: CallContext, basedir: string | undefined): TemplateLoader {
  const folders = [dirname(path), ...searchFolders(context, basedir).flatMap((folder) => [resolve(folder, 'templates'), folder])];
  return (name) => {
    const found = folders.map((folder) => resolve(folder, name)).find((each) => existsSync(each));
    return found === undefined ? undefined : { path: found, text: readFileSync(found, 'utf8') };
  };
}

function withVariables(scope: Scope, path: string, extra: Value | undefined): Required<Scope> {
  const own = new Map<string, Value>([...templateVars(path), ['template_basename', basename(path)]]);
  if (extra !== undefined && isMapping(extra)) for (const key of extra.keys()) own.set(toText(key), extra.get(key) ?? null);
  return {
    lookup: (name) => {
      const value = own.get(name);
      return value === undefined || (name === 'ansible_managed' && scope.lookup(name) !== undefined) ? scope.lookup(name) : value;
    },
    names: () => new Set([...own.keys(), ...(scope.names?.() ?? [])]),
  };
}

import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Environment, Scope } from '../expr/scope.ts';
import type { JinjaOptions } from './jinja.ts';

/** Variables whose names can be listed, as Handlebars needs them. */
export interface NamedScope extends Scope {
  names(): Iterable<string>;
}

/**
 * Renders a template file of the controller: `.hbs` by Handlebars, everything else as Jinja. Files it includes are looked for beside it,
 * then in `folders`. Either engine is loaded when it is first needed.
 */
export async function renderFile(path: string, scope: NamedScope, environment: Environment, folders: readonly string[], options: JinjaOptions = {}): Promise<string> {
  // At once: see `findFile` of the engine.
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.hbs')) return (await import('./handlebars.ts')).renderHandlebars(text, path, scope, environment);
  const { renderJinja } = await import('./jinja.ts');
  return renderJinja(text, path, scope, environment, (name) => {
    const candidates = isAbsolute(name) ? [name] : [dirname(path), ...folders].map((folder) => join(folder, name));
    const found = candidates.find((candidate) => existsSync(candidate));
    return found === undefined ? undefined : { path: found, text: readFileSync(found, 'utf8') };
  }, options);
}

import type { Environment } from '../expr/scope.ts';
import { ConcealedFile } from '../source/concealed-file.ts';
import { InputError, type Diagnostic } from '../source/diagnostic.ts';
import type { SourceFile } from '../source/file.ts';
import { checkHandlebars } from './handlebars.ts';
import { checkJinja, type JinjaOptions } from './jinja.ts';
import type { SpannedUse } from './render.ts';

/** What shows in a template file without rendering it. */
export interface CheckedFile {
  readonly diagnostics: readonly Diagnostic[];
  /** Variables without which rendering it certainly fails. */
  readonly sure: readonly SpannedUse[];
}

/** Looks through a template file: `.hbs` as Handlebars, everything else as Jinja. One that was encrypted is left to the run. */
export function checkFile(file: SourceFile, environment: Environment, options: JinjaOptions = {}): CheckedFile {
  if (file instanceof ConcealedFile) return { diagnostics: [], sure: [] };
  try {
    const uses = file.path.endsWith('.hbs') ? checkHandlebars(file.text, file.path, environment) : checkJinja(file.text, file.path, environment, options);
    return { diagnostics: [], sure: uses };
  } catch (error) {
    if (error instanceof InputError) return { diagnostics: error.diagnostics, sure: [] };
    throw error;
  }
}

import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { DateTime } from '../expr/datetime.ts';
import type { Value } from '../expr/value.ts';
import { managedText, ownerName } from './managed-text.ts';

/** What a template knows of itself: `template_host`, `template_uid`, its paths and times, `ansible_managed`. */
export function templateVars(path: string, more: { readonly managed?: string | undefined; readonly destination?: string | undefined } = {}): ReadonlyMap<string, Value> {
  const about = statSync(path, { throwIfNoEntry: false });
  return new Map<string, Value>([
    ['template_host', hostname()],
    ['template_path', path],
    ['template_fullpath', path],
    ['template_mtime', onTheWall(about?.mtimeMs ?? Date.now())],
    ['template_uid', ownerName(about?.uid ?? 0)],
    ['template_run_date', DateTime.now(false)],
    ['template_destpath', more.destination ?? null],
    ['ansible_managed', managedText(more.managed, path)],
  ]);
}

/** The time as the clock on the controller's wall showed it. */
function onTheWall(milliseconds: number): DateTime {
  return new DateTime(Math.round((milliseconds - new Date(milliseconds).getTimezoneOffset() * 60_000) * 1000));
}

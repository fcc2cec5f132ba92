import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { strftime } from '../expr/strftime.ts';

/** What `ansible_managed` says in a template: the text of the configuration with the template's path, owner, host and time filled in. */
export function managedText(text: string | undefined, path: string): string {
  if (text === undefined) return 'Ansible managed';
  const about = statSync(path, { throwIfNoEntry: false });
  const fields: Readonly<Record<string, () => string>> = { host: hostname, uid: () => ownerName(about?.uid ?? 0), file: () => path.replaceAll('%', '%%') };
  const filled = text.replaceAll(/\{(host|uid|file)\}/g, (all, name: string) => fields[name]?.() ?? all);
  if (!filled.includes('%')) return filled;
  const changed = about?.mtime ?? new Date();
  // The time as the clock on the controller's wall shows it.
  return strftime(filled, new Date(changed.getTime() - changed.getTimezoneOffset() * 60_000));
}

const names = new Map<number, string>();

/** A user of the controller by number; the number as text where it has no name. Looked up once: every template of every host asks. */
export function ownerName(uid: number): string {
  const known = names.get(uid) ?? nameIn('/etc/passwd', uid) ?? String(uid);
  names.set(uid, known);
  return known;
}

function nameIn(file: string, uid: number): string | undefined {
  try {
    return new RegExp(`^([^:]*):[^:]*:${uid}:`, 'm').exec(readFileSync(file, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

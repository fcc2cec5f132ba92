import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cases, topics, type Case } from '../differential/case.ts';

const TESTS = join(import.meta.dirname, '..');

/** Every playbook of the differential tests with its files, by their paths below /w. */
export function bundles(): readonly Readonly<Record<string, string>>[] {
  return topics().flatMap((topic) => cases(topic)).map(bundleOf);
}

function bundleOf({ playbook, inventory, files }: Case): Readonly<Record<string, string>> {
  const all = { ...files, hosts: files['hosts'] ?? inventory, 'site.yml': playbook };
  return Object.fromEntries(Object.entries(all).map(([path, text]) => [`/w/${path.replace(/!$/, '')}`, text]));
}

/** Texts of the files of the differential tests whose path fits. */
export function textsOf(path: RegExp): readonly string[] {
  return bundles().flatMap((files) => Object.entries(files).filter(([name]) => path.test(name)).map(([, text]) => text));
}

/** The texts of the inventory cases whose path fits. */
export function inventories(path: RegExp): readonly string[] {
  return filesBelow('inventory/cases').filter((name) => path.test(name) && !name.includes('/expected/')).map((name) => readFileSync(name, 'utf8'));
}

/** Values of one member in the objects of a case file's list `cases`. */
export function members(file: string, name: string): readonly string[] {
  const read = JSON.parse(readFileSync(join(TESTS, file), 'utf8')) as readonly Readonly<Record<string, unknown>>[] | { readonly cases: readonly Readonly<Record<string, unknown>>[] };
  const list = 'cases' in read ? read.cases : read;
  return list.map((each) => each[name]).filter((each): each is string => typeof each === 'string');
}

/** Every file below a folder of the tests. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(TESTS, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
}

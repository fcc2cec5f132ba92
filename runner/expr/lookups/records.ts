import { parseCsv } from '../../util/csv.ts';
import { asBool, asText } from '../arguments.ts';
import { ExpressionError } from '../errors.ts';
import { compileRegex } from '../regex.ts';
import type { Lookup } from '../scope.ts';
import { repr, toText } from '../text.ts';
import { isList, type Value } from '../value.ts';
import { readText } from './files.ts';
import { keyValues } from './key-values.ts';
import { requireFile } from './search-path.ts';

/** Options of one term: those of the call, overridden by `key=value` in the term. */
function settings(term: string, options: ReadonlyMap<string, Value>): { readonly key: string; readonly named: ReadonlyMap<string, string>; readonly option: (name: string, fallback: string) => string } {
  const { words, named } = keyValues(term);
  return { key: words.join(' '), named, option: (name, fallback) => named.get(name) ?? asText(options.get(name), fallback) };
}

/** Sections of an ini text: name → key → value. Continued lines are joined; `types` differ only in the comment signs. */
function iniSections(text: string, caseSensitive: boolean): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let last: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const [, heading] = /^\[([^\]]+)\]/.exec(line) ?? [];
    if (heading !== undefined) {
      section = sections.get(heading) ?? new Map();
      sections.set(heading, section);
      last = undefined;
      continue;
    }
    if (!section) throw new ExpressionError(`File contains no section headers: ${line}`);
    if (/^\s/.test(line) && last !== undefined) {
      section.set(last, `${section.get(last) ?? ''}\n${line.trim()}`);
      continue;
    }
    const [, name = '', value = ''] = /^(.*?)\s*(?:[=:]\s*(.*))?$/.exec(line.trim()) ?? [];
    last = caseSensitive ? name : name.toLowerCase();
    section.set(last, value);
  }
  return sections;
}

/** Lookups that read one value of a structured file. */
export function recordLookups(basedir: string | undefined): readonly (readonly [string, Lookup])[] {
  const csvfile: Lookup = (terms, options, context) => terms.flatMap((term): Value[] => {
    const { key, named, option } = settings(toText(term), options);
    if (key === '') throw new ExpressionError('Search key is required but was not found');
    const given = option('delimiter', 'TAB');
    const path = requireFile(option('file', 'ansible.csv'), 'files', context, basedir, 'csvfile');
    const rows = parseCsv(readText(path), { delimiter: given === 'TAB' ? '\t' : given, skipInitialSpace: false });
    const row = rows.find((each) => each[Number(option('keycol', '0'))] === key);
    if (!row) {
      const fallback = named.get('default') ?? options.get('default');
      return fallback === undefined ? [] : [fallback];
    }
    const value = row[Number(option('col', '1'))];
    if (value === undefined) throw new ExpressionError('csvfile: list index out of range');
    return [value];
  });
  const ini: Lookup = (terms, options, context) => terms.flatMap((term): Value[] => {
    const { key, option } = settings(toText(term), options);
    const properties = option('type', 'ini') === 'properties';
    const text = readText(requireFile(option('file', 'ansible.ini'), 'files', context, basedir, 'ini'));
    const sections = iniSections(properties ? `[java_properties]\n${text}` : text, asBool(options.get('case_sensitive')));
    const name = properties ? 'java_properties' : option('section', 'global');
    const section = sections.get(name);
    if (!section) throw new ExpressionError(`No section: ${repr(name)}`);
    const entries = new Map([...(sections.get('DEFAULT') ?? []), ...section]);
    if (option('re', 'False').toLowerCase() === 'true') {
      const pattern = compileRegex(key);
      return [...entries].filter(([entry]) => pattern.exec(entry)?.index === 0).map(([, value]) => value);
    }
    const value = entries.get(asBool(options.get('case_sensitive')) ? key : key.toLowerCase());
    if (value !== undefined) return [value];
    const fallback = options.get('default');
    if (fallback === undefined) return [option('default', '')];
    return isList(fallback) ? [...fallback] : [fallback];
  });
  return [['csvfile', csvfile], ['ini', ini]];
}

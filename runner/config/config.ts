import { problem, warning, type Diagnostic } from '../source/diagnostic.ts';
import { SourceFile } from '../source/file.ts';
import type { Span } from '../source/span.ts';
import { folderOf, shownPath } from '../util/posix-path.ts';
import { didYouMean, nearest } from '../util/suggest.ts';
import { findConfig, type Surroundings } from './find.ts';
import { readIniFile, type IniEntry } from './ini.ts';
import { SETTINGS, type Setting, type SettingName, type SettingValues } from './settings.ts';
import { KNOWN_WITHOUT_EFFECT, settingOfVariable, unusedSetting } from './unused.ts';
import { readValue, type SettingValue } from './value.ts';

/** What ansible.cfg and the environment set. */
export interface Config {
  /** The file that counts. */
  readonly file?: string;
  /** Only what somebody set. */
  readonly values: SettingValues;
  /** Who set it, for people. */
  readonly origins: Readonly<Record<string, string>>;
  readonly diagnostics: readonly Diagnostic[];
  /** What is set and has no effect here: worth a line at -v. */
  readonly notes: readonly string[];
}

/** Nothing set. */
export const NO_CONFIG: Config = { values: {}, origins: {}, diagnostics: [], notes: [] };

/** One text for a setting, and where it came from. */
interface Given {
  readonly text: string;
  readonly origin: string;
  readonly at?: Span;
  /** Where relative paths in it begin. */
  readonly folder: string;
}

const NAMES = Object.keys(SETTINGS) as SettingName[];

/** Reads the configuration: the environment wins over the file. Never throws; what is wrong is in the diagnostics. */
export function readConfig(around: Surroundings): Config {
  const { found, diagnostics } = findConfig(around);
  const file = found && new SourceFile(shownPath(around.cwd, found.path), found.text);
  const ini = file ? readIniFile(file) : { entries: [], diagnostics: [] };
  const all: Diagnostic[] = [...diagnostics, ...ini.diagnostics];
  const entries = new Map(ini.entries.map((entry) => [`${entry.section}.${entry.key}`, entry]));
  const values: Record<string, SettingValue> = {};
  const origins: Record<string, string> = {};
  for (const name of NAMES) {
    const setting: Setting = SETTINGS[name];
    const given = fromEnvironment(setting, around) ?? fromFile(setting, entries, found?.path, file?.path);
    if (!given || given.text.trim() === '') continue;
    const read = readValue(setting.kind, given.text, { ...around, folder: given.folder });
    const wrong = 'wrong' in read ? read.wrong : setting.choices?.includes(String(read.value)) === false ? setting.choices.join(' or ') : undefined;
    if (wrong !== undefined) {
      const help = setting.choices ? didYouMean(given.text, setting.choices) : undefined;
      all.push(problem('config-value', `${name} must be ${wrong}, not '${given.text}' (${given.origin})`, given.at, help));
    } else if ('value' in read) {
      values[name] = read.value;
      origins[name] = given.origin;
    }
  }
  const unused = [...unusedEntries(ini.entries), ...unusedVariables(around.env)];
  return {
    ...(file && { file: file.path }),
    values,
    origins,
    diagnostics: [...all, ...unused.flatMap((each) => each.diagnostic ?? [])],
    notes: unused.flatMap((each) => each.note ?? []),
  };
}

function fromEnvironment({ env: names }: Setting, { env, cwd }: Surroundings): Given | undefined {
  for (const name of names) {
    const text = env[name];
    if (text !== undefined) return { text, origin: name, folder: cwd };
  }
  return undefined;
}

function fromFile({ ini }: Setting, entries: ReadonlyMap<string, IniEntry>, path: string | undefined, label: string | undefined): Given | undefined {
  for (const name of ini) {
    const entry = entries.get(name);
    if (entry) return { text: entry.value, origin: `${label} [${entry.section}] ${entry.key}`, at: entry.at, folder: folderOf(path ?? '/') };
  }
  return undefined;
}

interface Remark {
  readonly note?: string;
  readonly diagnostic?: Diagnostic;
}

const USED_KEYS = NAMES.flatMap((name) => [...SETTINGS[name].ini]);
const USED_VARIABLES = new Set<string>(['ANSIBLE_CONFIG', 'ANSIBLE_HOME', ...NAMES.flatMap((name) => [...SETTINGS[name].env])]);

function unusedEntries(entries: readonly IniEntry[]): Remark[] {
  const known = [...USED_KEYS, ...KNOWN_WITHOUT_EFFECT];
  return entries.flatMap(({ section, key, value, at }): Remark[] => {
    const name = `${section}.${key}`;
    if (USED_KEYS.includes(name)) return [];
    if (!known.includes(name) && section === 'defaults') {
      const near = nearest(name, known);
      if (near !== undefined) return [{ diagnostic: warning('unknown-setting', `there is no setting '${key}' in [${section}]`, at, `did you mean '${near.replace(`${section}.`, '')}'?`) }];
    }
    return [remark(`[${section}] ${key}`, name, value, at)];
  });
}

function unusedVariables(env: Surroundings['env']): Remark[] {
  return Object.entries(env).flatMap(([variable, value]) => {
    if (!variable.startsWith('ANSIBLE_') || USED_VARIABLES.has(variable) || value === undefined || value === '') return [];
    return [remark(variable, settingOfVariable(variable), value)];
  });
}

function remark(shown: string, name: string, value: string, at?: Span): Remark {
  const { matters, why } = unusedSetting(name, value);
  // The value stays out of it: it might be a password.
  if (matters) return { diagnostic: warning('unused-setting', `${shown} is not followed: ${why}`, at) };
  return { note: `${shown} has no effect here${why === undefined ? '' : `: ${why}`}` };
}

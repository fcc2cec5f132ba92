import { resolvePath } from '../util/posix-path.ts';
import { yesOrNo } from '../util/yes-no.ts';

/** What a setting's text can mean, by the name of its kind. */
export interface Kinds {
  flag: boolean;
  number: number;
  text: string;
  path: string;
  /** Folders, separated by `:`. */
  paths: readonly string[];
  /** Inventory sources, separated by `,`. */
  sources: readonly string[];
  /** Words, separated by `,`. */
  words: readonly string[];
}

/** Any value of a setting. */
export type SettingValue = Kinds[keyof Kinds];

/** Where relative paths begin and what `~` and `$NAME` in them stand for. */
export interface Surroundings {
  readonly folder: string;
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Reads a text as a kind of value; `wrong` says what it would have to be. */
export function readValue<K extends keyof Kinds>(kind: K, text: string, around: Surroundings): { value: Kinds[K] } | { wrong: string };
export function readValue(kind: keyof Kinds, text: string, around: Surroundings): { value: SettingValue } | { wrong: string } {
  const whole = unquoted(text.trim());
  switch (kind) {
    case 'flag': {
      const value = whole === '' ? false : yesOrNo(whole);
      return value === undefined ? { wrong: 'yes or no' } : { value };
    }
    case 'number':
      return /^-?\d+$/.test(whole) ? { value: Number(whole) } : { wrong: 'a whole number' };
    case 'text':
      return { value: whole };
    case 'path':
      return { value: readPath(whole, around) };
    case 'paths':
      return { value: pieces(whole, ':').map((each) => readPath(each, around)) };
    case 'sources':
      return { value: sources(whole, around) };
    case 'words':
      return { value: pieces(whole.replaceAll('\n', ','), ',').map(unquoted) };
  }
}

/** A path, or undefined names kept as they are: `$NOPE/x` stays that. */
function readPath(text: string, { folder, cwd, home, env }: Surroundings): string {
  const expanded = text
    .replaceAll(/\{\{\s*CWD\s*\}\}/g, cwd)
    .replaceAll(/\{\{\s*ANSIBLE_HOME\s*\}\}/g, env['ANSIBLE_HOME'] ?? `${home}/.ansible`)
    .replaceAll(/\$(?:(\w+)|\{(\w+)\})/g, (all, bare?: string, braced?: string) => env[bare ?? braced ?? ''] ?? all)
    .replace(/^~(?=\/|$)/, home);
  return resolvePath(folder, expanded);
}

/** `inventory = hosts, other/`; a text that is no list of files but of hosts (`n1,` with a comma at its end) stays one. */
function sources(text: string, around: Surroundings): readonly string[] {
  if (/,\s*$/.test(text)) return [text];
  return pieces(text, ',').map((each) => readPath(each, around));
}

function pieces(text: string, separator: string): string[] {
  return text.split(separator).map((each) => each.trim()).filter((each) => each !== '');
}

function unquoted(text: string): string {
  return /^(["'])([\s\S]*)\1$/.exec(text)?.[2] ?? text;
}

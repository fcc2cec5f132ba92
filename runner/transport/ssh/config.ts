import { HostFailure } from '../channel.ts';
import { glob } from './config-files.ts';
import { fitsList } from './config-match.ts';
import { LineType, parse } from 'ssh-config';

/** Who asks ssh_config: the criteria that Host and Match sections are compared with. */
export interface ConfigQuery {
  /** The name as it was given. */
  readonly host: string;
  /** The remote user, when it is already decided (inventory, command line). */
  readonly user?: string;
  readonly localUser: string;
  readonly home: string;
}

/** Keywords (lower case) and their values, as the first sections that match give them; `identityfile` gathers all. */
export type ConfigValues = ReadonlyMap<string, readonly string[]>;

/** Reads a file, or undefined when there is none. */
export type ReadText = (path: string) => string | undefined;

/** Deepest nesting of Include; OpenSSH's own limit. */
const MAX_DEPTH = 16;

type Line = ReturnType<typeof parse>[number];

/** What ssh_config files say about one host: Host, Match (host, originalhost, user, localuser, all) and Include as OpenSSH reads them. @throws HostFailure for a file that cannot be read */
export async function resolveConfig(files: readonly string[], query: ConfigQuery, read: ReadText): Promise<ConfigValues> {
  const values = new Map<string, readonly string[]>();
  const walk = async (lines: readonly Line[], folder: string, depth: number): Promise<void> => {
    for (const line of lines) {
      if (line.type !== LineType.DIRECTIVE) continue;
      const key = line.param.toLowerCase();
      const words = wordsOf(line.value);
      if ('config' in line) {
        if (key === 'host' ? fitsList(words, query.host) : matches(words, query, values)) await walk([...line.config], folder, depth);
      } else if (key === 'include') {
        for (const pattern of words) for (const path of await glob(expandPath(pattern, folder, query.home))) await file(path, folder, depth + 1);
      } else if (key === 'identityfile') values.set(key, [...(values.get(key) ?? []), words.join(' ')]);
      else if (!values.has(key)) values.set(key, words);
    }
  };
  const file = async (path: string, folder: string, depth: number): Promise<void> => {
    const text = depth > MAX_DEPTH ? undefined : read(path);
    if (text !== undefined) await walk(linesFor(parsedFile(path, text), query.host), folder, depth);
  };
  for (const path of files) await file(path, path.startsWith('/etc/') ? '/etc/ssh' : `${query.home}/.ssh`, 0);
  return values;
}

/** A file, parsed, with an index of the sections that name hosts one by one: a fleet has thousands of them. */
interface ParsedFile {
  readonly text: string;
  readonly lines: readonly Line[];
  /** Indexes of the lines that may concern any host. */
  readonly general: readonly number[];
  /** Indexes of the `Host` sections that concern only the hosts they name, by those names. */
  readonly named: ReadonlyMap<string, readonly number[]>;
}

const parsed = new Map<string, ParsedFile>();

/** Parsed again only when it has another text: every host of a fleet asks. */
function parsedFile(path: string, text: string): ParsedFile {
  const known = parsed.get(path);
  if (known?.text === text) return known;
  const lines = parsedLines(path, text);
  const general: number[] = [];
  const named = new Map<string, number[]>();
  lines.forEach((line, index) => {
    const names = line.type === LineType.DIRECTIVE && 'config' in line && line.param.toLowerCase() === 'host' ? wordsOf(line.value) : ['*'];
    if (names.some((name) => /[*?!,]/.test(name))) general.push(index);
    else for (const name of new Set(names.map((each) => each.toLowerCase()))) named.set(name, [...(named.get(name) ?? []), index]);
  });
  const file = { text, lines, general, named };
  parsed.set(path, file);
  return file;
}

/** OpenSSH refuses the whole file too. */
function parsedLines(path: string, text: string): readonly Line[] {
  try {
    return [...parse(text)];
  } catch (error) {
    throw new HostFailure('unreachable', `${path} cannot be read as an ssh_config: ${(error as Error).message}`, 'ssh -F FILE -G HOST says what is wrong in it');
  }
}

/** The lines of a file that may concern a host, in their order. */
function linesFor({ lines, general, named }: ParsedFile, host: string): readonly Line[] {
  const own = named.get(host.toLowerCase()) ?? [];
  const indexes = own.length === 0 ? general : [...general, ...own].sort((a, b) => a - b);
  return indexes.flatMap((index) => lines[index] ?? []);
}

/** A Match section's criteria: all must hold; those we do not know never do. */
function matches(words: readonly string[], query: ConfigQuery, values: ConfigValues): boolean {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const negated = word.startsWith('!');
    const criterion = (negated ? word.slice(1) : word).toLowerCase();
    if (criterion === 'all') {
      if (negated) return false;
      continue;
    }
    const subject = subjectOf(criterion, query, values);
    const patterns = (words[++at] ?? '').split(',');
    if (subject === undefined || fitsList(patterns, subject) === negated) return false;
  }
  return true;
}

function subjectOf(criterion: string, query: ConfigQuery, values: ConfigValues): string | undefined {
  switch (criterion) {
    case 'host':
      return (values.get('hostname')?.[0] ?? query.host).replaceAll('%h', query.host);
    case 'originalhost':
      return query.host;
    case 'user':
      return query.user ?? values.get('user')?.[0] ?? query.localUser;
    case 'localuser':
      return query.localUser;
    default:
      return undefined;
  }
}

function wordsOf(value: string | readonly { val: string }[]): readonly string[] {
  return typeof value === 'string' ? [value] : value.map(({ val }) => val);
}

function expandPath(path: string, folder: string, home: string): string {
  if (path.startsWith('~/')) return `${home}${path.slice(1)}`;
  return path.startsWith('/') ? path : `${folder}/${path}`;
}

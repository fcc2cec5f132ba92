import { posix } from 'node:path';
import { z } from 'zod';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Flag, Text, Texts, Whole, params } from '../../runner/task/params.ts';
import { translateRegex } from '../../runner/util/python-regex.ts';
import { PATH_STAT_FORMAT, parsePathStats, type PathStat } from '../parse/path-stats.ts';
import { globRegex } from '../parse/shell-glob.ts';
import { expandPath } from './common/target.ts';
import { put } from '../../runner/util/own.ts';

const schema = params({
  paths: Texts.meta({ aliases: ['name', 'path'] }).describe('Folders to search.'),
  patterns: Texts.default([]).meta({ aliases: ['pattern'] }).describe('Shell patterns (with `use_regex`, Python patterns) of names to find; all without it.'),
  excludes: Texts.default([]).meta({ aliases: ['exclude'] }).describe('Patterns of names to leave out.'),
  use_regex: Flag.default(false).describe('Patterns are Python regular expressions.'),
  file_type: z.enum(['any', 'directory', 'file', 'link']).default('file').describe('Kind of objects to find.'),
  recurse: Flag.default(false).describe('Search folders below, too.'),
  depth: Whole.optional().describe('How many levels down, with `recurse`.'),
  hidden: Flag.default(false).describe('Find names that begin with a dot, too.'),
  follow: Flag.default(false).describe('Follow links to folders.'),
  age: Text.optional().describe('At least this old (`2d`, `1w`, seconds without unit); negative: at most.'),
  age_stamp: z.enum(['atime', 'ctime', 'mtime']).default('mtime').describe('Taken for compatibility: the modification time counts.'),
  size: Text.optional().describe('At least this large (`10m`, bytes without unit); negative: at most.'),
  contains: Text.optional().describe('Only files with a line that this Python pattern matches at its beginning.'),
  get_checksum: Flag.default(false).describe('Taken for compatibility: use `stat` for checksums.'),
});

type Params = z.output<typeof schema>;
interface Seen {
  readonly entries: readonly PathStat[];
  /** Seconds since 1970 on the host. */
  readonly now: number;
  readonly skipped: Readonly<Record<string, string>>;
  /** Paths whose content fits `contains`. */
  readonly matching: ReadonlySet<string> | undefined;
}

/** Finds files. */
export default defineTask<Params, Seen>({
  name: 'find',
  summary: 'Lists files of the host by name, kind, age, size or content. Changes nothing.',
  examples: `
- find: { paths: /var/log, patterns: '*.log', age: 4w, recurse: true }
  register: old
`,
  params: schema,
  async probe(given, host) {
    const roots = await Promise.all(given.paths.map(async (path) => expandPath(path, host)));
    const skipped: Record<string, string> = {};
    const lists = await Promise.all(roots.map(async (root) => {
      const stat = await host.stat(root, { follow: true });
      if (stat?.type !== 'directory') {
        put(skipped, root, `'${root}' is not a directory`);
        return [];
      }
      const depth = given.recurse ? given.depth : 1;
      const where = [...(given.follow ? ['-L'] : []), `${root.replace(/(.)\/+$/, '$1')}/`, '-mindepth', '1', ...(depth === undefined ? [] : ['-maxdepth', depth])];
      return host.read(sh`find ${where} -exec stat -c ${PATH_STAT_FORMAT} {} +`, ({ stdout }) => parsePathStats(stdout).map((each) => ({ ...each, path: posix.normalize(each.path) })));
    }));
    const now = await host.read(sh`date +%s`, ({ stdout }) => Number(stdout));
    const seen = { entries: lists.flat(), now, skipped, matching: undefined };
    if (given.contains === undefined) return seen;
    const pattern = translateRegex(`(?:${given.contains})`, 'y');
    const texts = await Promise.all(select(given, seen).filter(({ type }) => type === 'file').map(async ({ path }) => [path, await host.readFile(path)] as const));
    const fits = (text: string): boolean => text.split('\n').some((line) => {
      pattern.lastIndex = 0;
      return pattern.test(line);
    });
    return { ...seen, matching: new Set(texts.filter(([, content]) => content && fits(content.toString())).map(([path]) => path)) };
  },
  plan: () => [],
  result(given, seen) {
    const files = select(given, seen).map(({ path, type, mode, uid, gid, owner, group, size, mtime }) => ({
      path, mode, uid, gid, pw_name: owner, gr_name: group, size, mtime, isreg: type === 'file', isdir: type === 'directory', islnk: type === 'link',
    }));
    return { files, matched: files.length, examined: seen.entries.length, skipped_paths: seen.skipped, msg: Object.keys(seen.skipped).length > 0 ? 'Not all paths examined, check warnings for details' : 'All paths examined' };
  },
});

const AGE: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const SIZE: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

function limit(text: string | undefined, units: Readonly<Record<string, number>>): number | undefined {
  const [, number, unit = ''] = /^(-?\d+)([a-z])?$/i.exec(text ?? '') ?? [];
  return number === undefined ? undefined : Number(number) * (units[unit.toLowerCase()] ?? 1);
}

function hit(patterns: readonly RegExp[], name: string): boolean {
  return patterns.some((pattern) => {
    pattern.lastIndex = 0;
    return pattern.test(name);
  });
}

function select(given: Params, { entries, now, matching }: Seen): readonly PathStat[] {
  const compile = (pattern: string): RegExp => (given.use_regex ? translateRegex(`(?:${pattern})`, 'y') : globRegex(pattern));
  const [wanted, unwanted] = [given.patterns.map(compile), given.excludes.map(compile)];
  const [age, size] = [limit(given.age, AGE), limit(given.size, SIZE)];
  return entries.filter((entry) => {
    const name = posix.basename(entry.path);
    const old = now - entry.mtime;
    return (given.hidden || !name.startsWith('.'))
      && (given.file_type === 'any' || entry.type === given.file_type)
      && (wanted.length === 0 || hit(wanted, name)) && !hit(unwanted, name)
      && (age === undefined || (age >= 0 ? old >= age : old <= -age))
      && (size === undefined || (size >= 0 ? entry.size >= size : entry.size <= -size))
      && (matching === undefined || matching.has(entry.path));
  });
}

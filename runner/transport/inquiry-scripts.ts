import { quoteWord } from '../task/command.ts';
import { TaskFailure } from '../task/failure.ts';
import type { FileStat } from '../task/host.ts';
import type { ShellOutput } from './shell.ts';

/** Digests that hosts down to EL6 can compute. */
export type DigestAlgorithm = 'sha256' | 'sha1' | 'md5';

/** Type and mode in hex, ids, size, time, inode, device, links; names last, for they may hold anything but a colon. Known to busybox, too. */
const FORMAT = '%f:%u:%g:%s:%Y:%i:%D:%h:%U:%G';

const TYPES: Readonly<Record<number, FileStat['type']>> = { 0o10: 'file', 0o04: 'directory', 0o12: 'link', 0o01: 'fifo', 0o14: 'socket', 0o06: 'block', 0o02: 'char' };

/** A question about the object at a path: as it is, or what it leads to. */
export interface StatQuestion {
  readonly path: string;
  readonly follow: boolean;
}

/**
 * Asks for several objects with one `stat`, and with a second one for what links lead to: anything else leads to itself. Names are never
 * printed, so they may hold anything: the answer is a row of flags (0 nothing, 1 something, 2 a link), a line for each object that is
 * there, a second row and lines for what the links lead to, and the target of each link, set apart by NULs.
 */
export function statScript(questions: readonly StatQuestion[]): string {
  const table = `stat -c ${quoteWord(FORMAT)} --`;
  return `set -- ${pathsOf(questions).map(quoteWord).join(' ')}
e= n=; for p do shift; if [ -h "$p" ]; then set -- "$@" "$p"; e=\${e}2; n=1; elif [ -e "$p" ]; then set -- "$@" "$p"; e=\${e}1; else e=\${e}0; fi; done
printf '%s\\0' "$e"; [ $# -eq 0 ] || ${table} "$@" || return 1
printf '\\0'; [ -n "$n" ] || return 0
for p do shift; [ ! -h "$p" ] || set -- "$@" "$p"; done
e=; for p do if [ -e "$p" ]; then e=\${e}1; else e=\${e}0; fi; done; printf '%s\\0' "$e"
for p do readlink -- "$p"; printf '\\0'; done
for p do shift; [ ! -e "$p" ] || set -- "$@" "$p"; done
[ $# -eq 0 ] || ${table.replace('stat ', 'stat -L ')} "$@" || return 1
return 0`;
}

function pathsOf(questions: readonly StatQuestion[]): readonly string[] {
  return [...new Set(questions.map(({ path }) => path))];
}

/** Reads that answer. @throws TaskFailure when it does not fit the question */
export function parseStats(output: ShellOutput, questions: readonly StatQuestion[]): readonly (FileStat | null)[] {
  const paths = pathsOf(questions);
  const [flags = '', own = '', alive = '', ...rest] = output.stdout.split('\0');
  const lines = own.split('\n').filter((line) => line !== '');
  const links = flags.replaceAll(/[01]/g, '').length;
  const targets = rest.slice(0, links);
  const led = (rest[links] ?? '').split('\n').filter((line) => line !== '');
  const fits = flags.length === paths.length && lines.length === flags.replaceAll('0', '').length && alive.length === links && led.length === alive.replaceAll('0', '').length;
  if (output.code !== 0 || !fits) throw failure('stat', output);
  const ends = Array.from(alive);
  const seen = new Map(paths.map((path, index): [string, { own: FileStat | null; end: FileStat | null }] => {
    if (flags[index] === '0') return [path, { own: null, end: null }];
    const stat = parseLine(lines.shift() ?? '');
    if (flags[index] === '1') return [path, { own: stat, end: stat }];
    const target = (targets.shift() ?? '').replace(/\n$/, '');
    return [path, { own: { ...stat, target }, end: ends.shift() === '1' ? parseLine(led.shift() ?? '') : null }];
  }));
  return questions.map(({ path, follow }) => seen.get(path)?.[follow ? 'end' : 'own'] ?? null);
}

function parseLine(line: string): FileStat {
  const [raw = '', uid = '', gid = '', size = '', mtime = '', inode = '', device = '', links = '', user = '', group = ''] = line.split(':');
  const mode = Number.parseInt(raw, 16);
  const type = TYPES[mode >> 12];
  if (type === undefined) throw new TaskFailure(`stat printed '${line}'`);
  return {
    type, mode: (mode & 0o7777).toString(8).padStart(4, '0'), uid: Number(uid), gid: Number(gid), owner: nameOr(user, uid), group: nameOr(group, gid),
    size: Number(size), mtime: Number(mtime), inode: Number(inode), device, links: Number(links),
  };
}

function nameOr(name: string, id: string): string {
  return name === '' || name === 'UNKNOWN' ? id : name;
}

/** Several of these scripts, the bodies of functions, as one script: what each says and returns stands before a line with the mark and its code. */
export function jointScript(bodies: readonly string[], mark: string): string {
  const last = bodies.length - 1;
  return bodies.map((body, index) => `q() {\n${body}\n}\nq${index === last ? '' : `; printf '\\n${mark} %s\\n' $?`}`).join('\n');
}

/** Takes the answers of such a script apart. @throws TaskFailure when there are not as many as were asked for */
export function parseJoint(output: ShellOutput, count: number, mark: string): readonly ShellOutput[] {
  const parts = output.stdout.split(`\n${mark} `);
  if (parts.length !== count) throw failure('the host', output);
  return parts.map((part, index) => {
    // Behind each mark stands the code of the part before it.
    const stdout = index === 0 ? part : part.slice(part.indexOf('\n') + 1);
    const code = index + 1 < count ? Number.parseInt(parts[index + 1] ?? '', 10) : output.code;
    return { code, stdout, stderr: output.stderr, stdoutBytes: Buffer.alloc(0) };
  });
}

/** Asks for the digests of several files with one process; a row of 1 and 0 says which are regular files. */
export function checksumScript(paths: readonly string[], algorithm: DigestAlgorithm): string {
  return `set -- ${paths.map(quoteWord).join(' ')}
e=; for p do shift; if [ -f "$p" ]; then set -- "$@" "$p"; e=\${e}1; else e=\${e}0; fi; done
echo "$e"; [ $# -eq 0 ] || ${algorithm}sum -- "$@"`;
}

/** Reads that answer. @throws TaskFailure when it does not fit the question */
export function parseChecksum(output: ShellOutput, count: number, algorithm: DigestAlgorithm): readonly (string | null)[] {
  const [flags = '', ...rest] = output.stdout.split('\n');
  const length = { sha256: 64, sha1: 40, md5: 32 }[algorithm];
  const wanted = flags.replaceAll('0', '').length;
  // A name may go on over further lines; then it was asked for alone, and only the first line counts.
  const sums = rest.slice(0, count === 1 ? 1 : rest.length).flatMap((line) => new RegExp(`^\\\\?([0-9a-f]{${length}})(?: |$)`).exec(line)?.[1] ?? []);
  if (output.code !== 0 || flags.length !== count || sums.length !== wanted) throw failure(`${algorithm}sum`, output);
  return Array.from(flags, (flag) => (flag === '1' ? (sums.shift() ?? null) : null));
}

/** Asks for several database entries; where there is no getent (small busybox systems), the files in /etc say what they can. */
export function getentScript(entries: readonly (readonly [string, string])[]): string {
  const asks = entries.map(([database, key]) => `g ${quoteWord(database)} ${quoteWord(key)}; printf '\\0'`);
  return `if command -v getent >/dev/null 2>&1; then g() { case $2 in -*|'') ;; *) getent "$1" "$2" ;; esac; }
else g() { while IFS= read -r l; do case $1 in
passwd|group|shadow|gshadow) n=\${l%%:*}; i=\${l#*:*:}; i=\${i%%:*}; case $1 in *shadow) i= ;; esac; case $2 in "$n"|"\${i:-$n}") echo "$l"; return ;; esac ;;
*) for w in \${l%%#*}; do [ "$w" != "$2" ] || { echo "\${l%%#*}"; return; }; done ;;
esac; done <"/etc/$1"; } 2>/dev/null; fi
${asks.join('\n')}
return 0`;
}

/** Reads that answer. */
export function parseGetent(output: ShellOutput, count: number): readonly (readonly string[] | null)[] {
  const parts = output.stdout.split('\0');
  if (parts.length !== count + 1) throw failure('getent', output);
  return parts.slice(0, count).map((part) => {
    const line = part.split('\n')[0] ?? '';
    if (line === '') return null;
    return isRecord(line) ? line.split(':') : line.trim().split(/\s+/);
  });
}

/** Fields between colons (passwd), as opposed to words: `::1 localhost` has colons, too. */
function isRecord(line: string): boolean {
  return line.includes(':') && !/^[^\s:]*\s/.test(line) && !/^[0-9a-f:.%]+\s/i.test(line);
}

function failure(what: string, output: ShellOutput): TaskFailure {
  const said = output.stderr.trim();
  return new TaskFailure(`${what} could not answer: ${said === '' ? `exit code ${output.code}` : said}`, { rc: output.code, stderr: output.stderr });
}

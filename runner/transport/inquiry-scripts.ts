import { hash } from 'node:crypto';
import { quoteWord } from '../task/command.ts';
import { TaskFailure } from '../task/failure.ts';
import type { FileStat } from '../task/host.ts';
import { sharedText } from '../util/shared.ts';
import type { ShellOutput, StreamedInput } from './shell.ts';

/** Digests that hosts down to EL6 can compute. */
export type DigestAlgorithm = 'sha256' | 'sha1' | 'md5' | 'sha224' | 'sha384' | 'sha512';

/** Type and mode in hex, ids, size, time, inode, device, links; names last, for they may hold anything but a colon. Known to busybox, too. */
const FORMAT = '%f:%u:%g:%s:%Y:%i:%D:%h:%U:%G';
const FIELDS = FORMAT.split(':').length;

const TYPES: Readonly<Record<number, FileStat['type']>> = { 0o10: 'file', 0o04: 'directory', 0o12: 'link', 0o01: 'fifo', 0o14: 'socket', 0o06: 'block', 0o02: 'char' };

/*
 * The scripts of this file run in the session's own shell, without a process of their own: they are bodies of functions, use no names but
 * `_q…`, never exit, and leave the folder alone.
 */

/** A question about the object at a path: as it is, or what it leads to. */
export interface StatQuestion {
  readonly path: string;
  readonly follow: boolean;
}

/**
 * Asks for several objects with one `stat`, and with a second one for what links lead to where somebody wants to know: anything else leads
 * to itself. The answer is a row of flags (0 nothing, 1 something, 2 a link), a line for each object that is there, what each link says, and a
 * second row and lines for what the links lead to, set apart by NULs. Names are not printed, so they may hold anything; only where all are
 * plain, and there are links, does `stat` say what these say behind each line.
 *
 * `sizes`: variables that get the sizes of regular files, for the scripts behind this one. `exact`: what links say is asked in a way that is
 * right for any text.
 */
export function statScript(questions: readonly StatQuestion[], sizes: Sizes = new Map(), exact = false): string {
  const told = !exact && tellsLinks(questions);
  const table = `stat -c ${quoteWord(FORMAT)}${told ? '${_qn:+:%N}' : ''} --`;
  const paths = pathsOf(questions);
  const named = paths.map((path) => sizes.get(path) ?? '-');
  const noted = named.some((name) => name !== '-');
  // Which variable gets which line's size: those of what is not there have no line.
  const [note, kept, links] = noted ? ['_qj=${_qx%% *}; _qx=${_qx#* }; ', '; _qi="$_qi$_qj "', '; _qi="$_qi- "'] : ['', '', ''];
  return `set -- ${paths.map(quoteWord).join(' ')}${noted ? `; _qx='${named.join(' ')} ' _qi=` : ''}
_qe= _qn=; for _qp do shift; ${note}if [ -h "$_qp" ]; then set -- "$@" "$_qp"; _qe=\${_qe}2; _qn=1${links}; elif [ -e "$_qp" ]; then set -- "$@" "$_qp"; _qe=\${_qe}1${kept}; else _qe=\${_qe}0; fi; done
printf '%s\\0' "$_qe"; [ $# -eq 0 ] || ${noted ? `{ _qt=$(${table} "$@") && printf '%s\\n' "$_qt"; }` : `${table} "$@"`} || return 1
${noted ? NOTE_SIZES : ''}printf '\\0'; [ -n "$_qn" ] || return 0
${told ? '' : `set --; for _qp in ${paths.map(quoteWord).join(' ')}; do [ ! -h "$_qp" ] || set -- "$@" "$_qp"; done
${READ_LINKS}
`}set -- ${followedOf(questions).map(quoteWord).join(' ')}
_qe=; for _qp do shift; if [ ! -h "$_qp" ]; then _qe=\${_qe}-; elif [ -e "$_qp" ]; then set -- "$@" "$_qp"; _qe=\${_qe}1; else _qe=\${_qe}0; fi; done; printf '%s\\0' "$_qe"
[ $# -eq 0 ] || ${table.replace('stat ', 'stat -L ')} "$@" || return 1
return 0`;
}

/** Says what links say, each with a NUL behind it: several with one process where readlink takes several (coreutils 8.21), which is tried once. */
const READ_LINKS = `[ $# -gt 1 ] && [ -z "\${_qr-}" ] && { readlink -z -- "$@" || { _qr=1; false; }; } || for _qp do readlink -n -- "$_qp"; printf '\\0'; done`;

/** Text that no `stat` writes in another way than between quotes. */
const PLAIN = /^[ -&(-[\]-_a-~]*$/;

/** Whether stat's own way of saying what links say can be read. */
function tellsLinks(questions: readonly StatQuestion[]): boolean {
  return questions.every(({ path }) => PLAIN.test(path));
}

/** What a link says by the end of its line: `'PATH' -> 'TEXT'`, in some versions with a backtick first. @throws TaskFailure when that is not plain */
function targetIn(line: string, path: string): string {
  const [, name, text] = /^['`](.*)' -> ['`](.*)'$/.exec(line.split(':').slice(FIELDS).join(':')) ?? [];
  if (name !== path || text === undefined || !PLAIN.test(text)) throw new TaskFailure(`stat printed '${line}'`);
  return text;
}

/** Puts the sizes of regular files into the variables they are wanted in. */
const NOTE_SIZES = `_qo=$IFS; IFS='
'; set -f; for _ql in $_qt; do _qj=\${_qi%% *}; _qi=\${_qi#* }; case $_qj in -) ;; *) case $_ql in 8???:*) _ql=\${_ql#*:*:*:}; eval "$_qj=\\\${_ql%%:*}" ;; esac ;; esac; done; set +f; IFS=$_qo _qt=
`;

/** The paths that are asked about, each once. */
export function pathsOf(questions: readonly StatQuestion[]): readonly string[] {
  return [...new Set(questions.map(({ path }) => path))];
}

/** Those of which somebody wants to know what they lead to. */
function followedOf(questions: readonly StatQuestion[]): readonly string[] {
  return pathsOf(questions.filter(({ follow }) => follow));
}

/** Reads that answer. @throws TaskFailure when it does not fit the question */
export function parseStats(output: ShellOutput, questions: readonly StatQuestion[], exact = false): readonly (FileStat | null)[] {
  const paths = pathsOf(questions);
  const followed = followedOf(questions);
  const [flags = '', own = '', ...rest] = output.stdout.split('\0');
  const lines = own.split('\n').filter((line) => line !== '');
  const links = flags.replaceAll(/[01]/g, '').length;
  const told = !exact && tellsLinks(questions);
  const targets = told ? [] : rest.splice(0, links);
  const [alive = '', followedLines = ''] = rest;
  const led = followedLines.split('\n').filter((line) => line !== '');
  const disagrees = (path: string, index: number): boolean => (flags[paths.indexOf(path)] === '2') === (alive[index] === '-');
  const fits = flags.length === paths.length && lines.length === flags.replaceAll('0', '').length && led.length === alive.replaceAll(/[0-]/g, '').length
    && (links === 0 || (alive.length === followed.length && !followed.some(disagrees)));
  if (output.code !== 0 || !fits) throw failure('stat', output);
  const ends = new Map(followed.map((path, index): [string, FileStat | null] => [path, links > 0 && alive[index] === '1' ? parseLine(led.shift() ?? '') : null]));
  const seen = new Map(paths.map((path, index): [string, { own: FileStat | null; end: FileStat | null }] => {
    if (flags[index] === '0') return [path, { own: null, end: null }];
    const line = lines.shift() ?? '';
    if (flags[index] === '2') return [path, { own: parseLine(line, told ? targetIn(line, path) : targets.shift() ?? ''), end: ends.get(path) ?? null }];
    const stat = parseLine(line);
    return [path, { own: stat, end: stat }];
  }));
  return questions.map(({ path, follow }) => seen.get(path)?.[follow ? 'end' : 'own'] ?? null);
}

function parseLine(line: string, target?: string): FileStat {
  const [raw = '', uid = '', gid = '', size = '', mtime = '', inode = '', device = '', links = '', user = '', group = ''] = line.split(':');
  const mode = Number.parseInt(raw, 16);
  const type = TYPES[mode >> 12];
  if (type === undefined) throw new TaskFailure(`stat printed '${line}'`);
  const stat: Writable<FileStat> = {
    type, mode: sharedText((mode & 0o7777).toString(8).padStart(4, '0')), uid: Number(uid), gid: Number(gid), owner: nameOr(user, uid), group: nameOr(group, gid),
    size: Number(size), mtime: Number(mtime), inode: Number(inode), device: sharedText(device), links: Number(links),
  };
  // An object made from another one with something added has a shape of its own, which takes more than the object.
  if (target !== undefined) stat.target = target;
  return stat;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function nameOr(name: string, id: string): string {
  return sharedText(name === '' || name === 'UNKNOWN' ? id : name);
}

/** Several of these scripts, the bodies of functions, as one script: what each says and returns stands before a line with the mark and its code. */
export function jointScript(bodies: readonly string[], mark: string): string {
  const last = bodies.length - 1;
  return bodies.map((body, index) => `_q() {\n${body}\n}\n_q${index === last ? '' : `; printf '\\n${mark} %s\\n' $?`}`).join('\n');
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

/** What a shell can compare without a process: printable text, and not much of it, for dash reads byte by byte. */
const COMPARABLE = /^[\t\n -~]{0,2048}$/;

/** Files of so many bytes at most are read by the shell itself when they are text. */
const SHORT = 1024;

/** Exit codes of `contentScript`: no file; the text itself was printed by the shell; it is what it was said to be. */
export const CONTENT = { none: 44, text: 45, likely: 46 } as const;

/** Whether a shell can tell that a file holds just this. */
export function isComparable(content: string | Buffer | StreamedInput | undefined): content is string | Buffer {
  if (typeof content === 'string') return COMPARABLE.test(content);
  return Buffer.isBuffer(content) && content.length <= 2048 && COMPARABLE.test(content.toString('latin1'));
}

/** Reads a file into `_qv`. NULs are lost on the way: whoever compares has to know the size. */
function slurp(file: string): string {
  return `_qv= _ql=; while IFS= read -r _ql; do _qv="$_qv$_ql
"; done <${file}; _qv=$_qv$_ql`;
}

/** Variables of the shell, by path: what `statScript` found to be the size of a regular file there, unset for everything else. */
export type Sizes = ReadonlyMap<string, string>;

/**
 * Asks for the first bytes of a file. Where its size is known, a short text needs no process; nor does a longer one that is what somebody took
 * it to be, and that need not be sent either.
 */
export function contentScript(path: string, max: number, size: string | undefined, likely: Buffer | undefined): string {
  const file = quoteWord(path);
  const same = likely && `[ $_qn -ne ${likely.length} ] || [ "$_qv" != ${quoteWord(likely.toString('latin1'))} ] || return ${CONTENT.likely}\n`;
  const quick = `_qn=\${${size}-${SHORT + 1}}; unset ${size}
if [ $_qn -le ${SHORT} ]${likely ? ` || [ $_qn -eq ${likely.length} ]` : ''}; then ${slurp(file)}
${same ?? ''}_qt='\t\n -~'; case $_qv in *[!$_qt]*) ;; *) [ \${#_qv} -ne $_qn ] || { printf %s "$_qv"; return ${CONTENT.text}; } ;; esac
fi\n`;
  return `_q() { [ -f ${file} ] || return ${CONTENT.none}
${size === undefined ? '' : quick}head -c ${max} <${file}; }; _q`;
}

/** A question for the digest of a regular file, and what it may well hold. */
export interface SumQuestion {
  readonly path: string;
  readonly likely?: Buffer | undefined;
}

/**
 * Asks for the digests of several files with one process: a row says which are regular files (1), which are not (0), and which hold what they
 * were taken to hold (2), of which nothing more need be said.
 */
export function checksumScript(questions: readonly SumQuestion[], algorithm: DigestAlgorithm, sizes: Sizes = new Map()): string {
  const [guessed, plain] = guesses(questions, sizes);
  const compare = guessed.map(({ path, likely }) => {
    const [file, size] = [quoteWord(path), sizes.get(path) ?? ''];
    return `if [ "\${${size}-}" = ${likely.length} ] && _qs ${file} ${quoteWord(likely.toString('latin1'))}; then _qe=\${_qe}2; elif [ -f ${file} ]; then set -- "$@" ${file}; _qe=\${_qe}1; else _qe=\${_qe}0; fi; unset ${size}\n`;
  });
  return `set -- ${plain.map(({ path }) => quoteWord(path)).join(' ')}
_qe=; for _qp do shift; if [ -f "$_qp" ]; then set -- "$@" "$_qp"; _qe=\${_qe}1; else _qe=\${_qe}0; fi; done
${compare.length === 0 ? '' : `_qs() { ${slurp('"$1"')}; [ "$_qv" = "$2" ]; }\n${compare.join('')}`}echo "$_qe"; [ $# -eq 0 ] || ${algorithm}sum -- "$@"`;
}

/** Bytes that are compared in one request at most: more is done sooner by a process. */
const MOST_COMPARED = 4096;

/** Those whose content the shell compares, and the others; in this order they are answered. */
function guesses(questions: readonly SumQuestion[], sizes: Sizes): readonly [readonly Required<SumQuestion & { likely: Buffer }>[], readonly SumQuestion[]] {
  let left = MOST_COMPARED;
  const guessed: (SumQuestion & { likely: Buffer })[] = [];
  const plain = questions.filter(({ path, likely }) => {
    if (!likely || !sizes.has(path) || (left -= likely.length) < 0) return true;
    guessed.push({ path, likely });
    return false;
  });
  return [guessed, plain];
}

/** Reads that answer. @throws TaskFailure when it does not fit the question */
export function parseChecksum(output: ShellOutput, questions: readonly SumQuestion[], algorithm: DigestAlgorithm, sizes: Sizes = new Map()): readonly (string | null)[] {
  const [flags = '', ...rest] = output.stdout.split('\n');
  const length = { sha256: 64, sha1: 40, md5: 32, sha224: 56, sha384: 96, sha512: 128 }[algorithm];
  const wanted = flags.replaceAll(/[02]/g, '').length;
  // A name may go on over further lines; then it was asked for alone, and only the first line counts.
  const sums = rest.slice(0, questions.length === 1 ? 1 : rest.length).flatMap((line) => new RegExp(`^\\\\?([0-9a-f]{${length}})(?: |$)`).exec(line)?.[1] ?? []);
  if (output.code !== 0 || flags.length !== questions.length || sums.length !== wanted) throw failure(`${algorithm}sum`, output);
  const [guessed, plain] = guesses(questions, sizes);
  const answers = new Map([...plain, ...guessed].map(({ path, likely }, index): [string, string | null] => {
    if (flags[index] === '2' && likely) return [path, hash(algorithm, likely)];
    return [path, flags[index] === '1' ? (sums.shift() ?? null) : null];
  }));
  return questions.map(({ path }) => answers.get(path) ?? null);
}

/** Databases whose entries name themselves: several can be asked for with one process. */
const ACCOUNTS = new Set(['passwd', 'group', 'shadow', 'gshadow']);

/** A request for an entry of a database: the database, and a name or number. */
export type Entry = readonly [string, string];

/** Sorts requests for entries into those that can be asked for with one process, or with none: where they are `likely` to be in a file. */
export function entryGroups(entries: readonly Entry[], likely: (entry: Entry) => boolean): readonly (readonly Entry[])[] {
  const groups = new Map<string, Entry[]>();
  const others: Entry[] = [];
  for (const entry of entries) {
    const [database, key] = entry;
    if (!ACCOUNTS.has(database) || key === '' || key.startsWith('-')) others.push(entry);
    else groups.set(database, [...(groups.get(database) ?? []), entry]);
  }
  for (const [database, [only, ...more]] of groups) {
    if (more.length > 0 || only === undefined || likely(only)) continue;
    others.push(only);
    groups.delete(database);
  }
  return [...groups.values(), ...(others.length === 0 ? [] : [others])];
}

/** Lines of a database that a shell reads itself at most: beyond them a process is sooner done. */
const MOST_LINES = 80;

/**
 * Says accounts by what is in the file of their database, without a process, and returns: where the system looks there first, and all are in
 * it. Goes on otherwise.
 */
function fileEntries(database: string, keys: readonly string[], end: string): string {
  const name = `while read -r _ql _qn _qi || [ -n "$_ql" ]; do [ "$_ql" != ${database}: ] || { case $_qi in '['*) ;; *) _qw=$_qn ;; esac; break; }; done </etc/nsswitch.conf`;
  return `_qw=; ${name}
if [ "$_qw" = files ]; then _qe=${keys.length} _qi=${MOST_LINES} _qv=; while [ $_qi -gt 0 ] && { IFS= read -r _ql || [ -n "$_ql" ]; }; do _qi=$((_qi-1)); case ' ${keys.join(' ')} ' in *" \${_ql%%:*} "*) _qv="$_qv$_ql
"; _qe=$((_qe-1)); [ $_qe -gt 0 ] || { printf '%s${end}' "$_qv"; return 0; } ;; esac; done </etc/${database}; fi\n`;
}

/** Names that a shell finds at the beginning of a line. Numbers are looked for elsewhere. */
const ACCOUNT_NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/**
 * Asks for one such group: entries of one account database with one process, others with one each. Where there is no getent (small busybox
 * systems), the files in /etc say what they can. `likely`: they are there by all that is known.
 */
export function getentScript(entries: readonly Entry[], likely = false): string {
  const [database = '', ...others] = new Set(entries.map(([each]) => each));
  const together = entries.length > 1 && others.length === 0 && ACCOUNTS.has(database);
  const names = entries.map(([, key]) => key);
  const isInFile = likely && others.length === 0 && (together || names.length === 1) && ['passwd', 'group'].includes(database) && names.every((name) => ACCOUNT_NAME.test(name));
  const keys = [...new Set(entries.map(([, key]) => quoteWord(key)))].join(' ');
  const asks = entries.map(([each, key]) => `_qg ${quoteWord(each)} ${quoteWord(key)}; printf '\\0'`);
  return `${isInFile ? fileEntries(database, [...new Set(names)], together ? '' : '\\0') : ''}if command -v getent >/dev/null 2>&1; then ${together ? `getent ${database} ${keys}; return; fi` : `_qg() { case $2 in -*|'') ;; *) getent "$1" "$2" ;; esac; }
else`}
_qg() { while IFS= read -r _ql; do case $1 in
passwd|group|shadow|gshadow) _qn=\${_ql%%:*}; _qi=\${_ql#*:*:}; _qi=\${_qi%%:*}; case $1 in *shadow) _qi= ;; esac; case $2 in "$_qn"|"\${_qi:-$_qn}") echo "$_ql"; return ;; esac ;;
*) for _qw in \${_ql%%#*}; do [ "$_qw" != "$2" ] || { echo "\${_ql%%#*}"; return; }; done ;;
esac; done <"/etc/$1"; } 2>/dev/null${together ? '' : '; fi'}
${asks.join('\n')}
return 0`;
}

/** Reads that answer. @throws TaskFailure when it does not fit the questions */
export function parseGetent(output: ShellOutput, entries: readonly Entry[]): readonly (readonly string[] | null)[] {
  const parts = output.stdout.split('\0');
  if (parts.length === 1 && entries.length > 1) return parseAccounts(output, entries);
  if (parts.length !== entries.length + 1) throw failure('getent', output);
  return parts.slice(0, entries.length).map((part) => {
    const line = part.split('\n')[0] ?? '';
    if (line === '') return null;
    return isRecord(line) ? line.split(':') : line.trim().split(/\s+/);
  });
}

/** Entries of one account database, in no certain order; getent says 2 when at least one is missing. */
function parseAccounts(output: ShellOutput, entries: readonly Entry[]): readonly (readonly string[] | null)[] {
  const records = output.stdout.split('\n').filter((line) => line !== '').map((line) => line.split(':'));
  const answers = entries.map(([database, key]) => records.find((record) => record[/^\d+$/.test(key) && !database.endsWith('shadow') ? 2 : 0] === key) ?? null);
  // A record that nobody asked for (a name written another way), or a count that its exit code denies: they are asked for one by one.
  const strays = records.some((record) => !answers.includes(record));
  if (strays || output.code !== (answers.includes(null) ? 2 : 0)) throw failure('getent', output);
  return answers;
}

/** Fields between colons (passwd), as opposed to words: `::1 localhost` has colons, too. */
function isRecord(line: string): boolean {
  return line.includes(':') && !/^[^\s:]*\s/.test(line) && !/^[0-9a-f:.%]+\s/i.test(line);
}

function failure(what: string, output: ShellOutput): TaskFailure {
  const said = output.stderr.trim();
  return new TaskFailure(`${what} could not answer: ${said === '' ? `exit code ${output.code}` : said}`, { rc: output.code, stderr: output.stderr });
}

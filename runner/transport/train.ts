import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import type { FileSpec, Step } from '../task/change.ts';
import { quoteWord } from '../task/command.ts';
import type { FileStat } from '../task/host.ts';
import { commandOptions, splitCommands, VALUED } from '../task/split-commands.ts';
import { printfText } from './shell/encode.ts';
import { PERL_FUNCTIONS, perlDone, perlFile, perlLink, MOST_FOR_PERL, WORTH_PERL, type PerlWords } from './train-perl.ts';

/** A file to be put in place by the script: under which name it waits, whose it shall be, with which mode. */
interface Staged {
  readonly path: string;
  readonly temp: string;
  readonly content: Buffer;
  /** As for chown; empty where it stays whoever makes it. */
  readonly owner: string;
  readonly mode: string;
  /** Its temp is its name behind the train's prefix. */
  readonly prefixed: boolean;
  /** Nothing was there. */
  readonly fresh: boolean;
}

/** New folders that are made by one command. */
interface Folders {
  readonly command: string;
  /** The command up to the first folder: the same for those that may be made by one process. */
  readonly verb: string;
  readonly paths: readonly string[];
}

/** A link that a command makes. */
interface Link {
  readonly command: string;
  readonly perl: PerlWords;
}

/** What waits to be done together with what is beside it, and how many tasks are done behind it where one ends with it. */
interface Waiting<T> {
  readonly item: T;
  readonly done: number | undefined;
}

/** Bytes of a file name. */
const NAME_MAX = 255;

/**
 * The script that makes the steps of several tasks, one task after the other, in as few processes as the tools allow. Files of tasks that
 * follow each other wait beside their targets, are synced with one process and given their modes with one for each mode; those that are new
 * are renamed by one process where util-linux is, with one behind them that is not, all others one by one in the order of the tasks. New
 * folders are made by one process for those that are alike. What one process does for several tasks and cannot do for all is taken back and
 * done one by one. Where there is Perl, it gives files their modes and names and makes the links behind them, all in one process.
 *
 * `before`: what was seen at the path of a write, a file or null for nothing. `plain`: paths that must not be links or lie in folders that are:
 * where one does, nothing is done at all, for what was expected of the later tasks may be wrong.
 * Ends with 0 when everything was done; otherwise says how many tasks were.
 */
export function trainScript(parts: readonly (readonly Step[])[], before: (path: string) => FileStat | null, plain: readonly string[]): string {
  const prefix = `.rollcall-${randomBytes(8).toString('hex')}-`;
  const earlier = new Map<string, Staged | null>();
  const body: string[] = [];
  const temps: string[] = [];
  let files: Waiting<Staged>[] = [];
  let links: Waiting<Link>[] = [];
  let folders: Waiting<Folders>[] = [];
  let names = 0;
  const sail = (): void => {
    body.push(...place(files, links), ...make(folders));
    temps.push(...last(files).map(({ item }) => item.temp), ...links.map(({ item }) => item.perl[2] ?? ''));
    for (const { item } of files) earlier.set(item.path, { ...item, fresh: false });
    [files, links, folders] = [[], [], []];
  };
  parts.forEach((steps, index) => {
    steps.forEach((step, at) => {
      const done = at === steps.length - 1 ? index + 1 : undefined;
      if ('write' in step) {
        if (folders.length > 0 || links.length > 0) sail();
        const { path } = step.write;
        const item = staged(step.write, earlier.has(path) ? earlier.get(path) ?? null : before(path), prefix, names++);
        earlier.set(path, item);
        files.push({ item, done });
        return;
      }
      const command = 'run' in step ? step.run.script : 'remove' in step ? `rm -rf -- ${quoteWord(step.remove)}` : 'false';
      const perl = perlLink(command, (path) => posix.join(posix.dirname(path), `${prefix}${names++}`));
      const some = newFolders(command);
      if (perl ? folders.length > 0 : !some || files.length > 0 || links.length > 0) sail();
      if (perl) links.push({ item: { command, perl }, done });
      else if (some) folders.push({ item: some, done });
      else body.push(...guarded({ item: command, done }));
      if ('remove' in step) earlier.set(step.remove, null);
    });
  });
  sail();
  return `i=0
plain() { while [ ! -d "$1" ]; do [ ! -h "$1" ] || return 1; set -- "\${1%/*}"; [ -n "$1" ] || return 0; done; cd -P "$1" && [ "$PWD" = "$1" ]; }
none() { for t do [ ! -e "$t" ] && [ ! -h "$t" ] || return 1; done; }
over() { ${temps.length === 0 ? '' : `rm -f -- ${temps.map(quoteWord).join(' ')}; `}echo "$i"; }
trap over 0; trap 'exit 143' 1 2 13 15
for d in ${plain.map(quoteWord).join(' ')}; do plain "$d" 2>/dev/null || exit 1; done
${temps.length === 0 ? '' : fileFunctions(prefix)}${body.join('\n')}
trap - 0`;
}

/**
 * What a script with files needs. `own OWNER FILE`; `put TEMP FILE` renames one; `all LAST FILE…` renames several new ones at once and then one that
 * need not be new (or '' for none), or no new one: util-linux's rename(1) takes the prefix away. (Perl's program of that name takes the prefix
 * for a program, and refuses it.)
 */
function fileFunctions(prefix: string): string {
  return `se=; for f in /sys/fs/selinux/enforce /selinux/enforce; do [ ! -e "$f" ] || se=1; done
own() { case $1 in root:root) set -- 0:0 "$2" ;; esac; [ "$1" = "\${_ro-}" ] && [ -O "$2" ] && [ -G "$2" ] || chown "$1" "$2"; }
put() {
[ ! -h "$2" ] && [ ! -d "$2" ] || return 1
if [ -z "$se" ]; then mv -f -- "$1" "$2"
elif [ -e "$2" ]; then chcon --reference="$2" "$1" && mv -f -- "$1" "$2"
else mv -f -- "$1" "$2" && restorecon "$2"; fi
}
all() {
l=$1; shift
none "$@" || return 1
[ -z "$l" ] || { [ -z "$se" ] && [ ! -h "$l" ] && [ ! -d "$l" ]; } || return 1
for r in rename.ul rename ''; do command -v "$r" >/dev/null 2>&1 && break; done
[ -n "$r" ] || return 1
for t do set -- "$@" "\${t%/*}/${prefix}\${t##*/}"; shift; done
"$r" ${prefix} '' "$@" \${l:+"\${l%/*}/${prefix}\${l##*/}"} 2>/dev/null && label "$@" && return 0
for t do [ -e "$t" ] || mv -f -- "\${t%/*}/\${t##*/${prefix}}" "$t"; done
return 1
}
label() { [ -n "$se" ] || return 0; for t do set -- "$@" "\${t%/*}/\${t##*/${prefix}}"; shift; done; restorecon "$@"; }
${PERL_FUNCTIONS}`;
}

/** Lines for a command that ends the script where it fails. */
function guarded({ item, done }: Waiting<string>): readonly string[] {
  return [`{ ${item}\n} || exit 1`, ...told(done)];
}

/** The line that says how many tasks are done. */
function told(done: number | undefined): readonly string[] {
  return done === undefined ? [] : [`i=${done}`];
}

/** The folders that a command makes, where it is one that says all about them. */
function newFolders(command: string): Folders | undefined {
  const [words, more] = splitCommands(command) ?? [];
  const [program, ...rest] = words ?? [];
  if (program !== 'install' || more) return undefined;
  const { options, operands } = commandOptions(rest, VALUED['install']);
  if (!options.has('d') || !operands.every((path) => path.startsWith('/'))) return undefined;
  const verb = `install -d${['m', 'o', 'g'].map((letter) => (options.has(letter) ? ` -${letter} ${quoteWord(options.get(letter) ?? '')}` : '')).join('')} --`;
  return [...options.keys()].every((letter) => 'dmog'.includes(letter)) ? { command, verb, paths: operands } : undefined;
}

/** Makes folders: one process for those that are alike, unless one must be there before another. */
function make(waiting: readonly Waiting<Folders>[]): readonly string[] {
  const single = waiting.flatMap(({ item, done }) => guarded({ item: item.command, done }));
  const alike: { readonly verb: string; readonly paths: string[] }[] = [];
  for (const { item: { verb, paths } } of waiting) {
    const at = alike.findLastIndex((each) => each.verb === verb);
    const between = at < 0 ? [] : alike.slice(at + 1).flatMap((each) => each.paths);
    if (at < 0 || paths.some((path) => between.some((other) => path.startsWith(`${other}/`) || other === path))) alike.push({ verb, paths: [...paths] });
    else alike[at]?.paths.push(...paths);
  }
  if (alike.length === waiting.length) return single;
  const all = alike.flatMap(({ paths }) => paths).map(quoteWord);
  const together = alike.map(({ verb, paths }) => `${verb} ${paths.map(quoteWord).join(' ')}`).join(' && ');
  return [`if none ${all.join(' ')} && { { ${together}; } 2>/dev/null || { rmdir -- ${all.toReversed().join(' ')} 2>/dev/null; false; }; }; then`, ...atLast(waiting), 'else', ...single, 'fi'];
}

/** Says how many tasks are done when all of these are. */
function atLast(waiting: readonly Waiting<unknown>[]): readonly string[] {
  const done = waiting.findLast((each) => each.done !== undefined)?.done;
  return done === undefined ? [':'] : told(done);
}

function staged({ path, content, owner, group, mode }: FileSpec, before: FileStat | Staged | null, prefix: string, index: number): Staged {
  const [user, members] = before === null ? [] : 'temp' in before ? before.owner.split(':') : [String(before.uid), String(before.gid)];
  const own = `${owner ?? user ?? ''}:${group ?? members ?? ''}`;
  const name = `${prefix}${posix.basename(path)}`;
  const prefixed = Buffer.byteLength(name) <= NAME_MAX;
  return {
    path, temp: posix.join(posix.dirname(path), prefixed ? name : `${prefix}${index}`), prefixed, content: Buffer.from(content), owner: own === ':' ? '' : own,
    mode: mode ?? before?.mode ?? '0644', fresh: before === null || ('temp' in before && before.fresh),
  };
}

/** Of the files that are to be put in place, those that are the last of their name: nobody needs what they replace. */
function last(waiting: readonly Waiting<Staged>[]): readonly Waiting<Staged>[] {
  return waiting.filter(({ item }, index) => !waiting.slice(index + 1).some((later) => later.item.path === item.path));
}

/** Makes files, puts them in place, and makes the links that follow. A task is done once its file, or the one that replaces it, is. */
function place(waiting: readonly Waiting<Staged>[], links: readonly Waiting<Link>[]): readonly string[] {
  const kept = last(waiting);
  const runs: Waiting<Staged>[][] = [[]];
  let held = 0;
  waiting.forEach((each, index) => {
    if (!kept.includes(each)) {
      held = Math.max(held, waiting.findLastIndex(({ item }) => item.path === each.item.path));
      return;
    }
    const one = { item: each.item, done: index < held ? undefined : each.done };
    runs.at(-1)?.push(one);
    if (!one.item.fresh || !one.item.prefixed) runs.push([]);
  });
  const files = runs.flat();
  const tools = [...runs.flatMap(renaming), ...links.flatMap(({ item, done }) => guarded({ item: item.command, done }))];
  const modes = new Set(files.map(({ item }) => item.mode));
  const isForPerl = modes.size + runs.filter((run) => run.length > 0).length + links.length >= WORTH_PERL && waiting.length + links.length <= MOST_FOR_PERL;
  const made = files.length > 0 ? [staging(files.map(({ item }) => item), isForPerl)] : [];
  if (!isForPerl) return [...made, ...tools];
  const words = [
    ...files.map(({ item: { mode, temp, path }, done }) => ({ item: perlFile(mode, temp, path), done })),
    ...links.map(({ item: { perl }, done }) => ({ item: perl, done })),
  ].flatMap(({ item, done }) => [...item, ...(done === undefined ? [] : perlDone(done))]);
  return [...made, `if [ -n "$pl" ]; then perl_all ${words.map(quoteWord).join(' ')} || exit 1`, ...atLast([...files, ...links]), 'else', ...tools, 'fi'];
}

/**
 * Makes the files beside their targets, readable by nobody else until they are whole: in this very shell, where it knows its umask. `isForPerl`:
 * it gives them their modes, where there is one.
 */
function staging(files: readonly Staged[], isForPerl: boolean): string {
  const names = files.map(({ temp }) => quoteWord(temp));
  const modes = new Map<string, string[]>();
  for (const { temp, mode } of files) modes.set(mode, [...(modes.get(mode) ?? []), quoteWord(temp)]);
  return `stage() {
umask 077; set -C
${files.map(({ content }, index) => `printf ${printfText(content)} >${names[index]} || return 1`).join('\n')}
set +C
sync -d ${names.join(' ')} 2>/dev/null || for t in ${names.join(' ')}; do dd if=/dev/null of="$t" bs=1 count=0 conv=notrunc,fsync 2>/dev/null || return 1; done
${files.map(({ owner }, index) => (owner === '' ? '' : `own ${quoteWord(owner)} ${names[index]} || return 1\n`)).join('')}${isForPerl ? '[ -z "$pl" ] || return 0\n' : ''}${[...modes].map(([mode, some]) => `chmod ${mode} ${some.join(' ')} || return 1`).join('\n')}
}
if [ -n "\${_ru-}" ]; then stage && umask "$_ru"; else ( stage ); fi || exit 1`;
}

/** Puts files in place, all new but perhaps the last. */
function renaming(files: readonly Waiting<Staged>[]): readonly string[] {
  const single = files.flatMap(({ item: { temp, path }, done }) => [`put ${quoteWord(temp)} ${quoteWord(path)} || exit 1`, ...told(done)]);
  if (files.length < 2 || !files.every(({ item }) => item.prefixed)) return single;
  const fresh = files.filter(({ item }) => item.fresh);
  const old = files.find(({ item }) => !item.fresh)?.item.path ?? '';
  return [`if all ${[old, ...fresh.map(({ item }) => item.path)].map(quoteWord).join(' ')}; then`, ...atLast(files), 'else', ...single, 'fi'];
}

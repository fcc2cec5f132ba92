import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import type { FileSpec, Step } from '../task/change.ts';
import { quoteWord } from '../task/command.ts';
import type { FileStat } from '../task/host.ts';
import { printfText } from './shell/encode.ts';

/** A file to be put in place by the script: under which name it waits, whose it shall be, with which mode. */
interface Staged {
  readonly path: string;
  readonly temp: string;
  readonly content: Buffer;
  /** As for chown; empty where it stays whoever makes it. */
  readonly owner: string;
  readonly mode: string;
}

/** A file that waits to be put in place, and what is done then. */
interface Waiting {
  readonly file: Staged;
  readonly done: readonly string[];
}

/**
 * The script that makes the steps of several tasks, one task after the other, in as few processes as the tools allow: the files of tasks
 * that follow each other wait beside their targets, are synced with one process, given their modes with one for each mode, and renamed one
 * by one in the order of the tasks.
 *
 * `before`: what was seen at the path of a write, a file or null for nothing. `plain`: paths that must not be links or lie in folders that are:
 * where one does, nothing is done at all, for what was expected of the later tasks may be wrong.
 * Ends with 0 when everything was done; otherwise says how many tasks were.
 */
export function trainScript(parts: readonly (readonly Step[])[], before: (path: string) => FileStat | null, plain: readonly string[]): string {
  const mark = randomBytes(8).toString('hex');
  const earlier = new Map<string, Staged | null>();
  const body: string[] = [];
  const temps: string[] = [];
  let waiting: Waiting[] = [];
  let names = 0;
  const sail = (): void => {
    if (waiting.length > 0) body.push(...stage(waiting));
    temps.push(...last(waiting).map(({ file }) => file.temp));
    waiting = [];
  };
  parts.forEach((steps, index) => {
    steps.forEach((step, at) => {
      const done = at === steps.length - 1 ? [`i=${index + 1}`] : [];
      if ('write' in step) {
        const file = staged(step.write, earlier.has(step.write.path) ? earlier.get(step.write.path) ?? null : before(step.write.path), `.rollcall-${mark}${names++}.tmp`);
        earlier.set(file.path, file);
        waiting.push({ file, done });
        return;
      }
      sail();
      if ('remove' in step) earlier.set(step.remove, null);
      const command = 'run' in step ? step.run.script : 'remove' in step ? `rm -rf -- ${quoteWord(step.remove)}` : 'false';
      body.push(`{ ${command}\n} || exit 1`, ...done);
    });
  });
  sail();
  return `i=0
plain() { while [ ! -d "$1" ]; do [ ! -h "$1" ] || return 1; set -- "\${1%/*}"; [ -n "$1" ] || return 0; done; cd -P "$1" && [ "$PWD" = "$1" ]; }
own() { case $1 in root:root) set -- 0:0 "$2" ;; esac; [ "$1" = "\${_ro-}" ] && [ -O "$2" ] && [ -G "$2" ] || chown "$1" "$2"; }
over() { ${temps.length === 0 ? '' : `rm -f -- ${temps.map(quoteWord).join(' ')}; `}echo "$i"; }
trap over 0; trap 'exit 143' 1 2 13 15
for d in ${plain.map(quoteWord).join(' ')}; do plain "$d" 2>/dev/null || exit 1; done
${temps.length === 0 ? '' : `se=; for f in /sys/fs/selinux/enforce /selinux/enforce; do [ ! -e "$f" ] || se=1; done
`}${body.join('\n')}
trap - 0`;
}

function staged({ path, content, owner, group, mode }: FileSpec, before: FileStat | Staged | null, name: string): Staged {
  const [user, members] = before === null ? [] : 'temp' in before ? before.owner.split(':') : [String(before.uid), String(before.gid)];
  const own = `${owner ?? user ?? ''}:${group ?? members ?? ''}`;
  return {
    path, temp: posix.join(posix.dirname(path), name), content: Buffer.from(content), owner: own === ':' ? '' : own, mode: mode ?? before?.mode ?? '0644',
  };
}

/** Of the files that are to be put in place, those that are the last of their name: nobody needs what they replace. */
function last(waiting: readonly Waiting[]): readonly Waiting[] {
  return waiting.filter(({ file }, index) => !waiting.slice(index + 1).some((later) => later.file.path === file.path));
}

/** Makes files and puts them in place. A task is done once its file, or the one that replaces it, is. */
function stage(waiting: readonly Waiting[]): readonly string[] {
  const kept = last(waiting);
  let held = 0;
  return [staging(kept.map(({ file }) => file)), ...waiting.flatMap((each, index) => {
    const replaced = !kept.includes(each);
    if (replaced) held = Math.max(held, waiting.findLastIndex((later) => later.file.path === each.file.path));
    return [...(replaced ? [] : [renaming(each.file)]), ...(index < held ? [] : each.done)];
  })];
}

/** Makes the files beside their targets, readable by nobody else until they are whole. */
function staging(files: readonly Staged[]): string {
  const names = files.map(({ temp }) => quoteWord(temp));
  const modes = new Map<string, string[]>();
  for (const { temp, mode } of files) modes.set(mode, [...(modes.get(mode) ?? []), quoteWord(temp)]);
  return `( umask 077; set -C
${files.map(({ content }, index) => `printf ${printfText(content)} >${names[index]} || exit 1`).join('\n')}
set +C
sync -d ${names.join(' ')} 2>/dev/null || for t in ${names.join(' ')}; do dd if=/dev/null of="$t" bs=1 count=0 conv=notrunc,fsync 2>/dev/null || exit 1; done
${files.map(({ owner }, index) => (owner === '' ? '' : `own ${quoteWord(owner)} ${names[index]} || exit 1\n`)).join('')}${[...modes].map(([mode, some]) => `chmod ${mode} ${some.join(' ')} || exit 1`).join('\n')}
) || exit 1`;
}

function renaming({ path, temp }: Staged): string {
  const [from, to] = [quoteWord(temp), quoteWord(path)];
  return `[ ! -h ${to} ] && [ ! -d ${to} ] || exit 1
if [ -z "$se" ]; then mv -f -- ${from} ${to}
elif [ -e ${to} ]; then chcon --reference=${to} ${from} && mv -f -- ${from} ${to}
else mv -f -- ${from} ${to} && restorecon ${to}; fi || exit 1`;
}

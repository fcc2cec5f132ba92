import { randomBytes } from 'node:crypto';
import { quoteWord } from '../task/command.ts';
import type { FileSpec } from '../task/change.ts';
import type { FileStat } from '../task/host.ts';

/** Exit code of a refused validation; others are faults. */
export const INVALID = 65;

/**
 * The script that writes a file from its standard input, in one go: link resolved, temp file of our own beside it under umask 077,
 * bytes synced, owner, group and mode of the old file or as wanted, SELinux context, validation, backup, rename.
 * Nothing of it is seen under the name before the rename; whatever fails leaves the old file as it was.
 * `size` is how many bytes have to arrive: where the connection breaks, standard input ends early, and looks like any other end.
 * `before` is the old file as the plan was made from, where it was looked at: the host need not be asked for it again.
 */
export function writeScript(file: Omit<FileSpec, 'content'>, size: number, before?: FileStat | null): string {
  const own = `${file.owner ?? ''}:${file.group ?? ''}`;
  return `p=${quoteWord(file.path)}
n=0; while [ -h "$p" ]; do
q=$(readlink -- "$p" && echo .) || exit 1; q=\${q%.}; q=\${q%?}
case $q in /*) p=$q ;; *) p=\${p%/*}/$q ;; esac
n=$((n+1)); [ $n -lt 40 ] || { echo "$p: links that go round in a circle" >&2; exit 1; }
done
[ ! -d "$p" ] || { echo "$p is a folder" >&2; exit 1; }
d=\${p%/*}; [ -d "\${d:-/}" ] || { echo "the folder \${d:-/} does not exist" >&2; exit 1; }
t=$d/.rollcall-${randomBytes(8).toString('hex')}.tmp
trap 'rm -f -- "$t"' 0; trap 'exit 143' 1 2 13 15
umask 077; set -C; : >"$t" || exit 1; set +C
m=$(dd of="$t" bs=65536 conv=fsync 2>&1) || { echo "$m" >&2; exit 1; }
case $m in *"
${size} byte"*) ;; *) [ "$(wc -c <"$t")" -eq ${size} ] || { echo "the connection broke before all of it had arrived" >&2; exit 1; } ;; esac
old= own=${quoteWord(own)} mode=${quoteWord(file.mode ?? '')}
if [ -e "$p" ]; then
${before?.type === 'file' ? seenBefore(before) : LOOK_BEFORE}
was=\${old%% *}; now=\${now%% *}
${keep(file)}
${isRoots(file) ? '[ "$now" != 0:0 ] || own=' : ''}
[ -n "$mode" ] || mode=\${old##* }
else [ "$own" != : ] || own=
${isRoots(file) ? '[ "${_ro-}" != 0:0 ] || [ ! -O "$t" ] || [ ! -G "$t" ] || own=' : ''}
fi
[ -z "$own" ] || chown "$own" "$t" || exit 1
chmod "\${mode:-0644}" "$t" || exit 1
se=; for f in /sys/fs/selinux/enforce /selinux/enforce; do [ ! -e "$f" ] || se=1; done
[ -z "$se" ] || [ -z "$old" ] || chcon --reference="$p" "$t" || exit 1
${file.validate === undefined ? '' : validation(file.validate)}
${file.backup === true ? 'if [ -n "$old" ]; then cp -p -- "$p" "$p.$$.$(date +%Y-%m-%d@%H:%M:%S)~" || exit 1; fi' : ''}
mv -f -- "$t" "$p" || exit 1
trap - 0
[ -z "$se" ] || [ -n "$old" ] || restorecon "$p"`;
}

/** Whose the old file and the new one are, and the mode of the old one. */
const LOOK_BEFORE = `old=$(stat -c '%u:%g %a' -- "$p" "$t") || exit 1
now=\${old#*
}; old=\${old%%
*}`;

/** The same from what was seen: a new file is its maker's, if the folder does not say otherwise. */
function seenBefore({ uid, gid, mode }: FileStat): string {
  return `if [ -n "\${_ro-}" ] && [ -O "$t" ] && [ -G "$t" ]; then old='${uid}:${gid} ${mode}' now=$_ro
else ${LOOK_BEFORE}; fi`;
}

const ROOT = new Set(['root', '0']);

/** True for a file that shall be root's in all respects: where the temp file is that already, nobody has to make it so. */
function isRoots({ owner, group }: Omit<FileSpec, 'content'>): boolean {
  return owner !== undefined && group !== undefined && ROOT.has(owner) && ROOT.has(group);
}

/** Whose the file will be: the old owner and group where none are wanted; nothing to do when they are the new file's anyway. */
function keep(file: Omit<FileSpec, 'content'>): string {
  if (file.owner === undefined && file.group === undefined) return '[ "$was" = "$now" ] && own= || own=$was';
  if (file.owner === undefined) return 'own=${was%%:*}$own';
  return file.group === undefined ? 'own=$own${was#*:}' : '';
}

/** `%s` is the temp file, also where it was written between quotes. */
function validation(command: string): string {
  const script = command.replaceAll(/'%s'|"%s"|%s/g, '"$t"');
  return `( ${script}\n) >&2 </dev/null || { echo "the new content was refused by: "${quoteWord(command)} >&2; exit ${INVALID}; }`;
}

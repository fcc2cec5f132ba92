import { HostFailure } from '../channel.ts';
import type { Shell } from '../shell.ts';

/** Milliseconds between TERM and KILL. */
const GRACE = 3000;

/** Lists the processes below `root` as `pid:starttime`, then ends them. Builtins only; a start time guards against reused ids. */
function termScript(root: number): string {
  return `all=; for s in /proc/[0-9]*/stat; do
IFS= read -r l <"$s" || continue; p=\${l%% *}; l=\${l##*) }; set -f; set -- $l; set +f; all="$all $p:$2:\${20}"; done 2>/dev/null
found=" ${root} "; list=; more=1
while [ -n "$more" ]; do more=
for e in $all; do p=\${e%%:*}; q=\${e#*:}; q=\${q%:*}
case "$found" in *" $p "*) continue ;; *" $q "*) found="$found$p "; list="$list $p:\${e##*:}"; more=1 ;; esac
done; done
for e in $list; do kill -TERM "\${e%%:*}"; done 2>/dev/null
echo "$list"`;
}

/** Kills what is left of such a list. */
function killScript(list: readonly string[]): string {
  return `for e in ${list.join(' ')}; do p=\${e%%:*}
IFS= read -r l <"/proc/$p/stat" || continue; l=\${l##*) }; set -f; set -- $l; set +f
[ "\${20}" != "\${e##*:}" ] || kill -KILL "$p"
done 2>/dev/null; :`;
}

/** Ends everything that runs below a session shell, from another shell of the same user: TERM, and KILL three seconds later. */
export async function stopTree(root: number, spare: Shell, over: () => boolean): Promise<void> {
  const listed = await spare.read(termScript(root), { timeout: 10 });
  const list = listed.stdout.trim().split(/\s+/).filter((word) => /^\d+:\d+$/.test(word));
  if (list.length === 0) throw new HostFailure('timeout', 'no process was found to be stopped');
  for (let waited = 0; waited < GRACE && !over(); waited += 100) await new Promise((resolve) => setTimeout(resolve, 100));
  // Even when the call is over: a child that ignored TERM may still be there.
  await spare.read(killScript(list), { timeout: 10 });
}

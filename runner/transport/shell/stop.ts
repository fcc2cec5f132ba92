import { HostFailure } from '../channel.ts';
import type { Shell } from '../shell.ts';

/** Milliseconds between TERM and KILL. */
const GRACE = 3000;

/** Words of a stat line after the name, which may hold anything: state, parent, … start time. */
const STAT = `IFS= read -r l <"/proc/$p/stat" || continue; set -f; set -- \${l##*) }; set +f`;

/** Lists the processes below `root` as `pid:starttime` and sends them TERM. Builtins only; a start time guards against reused ids. */
function termScript(root: number): string {
  return `all=; for s in /proc/[0-9]*; do p=\${s#/proc/}; ${STAT}; all="$all $p:$2:\${20}"; done 2>/dev/null
found=" ${root} "; list=; more=1
while [ -n "$more" ]; do more=
for e in $all; do p=\${e%%:*}; q=\${e#*:}; q=\${q%:*}
case "$found" in *" $p "*) continue ;; *" $q "*) found="$found$p "; list="$list $p:\${e##*:}"; more=1 ;; esac
done; done
for e in $list; do kill -TERM "\${e%%:*}"; done 2>/dev/null
echo "$list"`;
}

/** Says which of them are still there, zombies aside, after doing something to each. */
function eachScript(list: readonly string[], act: string): string {
  return `for e in ${list.join(' ')}; do p=\${e%%:*}; ${STAT}
[ "\${20}" = "\${e##*:}" ] && [ "$1" != Z ] && { ${act}; echo "$e"; }
done 2>/dev/null; :`;
}

/** Ends everything that runs below a session shell, from another shell of the same user: TERM, and KILL after three seconds. */
export async function stopTree(root: number, spare: Shell): Promise<void> {
  const ask = async (script: string): Promise<readonly string[]> => {
    const { stdout } = await spare.read(script, { timeout: 10 });
    return stdout.split(/\s+/).filter((word) => /^\d+:\d+$/.test(word));
  };
  let list = await ask(termScript(root));
  if (list.length === 0) throw new HostFailure('timeout', 'no process was found to be stopped');
  const end = Date.now() + GRACE;
  for (let pause = 20; Date.now() < end; pause = Math.min(pause * 2, 500)) {
    list = await ask(eachScript(list, ':'));
    if (list.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  await ask(eachScript(list, 'kill -KILL "$p"'));
}

import { rawCommand, sh, type Command } from '../../../runner/task/command.ts';
import { TaskFailure } from '../../../runner/task/failure.ts';
import type { Actuator, Observer } from '../../../runner/task/host.ts';
import { inFolder } from './run-command.ts';

/** A program that runs on a terminal of its own on the host. */
export interface Dialogue {
  /** Waits a moment for more, then tells all that it has said so far, and its exit code once it has ended (null when it was killed). */
  listen(known: number): Promise<{ readonly said: string; readonly ended?: { readonly code: number | null } }>;
  /** Types something. */
  type(text: string): Promise<void>;
  /** Ends it if it still runs, and leaves nothing behind. */
  end(): Promise<void>;
}

/** What a dialogue needs on the host. @throws TaskFailure where it is missing */
export async function requireTerminal(host: Observer): Promise<void> {
  const missing = await host.read(sh`for p in script mkfifo; do command -v $p >/dev/null || echo $p; done`, ({ stdout }) => stdout.split('\n').filter(Boolean));
  if (missing.length > 0) throw new TaskFailure(`a program can be talked to only on a terminal, which '${missing.join("' and '")}' would open: it is not installed here (packages util-linux, bsdutils or util-linux-script)`);
}

/** Ends the program in the folder `$d`, and removes the folder. */
const END = `if ! [ -e "$d/done" ] && [ -e "$d/pid" ]; then
p=$(cat "$d/pid")
kill -HUP "-$p" 2>/dev/null || kill -HUP "$p" 2>/dev/null
i=0
while ! [ -e "$d/done" ] && [ $i -lt 20 ]; do i=$((i+1)); sleep 0.1 2>/dev/null || sleep 1; done
[ -e "$d/done" ] || kill -KILL "-$p" 2>/dev/null
fi
rm -rf "$d"`;

/** Starts a program on a terminal. The terminal is util-linux' or busybox' `script`; what is typed goes through a named pipe. */
export async function startDialogue(words: readonly string[], { chdir, echo }: { readonly chdir?: string | undefined; readonly echo: boolean }, host: Actuator): Promise<Dialogue> {
  // The folder's name cannot be guessed into a trap: mkdir fails when something is there already, a link included. It ends in the session's
  // process id, as session folders do: what is left of it without its session is swept up with them.
  const made = await host.run(sh`umask 077
d=\${TMPDIR:-/tmp}/.rollcall-expect-$(od -An -N6 -tx1 /dev/urandom | tr -d ' \\n').$$
mkdir "$d" && mkfifo "$d/in" && : >"$d/out" && cat >"$d/run" && echo "$d"`.with({ stdin: programOf(words, chdir, echo) }));
  const folder = made.stdout.trim();
  // `script` starts what $SHELL names. The environment's own is asked of env: bash names itself where nobody has set one.
  await host.run(sh`d=${folder} s=$(env | sed -n 's/^SHELL=//p') SHELL=/bin/sh
export d s SHELL
(
# Open for both, the pipe never ends: its end would be typed as Ctrl-D.
exec 3<>"$d/in"
script -q -f -c 'exec /bin/sh "$d/run"' /dev/null <&3 >"$d/out" 2>&1 3>&-
echo >"$d/done"
) </dev/null >/dev/null 2>&1 &
# When nobody is left to talk to it (a run that was interrupted, a connection that broke), the session's shell is gone: so must it be.
(
trap '' HUP
while ! [ -e "$d/done" ]; do kill -0 $$ || { ${rawCommand(END)}
break; }; sleep 1; done
) </dev/null >/dev/null 2>&1 &`);
  return {
    async listen(known) {
      const output = await host.run(listenTo(folder, known));
      const [head = '', ...said] = output.stdout.split('\n');
      const [state, code = ''] = head.split(' ');
      return { said: said.join('\n'), ...(state === 'ended' && { ended: { code: code === '' ? null : Number(code) } }) };
    },
    async type(text) {
      await host.run(sh`cat >${`${folder}/in`}`.with({ stdin: text }));
    },
    async end() {
      await host.run(sh`d=${folder}
${rawCommand(END)}`, { ok: 'any' });
    },
  };
}

/** The program in a shell script that says who it is and how it ended. */
function programOf(words: readonly string[], chdir: string | undefined, echo: boolean): string {
  const quiet = echo ? '' : 'stty -echo 2>/dev/null\n';
  const run: Command = inFolder(chdir, sh`${words}`);
  return sh`r=$d SHELL=$s
[ -n "$s" ] || unset SHELL
unset d s
echo $$ >"$r/pid"
${rawCommand(`${quiet}(`)}
${run}
${rawCommand(')')}
echo $? >"$r/rc"`.script;
}

/** Waits up to two seconds for the output to grow beyond `known` bytes, or for the end. */
function listenTo(folder: string, known: number): Command {
  return sh`d=${folder} i=0
while ! [ -e "$d/done" ] && [ $(wc -c <"$d/out") -le ${known} ] && [ $i -lt 20 ]; do i=$((i+1)); sleep 0.1 2>/dev/null || { sleep 1; i=$((i+9)); }; done
if [ -e "$d/done" ]; then echo "ended $(cat "$d/rc" 2>/dev/null)"; else echo runs; fi
cat "$d/out"`;
}

import { splitCommands } from '../../task/split-commands.ts';

/** Words that a shell does not take for the name of a program, by POSIX, bash, ksh or busybox. */
const SHELL_WORDS = new Set(
  `! . : [ [[ alias bg bind break builtin caller case cd chdir command compgen complete compopt continue coproc declare dirs disown do done echo elif else enable esac eval exec exit
  export false fc fg fi for function getopts hash help history if in jobs kill let local logout mapfile popd print printf pushd pwd read readarray readonly return select set shift shopt
  source suspend test then time times trap true type typeset ulimit umask unalias unset until wait whence while`.split(/\s+/),
);

/** Whether a script is the call of a program and nothing else: it changes nothing in the shell that runs it. */
export function callsProgram(script: string): boolean {
  const [words, more] = splitCommands(script) ?? [];
  const name = words?.[0] ?? '';
  // An assignment before it, braces, a function of the session: not with a plain name.
  return more === undefined && /^[A-Za-z0-9./][A-Za-z0-9_./+@:, -]*$/.test(name) && !SHELL_WORDS.has(name);
}

import { commandOptions, splitCommands } from '../task/split-commands.ts';

/** An action of a task that Perl can do, too: the words that tell it. */
export type PerlWords = readonly string[];

/** Fewer processes than these are not worth a Perl: it takes as long to start as two of the tools. */
export const WORTH_PERL = 3;

/** Puts a file in place that waits under another name: `mode` octal. A link is not replaced, nor written through. */
export function perlFile(mode: string, temp: string, path: string): PerlWords {
  return ['f', mode, temp, path];
}

/** The same as `ln -sfn TARGET PATH`, undefined for every other command. `temp`: a name beside it that nobody else uses. */
export function perlLink(command: string, temp: (path: string) => string): PerlWords | undefined {
  const [words, more] = splitCommands(command) ?? [];
  const [program, ...rest] = words ?? [];
  if (program !== 'ln' || more) return undefined;
  const { options, operands: [target, path, ...others] } = commandOptions(rest);
  // ln refuses to make a link to itself of what is there.
  if (target === path) return undefined;
  if ([...options.keys()].toSorted().join('') !== 'fns' || target === undefined || path?.startsWith('/') !== true || others.length > 0) return undefined;
  return ['l', target, temp(path), path];
}

/** From here on so many tasks of the script are done. */
export function perlDone(count: number): PerlWords {
  return ['k', String(count)];
}

/** Exit code of a Perl that could not do all, with nothing done. Perl's own are 255 and numbers of errors, a shell's end with those of signals. */
const NONE_DONE = 170;

/** Tasks that one Perl ends at most: its exit code has to say how many it has done. */
export const MOST_FOR_PERL = 80;

/**
 * Does one thing after the other and ends with the first that fails: with 0, or with the code that says how many tasks are done beyond those that
 * had been done before (its first word).
 */
const PROGRAM = `END { $? &&= ${NONE_DONE} + $n - $b }
$SIG{$_} = sub { exit 1 } for qw(HUP INT PIPE TERM);
$b = $n = shift;
while (@ARGV) {
$o = shift;
if ($o eq "k") { $n = shift; next }
($a, $t, $p) = splice @ARGV, 0, 3;
if ($o eq "f") { !-l $p && chmod(oct $a, $t) && rename($t, $p) or exit 1 }
else { symlink($a, $p) or symlink($a, $t) && rename($t, $p) or unlink($t), exit 1 }
}`;

/**
 * What a script needs for them: `pl` is empty where they cannot be done so (no Perl, or labels of SELinux that its tools have to set), and
 * `perl_all WORDS…` does them, with `i` for how many tasks are done. What is in the environment for other Perl programs stays out of it.
 */
export const PERL_FUNCTIONS = `pl=; [ -n "$se" ] || ! command -v perl >/dev/null 2>&1 || pl=1
perl_all() { PERL5OPT= PERL5LIB= PERL_UNICODE=0 perl -f -e '${PROGRAM}' "$i" "$@" 2>/dev/null; c=$?; [ $c -lt ${NONE_DONE} ] || [ $c -gt ${NONE_DONE + MOST_FOR_PERL} ] || i=$((i+c-${NONE_DONE})); return $c; }
`;

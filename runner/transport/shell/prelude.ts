import { OUTPUT_LIMIT } from './kept-output.ts';

/** Bytes of one stream of an effect that are sent to the controller at most: one more than it keeps, so that it sees that there were more. */
const WIRE_LIMIT = OUTPUT_LIMIT + 1;

/** How many effects share one clean-up of their (emptied) capture files. */
const SWEEP_EVERY = 32;

/** Where a host can keep a rollback that is armed, best first. */
export const GUARD_FOLDERS = '/run /var/run /dev/shm /var/tmp /tmp';

/** The newest process id of the host into `_rp`, nothing where there is no /proc; the exit code that was before stays. */
const LOOK = `_rl() {
_rr=$?; _rp=
{ read -r _ _ _ _ _rp; } 2>/dev/null </proc/loadavg
return "$_rr"
}
`;

/** How a session shell is made. */
export interface PreludeOptions {
  /** Each answer says how many processes there have been. */
  readonly counting?: boolean;
}

/**
 * What a session shell is told first. Only builtins: a read costs one fork (a subshell), an inquiry and the call of a program none, any other
 * effect one, and one `tail` when it said something.
 *
 * Names start with `_r` and are never exported. The functions:
 * `_R id script` read · `_Q id script` inquiry · `_X id script` effect · `_E id script` the same of a script
 * that only calls a program: without a subshell, which costs almost as much as the program (with dash, which makes none to call one) · `_P id script format` effect with standard input from a printf format
 * · `_H id script count` effect with `count` bytes of standard input taken from the channel · `_ry` the end, in the place of the shell.
 *
 * `_ro` is whose files it makes: effective user and group as numbers, `0:0`; empty where there is no /proc. `_ru` is its umask; empty before Linux 4.7.
 *
 * What effects say is captured in files, `_rt` and `o` or `e` and the id of the call and `.` and the shell's process id: names that must not be
 * there yet, for the first one tells others what the next are called. Whoever makes the first of a shell removes those of our user whose shells
 * were killed, and other things that we keep under such names.
 *
 * The ready line tells which rollbacks are armed on the host whose shell has gone (one that lives is another run's own business), by
 * the folders of their tokens.
 *
 * A frame is: start line, stdout, code line, stderr, end line; each line is `\n` nonce `id` …; the nonce is known to nobody else.
 *
 * With `counting` the end line also tells the newest process id of the host, which `_rl` reads without making a process.
 */
export function prelude(nonce: string, { counting = false }: PreludeOptions = {}): string {
  const look = counting ? '_rl\n' : '';
  const [mark, value] = counting ? ['> %s', ' "$_rp"'] : ['>', ''];
  return `unset _rn _rt _re _rr _rd _rk _ro _ru _qe _qn _qp _ql _qi _qv _qw ENV BASH_ENV CDPATH LANGUAGE
LC_ALL=C; export LC_ALL
for _rd in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do case ":$PATH:" in *":$_rd:"*) ;; *) PATH=$PATH:$_rd ;; esac; done; export PATH
_rn=${nonce} _rt= _rk=0 _ro= _ru=
while read -r _rd _rr _re _; do case $_rd in Umask:) _ru=$_rr ;; Uid:) _ro=$_re ;; Gid:) _ro=$_ro:$_re; break ;; esac; done 2>/dev/null </proc/$$/status
exec 3>&1
_rx() { [ -z "$_rt" ] || rm -f "$_rt"[oe]*.$$ </dev/null 3>&-; }
_ry() { trap - 0; [ -z "$_rt" ] || exec rm -f "$_rt"[oe]*.$$; exit 0; }
trap _rx 0; trap 'exit 129' 1; trap 'exit 141' 13; trap 'exit 143' 15
${counting ? LOOK : ''}_R() {
printf '\\n%s %s <\\n' "$_rn" "$1"
_re=$( { eval "$2
"; } 2>&1 >&3 3>&- </dev/null )
${look}printf '\\n%s %s %s\\n%s\\n%s %s ${mark}\\n' "$_rn" "$1" "$?" "$_re" "$_rn" "$1"${value}
}
_Q() {
printf '\\n%s %s <\\n' "$_rn" "$1"
{ eval "$2
"; } 2>/dev/null 3>&- </dev/null
${look}printf '\\n%s %s %s\\n\\n%s %s ${mark}\\n' "$_rn" "$1" "$?" "$_rn" "$1"${value}
}
_rw() {
umask 077; set -C
true >"\${_rt}o$1.$$" && true >"\${_rt}e$1.$$"
_rr=$?; set +C
[ -z "$_ru" ] || umask "$_ru"
return $_rr
} 2>/dev/null
_rc() { if [ -n "$_ru" ]; then _rw "$1"; else (_rw "$1"); fi; }
_rm() {
_rx; _re=$1
for _rd in "$TMPDIR" /tmp /dev/shm /var/tmp "$HOME"; do
[ -n "$_rd" ] && [ -d "$_rd" ] && [ -w "$_rd" ] || continue
set --
for _rt in "$_rd"/.rollcall-*.[0-9]*; do [ ! -O "$_rt" ] || [ -h "$_rt" ] || kill -0 "\${_rt##*.}" 2>/dev/null || set -- "$@" "$_rt"; done
[ $# -eq 0 ] || rm -rf "$@" </dev/null 3>&-
_rt=$_rd/.rollcall-${nonce.slice(0, 16)}-
_rc "$_re" && return 0
_rx
done
_rt=; return 1
}
_rs() {
{ [ -n "$_rt" ] && _rc "$1"; } || _rm "$1" || { printf '\\n%s %s <\\n\\n%s %s !\\n\\n%s %s >\\n' "$_rn" "$1" "$_rn" "$1" "$_rn" "$1"; return 1; }
printf '\\n%s %s < %s\\n' "$_rn" "$1" "\${_rt}o$1.$$"
}
_rf() {
[ ! -s "\${_rt}o$1.$$" ] || tail -c ${WIRE_LIMIT} "\${_rt}o$1.$$" </dev/null 3>&-
printf '\\n%s %s %s\\n' "$_rn" "$1" "$2"
[ ! -s "\${_rt}e$1.$$" ] || tail -c ${WIRE_LIMIT} "\${_rt}e$1.$$" </dev/null 3>&-
${look}printf '\\n%s %s ${mark}\\n' "$_rn" "$1"${value}
_rk=$((_rk+1))
if [ "$_rk" -lt ${SWEEP_EVERY} ]; then { true >"\${_rt}o$1.$$"; true >"\${_rt}e$1.$$"; } 2>/dev/null
else _rk=0; _rx; fi
}
_X() {
_rs "$1" || return 0
( eval "$2
" ) </dev/null >>"\${_rt}o$1.$$" 2>>"\${_rt}e$1.$$" 3>&-
_rf "$1" $?
}
_E() {
_rs "$1" || return 0
{ eval "$2
"; } </dev/null >>"\${_rt}o$1.$$" 2>>"\${_rt}e$1.$$" 3>&-
_rf "$1" $?
}
_P() {
_rs "$1" || return 0
printf "$3" 2>/dev/null 3>&- | ( eval "$2
" ) >>"\${_rt}o$1.$$" 2>>"\${_rt}e$1.$$" 3>&-
_rf "$1" $?
}
_H() {
_rs "$1" || return 0
head -c "$3" 2>/dev/null 3>&- | { ( eval "$2
" ) >>"\${_rt}o$1.$$" 2>>"\${_rt}e$1.$$" 3>&-; _rr=$?; cat >/dev/null; (exit "$_rr"); } 3>&-
_rf "$1" $?
}
_rd=
for _re in ${GUARD_FOLDERS}; do for _re in "$_re"/.rollcall-guard-*/armed; do [ ! -e "$_re" ] || { { read -r _rr; } 2>/dev/null <"$_re" && [ -d "/proc/$_rr" ]; } || _rd="$_rd \${_re%/armed}"; done; done
printf '\\n%s ready %s%s\\n' "$_rn" "$$" "$_rd"
`;
}

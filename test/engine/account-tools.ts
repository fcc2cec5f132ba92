import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Simulated accounts: two files, and the tools that read and change them, which fail as the real ones do. What they say about accounts that this
 * machine has must be true of it, for those may be looked up in its own files.
 */
export interface AccountTools {
  /** The folder of the tools, for the front of PATH. */
  readonly folder: string;
  /** Both files as they are when a play begins. */
  reset(): void;
  /** Their lines. */
  lines(): readonly string[];
}

const FIND = 'line() { while IFS= read -r l; do n=${l%%:*}; i=${l#*:*:}; i=${i%%:*}; case $2 in "$n"|"$i") echo "$l"; return 0 ;; esac; done <"$DB/$1"; return 1; }';

const TOOLS: Readonly<Record<string, string>> = {
  getent: 'db=$1; shift; rc=0; for k; do line "$db" "$k" || rc=2; done; exit $rc',
  groupadd: `id=; while getopts g:r o; do case $o in g) id=$OPTARG ;; *) ;; esac; done; shift $((OPTIND-1))
line group "$1" >/dev/null && exit 9; [ -z "$id" ] || ! line group "$id" >/dev/null || exit 4
echo "$1:x:\${id:-$((900+$(wc -l <"$DB/group")))}:" >>"$DB/group"`,
  useradd: `id= g= d= s=/bin/sh m=; while getopts u:g:d:s:G:NrMm o; do case $o in u) id=$OPTARG ;; g) g=$OPTARG ;; d) d=$OPTARG ;; s) s=$OPTARG ;; m) m=1 ;; *) ;; esac; done; shift $((OPTIND-1))
line passwd "$1" >/dev/null && exit 9; [ -z "$id" ] || ! line passwd "$id" >/dev/null || exit 4
id=\${id:-$((900+$(wc -l <"$DB/passwd")))}
if [ -n "$g" ]; then e=$(line group "$g") || exit 6; e=\${e#*:*:}; gid=\${e%%:*}; else gid=$id; echo "$1:x:$gid:" >>"$DB/group"; fi
[ -z "$m" ] || mkdir -p "$d"
echo "$1:x:$id:$gid::\${d:-/home/$1}:$s" >>"$DB/passwd"`,
  usermod: `u= d= s= g=; while getopts u:d:s:g: o; do case $o in u) u=$OPTARG ;; d) d=$OPTARG ;; s) s=$OPTARG ;; g) e=$(line group "$OPTARG") || exit 6; e=\${e#*:*:}; g=\${e%%:*} ;; *) ;; esac; done; shift $((OPTIND-1))
awk -F: -v OFS=: -v n="$1" -v u="$u" -v g="$g" -v d="$d" -v s="$s" '$1==n { if (u!="") $3=u; if (g!="") $4=g; if (d!="") $6=d; if (s!="") $7=s } 1' "$DB/passwd" >"$DB/new" && mv "$DB/new" "$DB/passwd"`,
  groupmod: `id=; while getopts g: o; do id=$OPTARG; done; shift $((OPTIND-1)); awk -F: -v OFS=: -v n="$1" -v g="$id" '$1==n {$3=g} 1' "$DB/group" >"$DB/new" && mv "$DB/new" "$DB/group"`,
  userdel: 'line passwd "$1" >/dev/null || exit 6; grep -v "^$1:" "$DB/passwd" >"$DB/new"; mv "$DB/new" "$DB/passwd"',
  groupdel: 'line group "$1" >/dev/null || exit 6; grep -v "^$1:" "$DB/group" >"$DB/new"; mv "$DB/new" "$DB/group"',
  id: 'e=$(line passwd "$2") || exit 1; e=${e#*:*:*:}; e=$(line group "${e%%:*}") && echo "${e%%:*}"',
};

/** Makes them in a folder. */
export function accountTools(base: string): AccountTools {
  const folder = join(base, 'account-tools');
  const db = join(base, 'accounts');
  for (const each of [folder, db]) mkdirSync(each, { recursive: true });
  for (const [name, body] of Object.entries(TOOLS)) {
    writeFileSync(join(folder, name), `#!/bin/sh\nDB=${db}\n${FIND}\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return {
    folder,
    reset() {
      writeFileSync(join(db, 'passwd'), 'root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1::/:/bin/sh\nold:x:800:800::/:/bin/sh\n');
      writeFileSync(join(db, 'group'), 'root:x:0:\ndaemon:x:1:\nsys:x:3:\nold:x:800:\n');
    },
    lines: () => ['passwd', 'group'].flatMap((name) => readFileSync(join(db, name), 'utf8').trim().split('\n')),
  };
}

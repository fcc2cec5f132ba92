import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { download, PLAIN_REQUEST } from '../network/common/download.ts';
import { DPKG_FORMAT, parseDpkg } from '../parse/dpkg.ts';

/** A package file and what is in it. */
export interface DebFile {
  /** Path on the host, or a URL. */
  readonly from: string;
  readonly name: string;
  readonly version: string;
  /** The version of that package that is installed. */
  readonly installed: string | undefined;
}

const isUrl = (from: string): boolean => from.includes('://');

/** Reads what is in package files; of those on a server no more than their heads is fetched, and nothing is written. */
export async function lookDebFiles(files: readonly string[], host: Observer): Promise<readonly DebFile[]> {
  if (files.length === 0) return [];
  const [{ packages }, ...heads] = await Promise.all([
    host.read(sh`dpkg-query -W -f ${DPKG_FORMAT}`, ({ stdout }) => parseDpkg(stdout)),
    ...files.map((from) => host.read(fields(from), ({ code, stdout, stderr }) => headOf(from, code, stdout, stderr))),
  ]);
  return heads.map((head) => {
    const found = packages.get(head.name);
    return { ...head, installed: found?.residual === false ? found.version : undefined };
  });
}

function fields(from: string): Command {
  const ask = sh`dpkg-deb -f ${isUrl(from) ? '/dev/stdin' : from} Package Version`;
  return isUrl(from) ? sh`${download(from, PLAIN_REQUEST)} | ${ask}`.with({ timeout: 600 }) : ask;
}

function headOf(from: string, code: number, stdout: string, stderr: string): { readonly from: string; readonly name: string; readonly version: string } {
  const field = (name: string): string | undefined => new RegExp(`^${name}: *(\\S+)`, 'm').exec(stdout)?.[1];
  const [name, version] = [field('Package'), field('Version')];
  if (code !== 0 || name === undefined || version === undefined) throw new TaskFailure(`${from} is no Debian package, or cannot be read: ${stderr.trim() || `dpkg-deb exits with ${code}`}`);
  return { from, name, version };
}

/** What must be installed from files; `install` is apt-get's command for paths, which brings what they depend on. */
export function planDebFiles(files: readonly DebFile[], install: (paths: readonly string[]) => Command): readonly Change[] {
  return files
    .filter(({ version, installed }) => installed !== version)
    .map(({ from, name, version, installed }) => change('installed', installed === undefined ? ABSENT : `${name} ${installed}`, `${name} ${version}`, [isUrl(from) ? fetched(from, install) : install([from])]));
}

/** apt tells files from names by the slash and the ending. */
function fetched(from: string, install: (paths: readonly string[]) => Command): Command {
  const folder = sh`folder=$(mktemp -d) && { ${download(from, PLAIN_REQUEST)}; } >"$folder/package.deb"`;
  return sh`${folder} && chmod -R a+rX "$folder" && ${install([])} "$folder/package.deb"; rc=$?; rm -rf "$folder"; exit $rc`;
}

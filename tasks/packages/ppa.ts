import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { download, PLAIN_REQUEST } from '../network/common/download.ts';

/** A personal package archive of Launchpad, as a source and the key that signs it. */
export interface Ppa {
  /** The line for apt. */
  readonly repo: string;
  /** Name of the file for it, without `.list`, as Ansible calls it. */
  readonly filename: string;
  /** Where the key goes, and its fingerprint; undefined when the host has it. */
  readonly key?: { readonly path: string; readonly fingerprint: string } | undefined;
}

const KEYS = '/etc/apt/trusted.gpg.d';

/** Looks up what `ppa:OWNER/NAME` stands for on a host; undefined for any other source. Launchpad is asked, by the host, only for a key that is missing. */
export async function lookPpa(repo: string, given: { readonly codename: string | undefined; readonly wanted: boolean }, host: Observer): Promise<Ppa | undefined> {
  const [, owner, name = 'ppa'] = /^ppa:([^/\s]+)(?:\/(\S+))?$/.exec(repo.trim()) ?? [];
  if (owner === undefined) return undefined;
  const codename = given.codename ?? (await host.read(sh`. /etc/os-release && echo "\${UBUNTU_CODENAME:-$VERSION_CODENAME}"`, ({ stdout }) => stdout.trim()));
  if (codename === '') throw new TaskFailure(`${repo} needs the name of the release, which /etc/os-release does not tell: give it as codename`);
  const source = { repo: `deb http://ppa.launchpad.net/${owner}/${name}/ubuntu ${codename} main`, filename: `ppa_${owner}_${name}_${codename}`.replaceAll(/[^A-Za-z0-9_.-]/g, '_') };
  const path = `${KEYS}/${owner}-${name}.asc`;
  // add-apt-repository calls it its own way.
  const places = [path, `${KEYS}/${owner}-ubuntu-${name}.gpg`, `${KEYS}/${owner}_ubuntu_${name}.gpg`];
  const known = await Promise.all(places.map((each) => host.stat(each, { follow: true })));
  if (!given.wanted || known.some((each) => each !== null)) return source;
  const asked = `https://launchpad.net/api/1.0/~${owner}/+archive/${name}`;
  const fingerprint = await host.read(download(asked, { ...PLAIN_REQUEST, headers: { Accept: 'application/json' } }), ({ stdout }) => /"signing_key_fingerprint": *"([0-9A-Fa-f]{16,})"/.exec(stdout)?.[1]);
  if (fingerprint === undefined) throw new TaskFailure(`failed to fetch PPA information: ${asked} names no key`);
  return { ...source, key: { path, fingerprint } };
}

/** The key that is missing. */
export function planPpaKey({ key }: Ppa): readonly Change[] {
  if (key === undefined) return [];
  const { path, fingerprint } = key;
  const fetch = download(`https://keyserver.ubuntu.com/pks/lookup?op=get&options=mr&search=0x${fingerprint}`, PLAIN_REQUEST);
  const put = sh`{ ${fetch}; } >${path}.rollcall && grep -q 'BEGIN PGP PUBLIC KEY' ${path}.rollcall && chmod 0644 ${path}.rollcall && mv -f ${path}.rollcall ${path} || { rm -f ${path}.rollcall; echo ${`the key ${fingerprint} could not be fetched`} >&2; exit 1; }`;
  return [change('key', ABSENT, fingerprint, [put.with({ timeout: 60 })])];
}

/** What dpkg knows of one installed package. */
export interface DebPackage {
  readonly name: string;
  readonly version: string;
  /** Only its configuration files are left. */
  readonly residual: boolean;
}

/** The format to ask `dpkg-query -W -f` for; tabs and newlines are dpkg's own escapes. */
export const DPKG_FORMAT = '${db:Status-Abbrev}\\t${Package}\\t${Architecture}\\t${Version}\\t${Provides}\\n';

/** Reads dpkg-query's lines: packages by name, and the names they provide. */
export function parseDpkg(stdout: string): { readonly packages: ReadonlyMap<string, DebPackage>; readonly provided: ReadonlySet<string> } {
  const packages = new Map<string, DebPackage>();
  const provided = new Set<string>();
  for (const line of stdout.split('\n')) {
    const [status = '', name, arch = '', version = '', provides = ''] = line.split('\t');
    if (name === undefined || name === '') continue;
    const installed = status[1] === 'i';
    if (!installed && status[1] !== 'c') continue;
    const entry = { name, version, residual: !installed };
    for (const key of [name, `${name}:${arch}`]) if (!packages.has(key) || installed) packages.set(key, entry);
    if (installed) for (const each of provides.split(',')) provided.add(each.trim().replace(/ \(.*/, ''));
  }
  provided.delete('');
  return { packages, provided };
}

/** What `apt-get -s` would do. */
export interface AptSimulation {
  /** Name → version that would be installed (new or upgraded). */
  readonly installs: ReadonlyMap<string, string>;
  readonly removes: readonly string[];
  /** Names no repository has. */
  readonly unknown: readonly string[];
}

/** Reads the answer of `apt-get -s install …`. */
export function parseAptSimulation({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): AptSimulation {
  const installs = new Map([...stdout.matchAll(/^Inst (\S+) (?:\[[^\]]*\] )?\((\S+)/gm)].map(([, name = '', version = '']) => [name, version]));
  const removes = [...stdout.matchAll(/^(?:Remv|Purg) (\S+)/gm)].map(([, name = '']) => name);
  const unknown = [
    ...stderr.matchAll(/^E: (?:Unable to locate package (\S+)|Package '(\S+)' has no installation candidate|Version '[^']*' for '([^']+)' was not found)/gm),
  ];
  return { installs, removes, unknown: unknown.map((match) => match.slice(1).find(Boolean) ?? '') };
}

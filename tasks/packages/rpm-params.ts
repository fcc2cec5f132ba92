import { z } from 'zod';
import { Flag, Text, Texts, Whole, params } from '../../runner/task/params.ts';

/** Parameters of `yum` and `dnf`, as in Ansible. */
export const rpmParams = params({
  name: Texts.default([])
    .meta({ aliases: ['pkg'] })
    .describe('Packages: names, names with version, things provided, `@group` (name or id), paths of rpm files; `*` with state latest means everything.'),
  state: z.enum(['present', 'installed', 'latest', 'absent', 'removed']).default('present').describe('present and installed, absent and removed are the same.'),
  enablerepo: Texts.default([]).describe('Repositories enabled for this task.'),
  disablerepo: Texts.default([]).describe('Repositories disabled for this task.'),
  exclude: Texts.default([]).describe('Packages left out.'),
  update_cache: Flag.default(false)
    .meta({ aliases: ['expire-cache'] })
    .describe('Make yum forget what it knows of the repositories before it installs.'),
  disable_gpg_check: Flag.default(false).describe('Do not check signatures.'),
  skip_broken: Flag.default(false).describe('Leave out packages with broken dependencies.'),
  autoremove: Flag.default(false).describe('Also remove dependencies that nothing needs any more. dnf only.'),
  allow_downgrade: Flag.default(false).describe('Taken for compatibility: yum goes to the named version, whichever it is.'),
  allowerasing: Flag.default(false).describe('Remove packages that are in the way. dnf only.'),
  nobest: Flag.default(false).describe('Take an older version where the newest cannot be had. dnf only.'),
  install_weak_deps: Flag.default(true).describe('Recommended packages, too. dnf only.'),
  update_only: Flag.default(false).describe('With latest: update what is installed, install nothing.'),
  security: Flag.default(false).describe('With latest: only updates for security.'),
  bugfix: Flag.default(false).describe('With latest: only updates that correct mistakes.'),
  disable_excludes: Text.optional().describe('Which exclusions of the configuration do not count: all, main or the id of a repository.'),
  enable_plugin: Texts.default([]).describe('Plugins enabled for this task.'),
  disable_plugin: Texts.default([]).describe('Plugins disabled for this task.'),
  conf_file: Text.optional().describe('Another configuration file.'),
  releasever: Text.optional().describe('Another release to install from.'),
  cacheonly: Flag.default(false).describe('Do not ask the repositories: what was fetched is good enough.'),
  validate_certs: Flag.default(true).describe('Whether certificates of addresses given as packages must be right.'),
  sslverify: Flag.default(true).describe('Whether certificates of repositories must be right.'),
  use_backend: Text.optional().describe('Taken for compatibility.'),
  install_repoquery: Flag.optional().describe('Taken for compatibility.'),
  lock_timeout: Whole.default(30).describe('Seconds to wait for another yum to finish.'),
  timeout: Whole.default(1800).describe('Seconds the installation may take.'),
});

/** Validated parameters of `yum` and `dnf`. */
export type RpmParams = z.output<typeof rpmParams>;

type Chosen = 'enablerepo' | 'disablerepo' | 'exclude' | 'disable_gpg_check' | 'skip_broken';
type RepoParams = Pick<RpmParams, Chosen> & { readonly [K in Exclude<keyof RpmParams, Chosen>]?: RpmParams[K] | undefined };

/** The words for repositories and the like that every call gets. */
export function repoWords({ enablerepo, disablerepo, exclude, disable_gpg_check, skip_broken, ...more }: RepoParams): readonly string[] {
  return [
    ...disablerepo.map((repo) => `--disablerepo=${repo}`),
    ...enablerepo.map((repo) => `--enablerepo=${repo}`),
    ...exclude.map((name) => `--exclude=${name}`),
    ...(disable_gpg_check ? ['--nogpgcheck'] : []),
    ...(skip_broken ? ['--skip-broken'] : []),
    ...(more.allowerasing ? ['--allowerasing'] : []),
    ...(more.nobest ? ['--nobest'] : []),
    ...(more.install_weak_deps === false ? ['--setopt=install_weak_deps=False'] : []),
    ...(more.security ? ['--security'] : []),
    ...(more.bugfix ? ['--bugfix'] : []),
    ...(more.disable_excludes === undefined ? [] : [`--disableexcludes=${more.disable_excludes}`]),
    ...(more.enable_plugin ?? []).map((plugin) => `--enableplugin=${plugin}`),
    ...(more.disable_plugin ?? []).map((plugin) => `--disableplugin=${plugin}`),
    ...(more.conf_file === undefined ? [] : ['-c', more.conf_file]),
    ...(more.releasever === undefined ? [] : [`--releasever=${more.releasever}`]),
    ...(more.cacheonly ? ['-C'] : []),
    ...(more.sslverify === false ? ['--setopt=sslverify=0'] : []),
  ];
}

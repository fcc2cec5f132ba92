import { z } from 'zod';
import { Flag, Texts, Whole, params } from '../../runner/task/params.ts';

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
  lock_timeout: Whole.default(30).describe('Seconds to wait for another yum to finish.'),
  timeout: Whole.default(1800).describe('Seconds the installation may take.'),
});

/** Validated parameters of `yum` and `dnf`. */
export type RpmParams = z.output<typeof rpmParams>;

/** The words for repositories and the like that every call gets. */
export function repoWords({
  enablerepo,
  disablerepo,
  exclude,
  disable_gpg_check,
  skip_broken,
}: Pick<RpmParams, 'enablerepo' | 'disablerepo' | 'exclude' | 'disable_gpg_check' | 'skip_broken'>): readonly string[] {
  return [
    ...disablerepo.map((repo) => `--disablerepo=${repo}`),
    ...enablerepo.map((repo) => `--enablerepo=${repo}`),
    ...exclude.map((name) => `--exclude=${name}`),
    ...(disable_gpg_check ? ['--nogpgcheck'] : []),
    ...(skip_broken ? ['--skip-broken'] : []),
  ];
}

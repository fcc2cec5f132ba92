import { z } from 'zod';
import { Flag, Text, Texts, Whole, params } from '../../runner/task/params.ts';

/** Parameters of `apt`, as in Ansible. */
export const aptParams = params({
  name: Texts.default([])
    .meta({ aliases: ['pkg', 'package'] })
    .describe('Packages: `name`, `name=version`, `name:arch`, or a pattern such as `php8.2-*`; `*` with `latest` upgrades all.'),
  deb: z.union([z.string(), z.array(z.string())]).transform((given) => (typeof given === 'string' ? given.split(',') : given).map((each) => each.trim()).filter(Boolean)).default([]).describe('Package files on the host, or URLs; what they depend on comes from the repositories.'),
  state: z.enum(['present', 'installed', 'latest', 'absent', 'removed', 'build-dep', 'fixed']).default('present').describe('present and installed, absent and removed are the same. build-dep: what the packages need to be built. fixed: mend broken dependencies on the way.'),
  update_cache: Flag.default(false)
    .meta({ aliases: ['update-cache'] })
    .describe('Run apt-get update first when the lists are older than cache_valid_time.'),
  cache_valid_time: Whole.default(0).describe('Seconds for which the lists count as fresh; 0: never. Above 0 it implies update_cache.'),
  install_recommends: Flag.optional()
    .meta({ aliases: ['install-recommends'] })
    .describe("Whether recommended packages come along; apt's own setting without it."),
  default_release: Text.optional()
    .meta({ aliases: ['default-release'] })
    .describe('Release to prefer.'),
  purge: Flag.default(false).describe('Remove configuration files too.'),
  autoremove: Flag.default(false).describe('Also remove dependencies that nothing needs any more.'),
  force_apt_get: Flag.optional().describe('Accepted for compatibility: apt-get is what is used.'),
  upgrade: z.enum(['no', 'safe', 'yes', 'full', 'dist']).default('no').describe('Upgrade all packages; full and dist may remove some.'),
  allow_unauthenticated: Flag.default(false)
    .meta({ aliases: ['allow-unauthenticated'] })
    .describe('Take packages without signature.'),
  allow_downgrade: Flag.default(false).meta({ aliases: ['allow-downgrade', 'allow_downgrades', 'allow-downgrades'] }).describe('Install the named version although a later one is there.'),
  allow_change_held_packages: Flag.default(false).describe('Change packages that are on hold.'),
  only_upgrade: Flag.default(false).describe('Upgrade packages, but install none.'),
  force: Flag.default(false).describe('Take unsigned packages, downgrade and change held ones: whatever apt warns of.'),
  clean: Flag.default(false).describe('Afterwards remove the packages that were fetched.'),
  autoclean: Flag.default(false).describe('Afterwards remove fetched packages that no repository has any more.'),
  fail_on_autoremove: Flag.default(false).describe('Fail when packages that nothing needs would be removed.'),
  policy_rc_d: Whole.optional().describe('Exit code of /usr/sbin/policy-rc.d while packages are installed; 101 keeps services from starting.'),
  update_cache_retries: Whole.default(5).describe('Taken for compatibility.'),
  update_cache_retry_max_delay: Whole.default(12).describe('Taken for compatibility.'),
  dpkg_options: Texts.default(['force-confdef', 'force-confold']).describe('Options for dpkg.'),
  lock_timeout: Whole.default(60).describe('Seconds to wait for another apt or dpkg to finish.'),
  timeout: Whole.default(1800).describe('Seconds the installation may take.'),
});

/** Validated parameters of `apt`. */
export type AptParams = z.output<typeof aptParams>;

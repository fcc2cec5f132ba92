import { z } from 'zod';
import { change, ABSENT, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { performSteps } from '../../runner/task/perform.ts';
import { Flag, Text, Texts, Whole, fieldsOf, params } from '../../runner/task/params.ts';
import { parseInstalled } from '../parse/rpm-query.ts';
import { aptParams } from './apt-params.ts';
import { applyDeb, lookDeb, planDeb, type DebSeen } from './deb-install.ts';
import { applyRpm, lookRpm, planRpm, type RpmSeen, type RpmTool } from './rpm-install.ts';
import { rpmParams } from './rpm-params.ts';

const fields = params({
  name: Texts.meta({ aliases: ['pkg'] }).describe('Packages; `@group` for package groups where the host has them.'),
  state: z.enum(['present', 'installed', 'latest', 'absent', 'removed']).default('present').describe('present and installed, absent and removed are the same.'),
  use: Text.default('auto').describe('Package manager; auto is what the host has.'),
  lock_timeout: Whole.default(60).describe('Seconds to wait for another package manager to finish.'),
  update_cache: Flag.optional().meta({ aliases: ['update-cache'] }).describe('As in apt, yum and dnf.'),
  cache_valid_time: Whole.optional().describe('As in apt.'),
  install_recommends: Flag.optional().describe('As in apt.'),
  default_release: Text.optional().describe('As in apt.'),
  allow_unauthenticated: Flag.optional().describe('As in apt.'),
  only_upgrade: Flag.optional().describe('As in apt.'),
  policy_rc_d: Whole.optional().describe('As in apt.'),
  dpkg_options: Texts.optional().describe('As in apt.'),
  force_apt_get: Flag.optional().describe('As in apt.'),
  allow_change_held_packages: Flag.optional().describe('As in apt.'),
  fail_on_autoremove: Flag.optional().describe('As in apt.'),
  purge: Flag.optional().describe('As in apt.'),
  force: Flag.optional().describe('As in apt.'),
  allow_downgrade: Flag.optional().describe('As in apt, yum and dnf.'),
  autoremove: Flag.optional().describe('As in apt and dnf.'),
  enablerepo: Texts.optional().describe('As in yum and dnf.'),
  disablerepo: Texts.optional().describe('As in yum and dnf.'),
  exclude: Texts.optional().describe('As in yum and dnf.'),
  disable_gpg_check: Flag.optional().describe('As in yum and dnf.'),
  validate_certs: Flag.optional().describe('As in yum and dnf.'),
  allowerasing: Flag.optional().describe('As in dnf.'),
  update_only: Flag.optional().describe('As in yum and dnf.'),
});
type Params = z.output<typeof fields>;
type Seen =
  | { readonly by: RpmTool; readonly rpm: RpmSeen }
  | { readonly by: 'apt'; readonly deb: DebSeen }
  | { readonly by: 'apk' | 'zypper'; readonly installed: ReadonlySet<string> };

/** What the package manager's own module takes of the parameters; the others mean nothing to it. */
function taken<T>(schema: z.ZodType<T>, given: Params): T {
  const known = fieldsOf(schema);
  return schema.parse(Object.fromEntries(Object.entries(given).filter(([name, value]) => name in known && value !== undefined)));
}

/** Packages, by whatever the host has. */
export default defineTask<Params, Seen>({
  name: 'package',
  summary: 'Packages, by whichever package manager the host has: dnf, yum, apt, zypper, apk.',
  examples: `- name: The cluster suite, on any of the Red Hat family
  package: { name: ["@ha", luci] }
`,
  params: fields,
  exclusive: 'rpm-db',
  async probe(params, host) {
    const { packages } = await host.system();
    const by = params.use === 'auto' ? packages : params.use;
    if (by === 'yum' || by === 'dnf') return { by, rpm: await lookRpm(taken(rpmParams, params), by, host) };
    if (by === 'apt') return { by, deb: await lookDeb(taken(aptParams, params), host) };
    if (by === 'zypper') return { by, installed: await host.read(sh`rpm -q ${params.name}`, ({ stdout }) => parseInstalled(params.name, stdout, stdout)) };
    if (by === 'apk') return { by, installed: await host.read(sh`apk info -e ${params.name}`, ({ stdout }) => new Set(stdout.split('\n').filter(Boolean))) };
    throw new TaskFailure(
      by === 'none' ? 'this host has no package manager that is known' : `no package manager '${by}' is known; known: dnf, yum, apt, zypper, apk`,
    );
  },
  plan(params, seen) {
    if ('deb' in seen) return planDeb(taken(aptParams, params), seen.deb);
    if ('rpm' in seen) return planRpm(taken(rpmParams, params), seen.by, seen.rpm);
    return planSimple(params, seen.by, seen.installed);
  },
  async apply(planned, host, params) {
    const by = params.use === 'auto' ? (await host.system()).packages : params.use;
    if (by === 'apt') await applyDeb(planned, params.lock_timeout, host);
    else if (by === 'yum' || by === 'dnf') await applyRpm(planned, by, params.lock_timeout, host);
    else await performSteps(planned.steps, host);
  },
  result: (_, seen) => ({ manager: seen.by }),
});

function planSimple({ name, state }: Params, by: 'apk' | 'zypper', installed: ReadonlySet<string>): readonly Change[] {
  const words =
    by === 'apk'
      ? { add: sh`apk add`, remove: sh`apk del`, newest: sh`apk add --upgrade` }
      : { add: sh`zypper -n install`, remove: sh`zypper -n remove`, newest: sh`zypper -n update` };
  if (state === 'absent' || state === 'removed') {
    const gone = name.filter((each) => installed.has(each));
    return gone.length === 0 ? [] : [change('installed', gone, ABSENT, [sh`${words.remove} ${gone}`], { risk: 'destroy' })];
  }
  const missing = name.filter((each) => !installed.has(each));
  const present = name.filter((each) => installed.has(each));
  return [
    ...(missing.length > 0 ? [change('installed', ABSENT, missing, [sh`${words.add} ${missing}`])] : []),
    ...(state === 'latest' && present.length > 0 ? [change('version', 'as it is', 'newest', [sh`${words.newest} ${present}`], { repeats: true })] : []),
  ];
}

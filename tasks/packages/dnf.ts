import { defineTask } from '../../runner/task/define.ts';
import { applyRpm, lookRpm, planRpm, type RpmSeen } from './rpm-install.ts';
import { rpmParams, type RpmParams } from './rpm-params.ts';

/** Packages by dnf. */
export default defineTask<RpmParams, RpmSeen>({
  name: 'dnf',
  aliases: ['dnf5'],
  summary: 'Packages and package groups, installed or removed by dnf.',
  description: "Presence is asked of rpm, all packages in one question; a group counts as installed when all its mandatory and default packages are. It calls the host's `dnf`, which is dnf 5 where that is the default: `dnf5` is the same module.",
  examples: `- name: Pacemaker and its shell
  dnf: { name: [pcs, pacemaker, fence-agents-all], enablerepo: highavailability }
`,
  params: rpmParams,
  exclusive: 'rpm-db',
  probe: (params, host) => lookRpm(params, 'dnf', host),
  plan: (params, seen) => planRpm(params, 'dnf', seen),
  apply: (change, host, { lock_timeout }) => applyRpm(change, 'dnf', lock_timeout, host),
  result: (_, seen) => ({ installed: [...seen.installed] }),
});

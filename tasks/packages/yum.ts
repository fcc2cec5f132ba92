import { defineTask } from '../../runner/task/define.ts';
import { applyRpm, lookRpm, planRpm, type RpmSeen } from './rpm-install.ts';
import { rpmParams, type RpmParams } from './rpm-params.ts';

/** Packages by yum. */
export default defineTask<RpmParams, RpmSeen>({
  name: 'yum',
  summary: 'Packages and package groups, installed or removed by yum.',
  description: `Presence is asked of rpm, all packages in one question; yum is called only when something is to be done (or with \`latest\`).
yum waits for ever while another yum runs: the task waits \`lock_timeout\` seconds, then fails and says who holds the lock.
A package that no repository has is a failure even where yum exits with 0.`,
  examples: `- name: The web interface for the cluster
  yum: { name: luci, state: present }
`,
  params: rpmParams,
  exclusive: 'rpm-db',
  probe: (params, host) => lookRpm(params, 'yum', host),
  plan: (params, seen) => planRpm(params, 'yum', seen),
  apply: (change, host, { lock_timeout }) => applyRpm(change, 'yum', lock_timeout, host),
  result: (_, seen) => ({ installed: [...seen.installed] }),
});

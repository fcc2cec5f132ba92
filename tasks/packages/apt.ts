import { defineTask } from '../../runner/task/define.ts';
import { aptParams, type AptParams } from './apt-params.ts';
import { applyDeb, lookDeb, planDeb, type DebSeen } from './deb-install.ts';

/** Packages by apt-get. */
export default defineTask<AptParams, DebSeen>({
  name: 'apt',
  summary: 'Debian packages, installed, upgraded or removed by apt-get.',
  description: `Presence is asked of dpkg. What is missing is first simulated with \`apt-get -s\`, so that check mode already refuses a package that no
repository has. Waits up to \`lock_timeout\` seconds for another apt (apt 1.9.11 and later), then says who holds the lock.`,
  examples: `- name: The tools
  apt: { name: [corosync, pacemaker, pcs], state: present, cache_valid_time: 3600, install_recommends: false }
`,
  params: aptParams,
  exclusive: 'dpkg',
  probe: lookDeb,
  plan: planDeb,
  apply: (change, host, { lock_timeout }) => applyDeb(change, lock_timeout, host),
  result: (_, seen) => ({ installed: [...seen.installed] }),
});

import { z } from 'zod';
import { change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Flag, Word, params } from '../../runner/task/params.ts';
import type { UnitState } from '../parse/systemd-show.ts';
import { applyService } from './service.ts';
import { lookUnit, planUnit, systemctl } from './systemd-unit.ts';

const fields = params({
  name: Word.optional()
    .meta({ aliases: ['service', 'unit'] })
    .describe('Name of the unit; `.service` is understood.'),
  state: z.enum(['started', 'stopped', 'restarted', 'reloaded']).optional().describe('Wanted state. restarted and reloaded act each time.'),
  enabled: Flag.optional().describe('Whether it starts at boot.'),
  masked: Flag.optional().describe('Whether it is made impossible to start.'),
  daemon_reload: Flag.default(false)
    .meta({ aliases: ['daemon-reload'] })
    .describe('Read unit files again when they have changed since systemd read them.'),
  daemon_reexec: Flag.default(false)
    .meta({ aliases: ['daemon-reexec'] })
    .describe('Restart systemd itself, each time.'),
  scope: z.enum(['system', 'user', 'global']).default('system').describe('Whose systemd.'),
  no_block: Flag.default(false).describe('Do not wait until the state is reached.'),
  force: Flag.optional().describe('Accepted for compatibility and not used.'),
});
type Params = z.output<typeof fields>;

/** The unit that was looked at; without a name, whether any unit's files have changed. */
interface Seen {
  readonly unit?: UnitState;
  readonly stale: boolean;
}

/** Units of systemd. */
export default defineTask<Params, Seen>({
  name: 'systemd',
  aliases: ['systemd_service'],
  summary: 'Units of systemd: state, start at boot, mask, and re-reading of unit files.',
  examples: `- name: Read the new unit file and start it
  systemd: { name: pcsd, state: started, enabled: true, daemon_reload: true }
`,
  params: fields,
  settleWithin: 5,
  async probe({ name, scope, daemon_reload }, host) {
    if (name !== undefined) {
      const unit = await lookUnit(name, scope, host);
      return { unit, stale: unit.stale };
    }
    if (!daemon_reload) return { stale: false };
    const stale = await host.read(sh`${systemctl(scope)} show -p NeedDaemonReload ${'*'}`, ({ stdout }) => /^NeedDaemonReload=yes$/m.test(stdout));
    return { stale };
  },
  plan({ name, scope, state, enabled, masked, daemon_reload, daemon_reexec, no_block }, { unit, stale }) {
    const ctl = systemctl(scope);
    const reexec = daemon_reexec ? [change('manager', 'running', 'restarted', [sh`${ctl} daemon-reexec`], { repeats: true })] : [];
    if (name === undefined || unit === undefined) {
      return [...reexec, ...(daemon_reload && stale ? [change('unit files', 'changed since they were read', 'read', [sh`${ctl} daemon-reload`])] : [])];
    }
    return [...reexec, ...planUnit({ name, scope, state, enabled, masked, daemonReload: daemon_reload, noBlock: no_block }, unit)];
  },
  apply: (change, host, { name }) => applyService(change, host, name ?? 'systemd'),
  result: ({ name, enabled }, { unit }) => ({
    ...(name !== undefined && { name }),
    ...(unit && {
      state: unit.active === 'active' ? 'started' : 'stopped',
      status: { ActiveState: unit.active, SubState: unit.sub, LoadState: unit.load, UnitFileState: unit.enablement },
    }),
    ...(enabled !== undefined && { enabled }),
  }),
});

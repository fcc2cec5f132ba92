import { z } from 'zod';
import { defineTask } from '../../runner/task/define.ts';
import { Amount, Flag, Text, Texts, Word, params } from '../../runner/task/params.ts';
import { applyService } from './service.ts';
import type { ServiceParams } from './service-params.ts';
import { isRunning, lookSysv, planSysv, type SysvSeen } from './sysv-service.ts';

const schema = params({
  name: Word.meta({ aliases: ['service'] }).describe('Name of the service.'),
  state: z.enum(['started', 'stopped', 'restarted', 'reloaded']).optional().describe('Wanted state. restarted and reloaded act each time.'),
  enabled: Flag.optional().describe('Whether it starts at boot.'),
  sleep: Amount.default(1).describe('Seconds between stop and start of a restart.'),
  runlevels: Texts.optional().describe('Runlevels that `enabled` is about; 2 to 5 without it.'),
  arguments: Text.default('').meta({ aliases: ['args'] }).describe('More words for the script.'),
  pattern: Text.optional().describe('Accepted for compatibility and not used: the state comes from the status action.'),
  daemonize: Flag.default(false).describe('Accepted for compatibility and not used: a script that leaves a daemon behind is never waited for.'),
});
type Params = z.output<typeof schema>;

/** The same wish in the words of `service`. */
function wish({ name, state, enabled, sleep, runlevels, arguments: words }: Params): ServiceParams {
  return { name, state, enabled, sleep, runlevel: runlevels?.join('') ?? 'default', arguments: words.split(/\s+/).filter(Boolean) } as ServiceParams;
}

/** A service whose init runs scripts. */
export default defineTask<Params, SysvSeen>({
  name: 'sysvinit',
  summary: 'Whether a script in /etc/init.d runs now and starts at boot.',
  description: 'Like `service`, but never through systemd, also on hosts that have it.',
  examples: `
- sysvinit: { name: ntpd, state: started, enabled: true, runlevels: [3, 5] }
`,
  params: schema,
  settleWithin: 5,
  probe: (given, host) => lookSysv(wish(given), host),
  plan: (given, seen) => planSysv(wish(given), seen),
  apply: (change, host, { name }) => applyService(change, host, name),
  result({ name, state, enabled }, { runtime }) {
    const running = runtime !== undefined && isRunning(name, runtime);
    return { name, ...(state !== undefined && { state: running ? 'started' : 'stopped' }), ...(enabled !== undefined && { enabled }) };
  },
});

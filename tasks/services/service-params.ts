import { z } from 'zod';
import { Amount, Flag, Text, Word, params } from '../../runner/task/params.ts';

const Words = z.union([z.string(), z.array(Text)]).transform((given) => (typeof given === 'string' ? given.split(/\s+/).filter(Boolean) : given));

/** Parameters of `service`, as in Ansible. */
export const serviceParams = params({
  name: Word.describe('Name of the service.'),
  state: z
    .enum(['started', 'stopped', 'restarted', 'reloaded'])
    .optional()
    .describe('Wanted state. restarted and reloaded act each time; reloaded starts what is stopped.'),
  enabled: Flag.optional().describe('Whether it starts at boot.'),
  sleep: Amount.optional().describe('Seconds between stop and start of a restart, for scripts that return too early. Scripts only.'),
  runlevel: Text.default('default').describe('Digits for SysV (default 2345) or the name of a runlevel for OpenRC.'),
  arguments: Words.default([])
    .meta({ aliases: ['args'] })
    .describe('More words for the init script. Scripts only.'),
  pattern: Text.optional().describe('Accepted for compatibility and not used: the state comes from the status action.'),
  use: Text.optional().describe('Accepted for compatibility and not used: the kind of init is seen on the host.'),
});

/** Validated parameters of `service`. */
export type ServiceParams = z.output<typeof serviceParams>;

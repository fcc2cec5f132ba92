import { z } from 'zod';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Flag, Whole, Word, params } from '../../runner/task/params.ts';
import { parseChkconfig } from '../parse/chkconfig.ts';
import { planBootLevels } from './boot-levels.ts';

const Levels = z
  .union([z.number(), z.string(), z.array(Whole)])
  .transform((given) => (typeof given === 'object' ? given : String(given).replaceAll(/[\s,]/g, '').split('').map(Number)))
  .refine((levels) => levels.length > 0 && levels.every((level) => level >= 0 && level <= 6), { message: 'must be runlevels from 0 to 6' });

/** Whether a SysV service starts at boot. */
export default defineTask({
  name: 'chkconfig',
  summary: 'Whether a SysV service starts at boot, per runlevel.',
  description: `Reads \`chkconfig --list\` and switches only the levels that are wrong. A service that was never added is added first.
Levels that are not named are left alone. A service without script or without chkconfig header is a failure that says so.`,
  examples: `- name: The cluster starts with the system
  chkconfig:
    name: "{{ item }}"
    enabled: true
  loop: [cman, rgmanager, modclusterd, ricci]
- name: Power-off must not be slowed down
  chkconfig: { name: acpid, enabled: false }
`,
  params: params({
    name: Word.describe('Name of the init script.'),
    enabled: Flag.default(true).describe('Whether it starts at boot.'),
    levels: Levels.default([2, 3, 4, 5]).describe('The runlevels meant, as digits or a list.'),
  }),
  probe: ({ name }, host) => host.read(sh`chkconfig --list ${name}`, (output) => parseChkconfig(name, output)),
  plan: planBootLevels,
  result: ({ name }, seen) => ({ name, levels: seen.kind === 'levels' ? [...seen.on] : [] }),
});

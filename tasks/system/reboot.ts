import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { change } from '../../runner/task/change.ts';
import { rawCommand, sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Text, Texts, Whole, params } from '../../runner/task/params.ts';

const schema = params({
  reboot_command: Text.optional().describe('What restarts the host; `shutdown -r` or `reboot` without it.'),
  reboot_timeout: Whole.default(600).meta({ aliases: ['reboot_timeout_sec'] }).describe('Seconds for going down and coming back.'),
  pre_reboot_delay: Whole.default(0).meta({ aliases: ['pre_reboot_delay_sec'] }).describe('Seconds to wait before it.'),
  post_reboot_delay: Whole.default(0).meta({ aliases: ['post_reboot_delay_sec'] }).describe('Seconds to wait after it is back.'),
  test_command: Text.default('whoami').describe('Must succeed before the host counts as back.'),
  connect_timeout: Whole.optional().meta({ aliases: ['connect_timeout_sec'] }).describe('Taken for compatibility.'),
  boot_time_command: Text.optional().describe('Taken for compatibility: the boot id tells whether the host has restarted.'),
  search_paths: Texts.optional().describe('Taken for compatibility.'),
  msg: Text.default('Reboot initiated by Ansible').describe('What logged-in users are told.'),
});

type Params = z.output<typeof schema>;

/** Restarts the host. */
export default defineTask<Params, null>({
  name: 'reboot',
  summary: 'Restarts the host and waits until it is back.',
  examples: `
- reboot: { reboot_timeout: 900 }
  when: kernel is changed
`,
  params: schema,
  probe: async () => null,
  plan: (given) => [change('host', 'running', 'restarted', [commandOf(given)], { risk: 'disconnect', repeats: true })],
  async apply(_, host, given) {
    const begin = Date.now();
    const wait = (seconds: number): Promise<void> => sleep(Math.max(0, seconds) * 1000, undefined, { signal: host.signal });
    await wait(given.pre_reboot_delay);
    await host.reboot(commandOf(given), given.reboot_timeout);
    await wait(given.post_reboot_delay);
    for (;;) {
      const { code, stdout, stderr } = await host.run(rawCommand(given.test_command), { ok: 'any' });
      const elapsed = Math.floor((Date.now() - begin) / 1000);
      if (code === 0) return { rebooted: true, elapsed };
      if (elapsed >= given.reboot_timeout) throw new TaskFailure(`Timed out waiting for post-reboot test command: ${given.test_command} exits with ${code}: ${(stderr || stdout).trim()}`, { rebooted: true, elapsed });
      await wait(2);
    }
  },
});

function commandOf({ reboot_command, msg }: Params): Command {
  return reboot_command === undefined ? sh`if command -v shutdown >/dev/null 2>&1; then shutdown -r now ${msg}; else reboot; fi` : rawCommand(reboot_command);
}

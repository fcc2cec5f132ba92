import { z } from 'zod';
import { change, ABSENT, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import { parseGetenforce, parseSelinuxConfig, withSelinuxSetting, type SelinuxMode } from '../parse/selinux.ts';

const fields = params({
  state: z
    .preprocess((given) => (typeof given === 'string' ? given.toLowerCase() : given), z.enum(['enforcing', 'permissive', 'disabled']))
    .describe('Wanted mode.'),
  policy: Text.optional().describe('Name of the policy, e.g. targeted; without it, the one in the file stays.'),
  configfile: Text.default('/etc/selinux/config')
    .meta({ aliases: ['conf', 'file'] })
    .describe('The file; a link (/etc/sysconfig/selinux) is followed and stays a link.'),
  update_kernel_param: Flag.optional().describe('Accepted for compatibility and not used.'),
});
type Params = z.output<typeof fields>;

interface Seen {
  /** Undefined when the host has no SELinux at all. */
  readonly runtime: SelinuxMode | undefined;
  readonly text: string | null;
  readonly relabel: boolean;
}

/** The mode of SELinux, now and at boot. */
export default defineTask<Params, Seen>({
  name: 'selinux',
  summary: 'The mode and policy of SELinux, now and after the next boot.',
  description: `Between enforcing and permissive the change is immediate (setenforce) and lasting (the file): no reboot. To or from disabled, a reboot is
needed: the result's \`reboot_required\` says so and this module leaves it to \`reboot\`. From disabled, a full relabel at the next boot
is asked for. Only the lines SELINUX= and SELINUXTYPE= are touched, through links, comments stay.`,
  examples: `- name: Watch, do not forbid, until the cluster runs
  selinux: { state: permissive }
  register: selinux
- name: Restart when only that can do it
  reboot:
  when: selinux.reboot_required
`,
  params: fields,
  async probe({ configfile }, host) {
    const [runtime, content, relabel] = await Promise.all([host.read(sh`getenforce`, parseGetenforce), host.readFile(configfile), host.stat('/.autorelabel')]);
    return { runtime, text: content === null ? null : content.toString(), relabel: relabel !== null };
  },
  plan({ state, policy, configfile }, { runtime, text, relabel }) {
    if (text === null) {
      if (state === 'disabled' && (runtime === undefined || runtime === 'disabled')) return [];
      throw new TaskFailure(`${configfile} does not exist: SELinux is not installed on this host`);
    }
    const stored = parseSelinuxConfig(text);
    const changes: Change[] = [];
    const wantedPolicy = policy ?? stored.policy;
    if (stored.mode !== state || stored.policy !== wantedPolicy) {
      let after = stored.mode === state ? text : withSelinuxSetting(text, 'SELINUX', state);
      if (wantedPolicy !== undefined && stored.policy !== wantedPolicy) after = withSelinuxSetting(after, 'SELINUXTYPE', wantedPolicy);
      const named = (mode: string | undefined, type: string | undefined): string => [mode, policy !== undefined && type].filter(Boolean).join(' ');
      changes.push(
        change('boot', named(stored.mode, stored.policy) || ABSENT, named(state, wantedPolicy), [{ write: { path: configfile, content: after } }], {
          diff: { beforeLabel: configfile, afterLabel: configfile, before: text, after },
        }),
      );
    }
    const now = state === 'disabled' ? 'permissive' : state;
    if (runtime !== undefined && runtime !== 'disabled' && runtime !== now && !(state === 'disabled' && runtime === 'permissive')) {
      const word = now === 'enforcing' ? 1 : 0;
      changes.push(change('runtime', runtime, now, [sh`setenforce ${word}`], { undo: [{ run: sh`setenforce ${1 - word}` }] }));
    }
    // Files made while SELinux was off have no labels: without this the next boot would end in a shell.
    if (runtime === 'disabled' && state !== 'disabled' && !relabel)
      changes.push(change('relabel at boot', false, true, [{ write: { path: '/.autorelabel', content: '' } }]));
    return changes;
  },
  // Neither setenforce nor the file turns SELinux on or off before the next boot.
  foretell: ({ state }, { runtime }) => ({ reboot_required: needsReboot(state, runtime) }),
  result({ state, configfile }, { runtime, text }) {
    const stored = parseSelinuxConfig(text ?? '');
    return { state: runtime ?? 'disabled', policy: stored.policy ?? '', configfile, reboot_required: needsReboot(state, runtime) };
  },
});

function needsReboot(state: string, runtime: string | undefined): boolean {
  return ((runtime ?? 'disabled') === 'disabled') !== (state === 'disabled');
}

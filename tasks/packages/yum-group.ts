import { z } from 'zod';
import { change, ABSENT } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Texts, Whole, params } from '../../runner/task/params.ts';
import { applyRpm, type RpmTool } from './rpm-install.ts';
import { lookGroups, missingMembers, type GroupSeen } from './rpm-groups.ts';

const fields = params({
  name: Texts.describe('Groups, each by name (`High Availability`) or id (`ha`).'),
  state: z.enum(['present', 'absent']).default('present').describe('present: all mandatory and default packages are installed.'),
  enablerepo: Texts.default([]).describe('Repositories enabled for this task.'),
  disablerepo: Texts.default([]).describe('Repositories disabled for this task.'),
  exclude: Texts.default([]).describe('Members left out, e.g. because no repository has them.'),
  lock_timeout: Whole.default(120).describe('Seconds to wait for another yum to finish.'),
  timeout: Whole.default(1800).describe('Seconds the installation may take.'),
});
type Params = z.output<typeof fields>;
interface Seen {
  readonly tool: RpmTool;
  readonly groups: readonly GroupSeen[];
}

/** Package groups. */
export default defineTask<Params, Seen>({
  name: 'yum_group',
  summary: 'Package groups, complete: every mandatory and default package.',
  description: `yum calls a group installed as soon as its mandatory packages are (for "High Availability" that is cman alone, without
rgmanager), and exits with 0 for a group that does not exist. So the members are read from \`groupinfo\` and asked of rpm, an unknown group is
a failure with a suggestion, and after the installation the members are asked again.`,
  examples: `- name: Install the cluster suite
  yum_group: { name: High Availability }
`,
  params: fields,
  exclusive: 'rpm-db',
  async probe({ name, enablerepo, disablerepo, lock_timeout }, host) {
    const { packages } = await host.system();
    if (packages !== 'yum' && packages !== 'dnf') throw new TaskFailure(`this host has neither yum nor dnf (its package manager: ${packages})`);
    const words = [...disablerepo.map((repo) => `--disablerepo=${repo}`), ...enablerepo.map((repo) => `--enablerepo=${repo}`)];
    return { tool: packages, groups: await lookGroups(name, { tool: packages, words, lockTimeout: lock_timeout }, host) };
  },
  plan({ state, enablerepo, disablerepo, exclude, timeout }, { tool, groups }) {
    const words = [
      ...disablerepo.map((repo) => `--disablerepo=${repo}`),
      ...enablerepo.map((repo) => `--enablerepo=${repo}`),
      ...exclude.map((each) => `--exclude=${each}`),
    ];
    const act = (verb: 'install' | 'remove', name: string): Command =>
      sh`${tool} ${['-y', ...words, ...(tool === 'yum' ? [`group${verb}`] : ['group', verb]), name]}`.with({ timeout });
    return groups.flatMap((seen) => {
      if (state === 'absent')
        return seen.installed.length === 0 ? [] : [change(seen.group.name, [...seen.installed], ABSENT, [act('remove', seen.asked)], { risk: 'destroy' })];
      const missing = missingMembers(seen, exclude);
      return missing.length === 0 ? [] : [change(seen.group.name, ABSENT, [...missing], [act('install', seen.asked)])];
    });
  },
  async apply(planned, host, { lock_timeout, enablerepo, disablerepo, exclude, state }) {
    const { packages } = await host.system();
    const tool = packages === 'dnf' ? 'dnf' : 'yum';
    await applyRpm(planned, tool, lock_timeout, host);
    if (state === 'absent') return;
    const words = [...disablerepo.map((repo) => `--disablerepo=${repo}`), ...enablerepo.map((repo) => `--enablerepo=${repo}`)];
    const left = (await lookGroups([planned.aspect], { tool, words, lockTimeout: lock_timeout }, host)).flatMap((seen) => missingMembers(seen, exclude));
    if (left.length > 0)
      throw new TaskFailure(
        `${tool} reported success, but ${left.join(', ')} of the group '${planned.aspect}' ${left.length === 1 ? 'is' : 'are'} not installed: no enabled repository has ${left.length === 1 ? 'it' : 'them'}; enable one, or leave out with 'exclude'`,
        { missing: [...left] },
      );
  },
  result: (_, { groups }) => ({
    groups: Object.fromEntries(
      groups.map(({ group, installed, unavailable }) => [
        group.name,
        { mandatory: [...group.mandatory], default: [...group.default], installed: [...installed], unavailable: [...unavailable] },
      ]),
    ),
  }),
});

import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Word, params } from '../../runner/task/params.ts';
import { plainSysctlName, plainSysctlValue, setSysctlConf, sysctlConfValue } from '../parse/sysctl-conf.ts';
import { textDiff } from '../files/common/content.ts';

const schema = params({
  name: Word.meta({ aliases: ['key'] }).describe('The setting, e.g. `net.ipv4.ip_forward`.'),
  value: z.union([z.boolean(), z.number(), z.string()]).transform(sysctlText).optional().meta({ aliases: ['val'] }).describe('Its value.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the file shall set it.'),
  sysctl_set: Flag.default(false).describe('Set it in the running kernel, too, whenever that differs.'),
  sysctl_file: Text.default('/etc/sysctl.conf').describe('The file that keeps it.'),
  reload: Flag.default(true).describe('Load the file when it has changed.'),
  ignoreerrors: Flag.default(false).describe('Pass over settings that the kernel does not know.'),
}).refine((given) => given.state === 'absent' || given.value !== undefined, 'value cannot be None');

/** `yes` and the like are 1, in whatever form they arrive. */
function sysctlText(given: boolean | number | string): string {
  const word = String(given).toLowerCase();
  if (['yes', 'on', 'true', 't', 'y'].includes(word)) return '1';
  return ['no', 'off', 'false', 'f', 'n'].includes(word) ? '0' : String(given);
}

interface Seen {
  readonly content: Buffer | null;
  readonly running: string | null;
}

/** Keeps a kernel setting. */
export default defineTask<z.output<typeof schema>, Seen>({
  name: 'sysctl',
  summary: 'Keeps a kernel setting in sysctl.conf and, if asked, in the running kernel.',
  examples: `
- sysctl: { name: vm.swappiness, value: '10', sysctl_set: true }
`,
  params: schema,
  async probe({ name, sysctl_file, sysctl_set }, host) {
    const running = sysctl_set ? host.read(sh`sysctl -e -n ${name}`, ({ code, stdout }) => (code === 0 && stdout !== '' ? plainSysctlValue(stdout) : null)) : null;
    const [content, now] = await Promise.all([host.readFile(sysctl_file), running]);
    return { content, running: now };
  },
  plan({ name: given, value, state, sysctl_set, sysctl_file, reload, ignoreerrors }, { content, running }): readonly Change[] {
    const name = plainSysctlName(given);
    const wanted = state === 'present' ? plainSysctlValue(value ?? '') : undefined;
    const old = content?.toString() ?? '';
    const next = setSysctlConf(old, name, wanted);
    const quiet = ignoreerrors ? ['-e'] : [];
    const changes: Change[] = [];
    if (next !== old || (content === null && wanted !== undefined)) {
      const diff = textDiff(sysctl_file, content, Buffer.from(next));
      changes.push(change('stored', sysctlConfValue(old, name) ?? ABSENT, wanted ?? ABSENT, [
        { write: { path: sysctl_file, content: next } },
        ...(reload ? [sh`sysctl ${[...quiet, '-p', sysctl_file]}`] : []),
      ], diff ? { diff } : {}));
    }
    if (sysctl_set && wanted !== undefined && running !== wanted) {
      if (running === null && !ignoreerrors) throw new TaskFailure(`the kernel does not know the setting '${name}'`);
      if (running !== null) changes.push(change('running', running, wanted, [sh`sysctl ${[...quiet, '-w', `${name}=${wanted}`]}`], { undo: [{ run: sh`sysctl -w ${`${name}=${running}`}` }] }));
    }
    return changes;
  },
});

import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Text, Word, params } from '../../runner/task/params.ts';

const schema = params({
  name: Word.describe('Kernel module.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether it shall be loaded.'),
  params: Text.default('').describe('Parameters for loading it.'),
  persistent: z.enum(['disabled', 'present', 'absent']).default('disabled').describe('Whether it is loaded at boot, by a file in /etc/modules-load.d (and one in /etc/modprobe.d for its parameters); disabled: not looked at.'),
});

interface Seen {
  readonly loaded: boolean;
  /** Says why a module that is not loaded cannot be; undefined when it can. */
  readonly refused?: string;
  readonly load: string | null;
  readonly options: string | null;
}

/** A module of the kernel. */
export default defineTask<z.output<typeof schema>, Seen>({
  name: 'modprobe',
  summary: 'Whether a module of the kernel is loaded, now and at boot.',
  examples: `
- modprobe: { name: br_netfilter, persistent: present }
`,
  params: schema,
  async probe({ name, state, persistent }, host) {
    const plain = name.replaceAll('-', '_');
    const [loaded, load, options] = await Promise.all([
      host.read(sh`[ -d ${`/sys/module/${plain}`} ] || grep -q -e ${`/${plain}.ko`} -e ${`/${plain.replaceAll('_', '-')}.ko`} ${'/lib/modules/'}"$(uname -r)"/modules.builtin 2>/dev/null`, ({ code }) => code === 0),
      persistent === 'disabled' ? null : host.readFile(`/etc/modules-load.d/${name}.conf`),
      persistent === 'disabled' ? null : host.readFile(`/etc/modprobe.d/${name}.conf`),
    ]);
    const refused = loaded || state === 'absent' ? undefined : await host.read(sh`modprobe -n ${name}`, ({ code, stderr }) => (code === 0 ? undefined : stderr.trim() || `modprobe -n exits with ${code}`));
    return { loaded, load: load?.toString() ?? null, options: options?.toString() ?? null, ...(refused !== undefined && { refused }) };
  },
  plan({ name, state, params: words, persistent }, seen): readonly Change[] {
    if (seen.refused !== undefined) throw new TaskFailure(`the kernel module cannot be loaded: ${seen.refused}`);
    const changes: Change[] = [];
    if (state === 'present' && !seen.loaded) changes.push(change('loaded', false, true, [sh`modprobe ${name} ${words.split(/\s+/).filter(Boolean)}`]));
    if (state === 'absent' && seen.loaded) changes.push(change('loaded', true, false, [sh`modprobe -r ${name}`]));
    if (persistent === 'disabled') return changes;
    const file = (path: string, before: string | null, after: string | null): void => {
      if (before === after) return;
      changes.push(change('boot', before ?? ABSENT, after ?? ABSENT, [after === null ? { remove: path } : { write: { path, content: after } }]));
    };
    file(`/etc/modules-load.d/${name}.conf`, seen.load, persistent === 'present' ? `${name}\n` : null);
    file(`/etc/modprobe.d/${name}.conf`, seen.options, persistent === 'present' && words !== '' ? `options ${name} ${words}\n` : null);
    return changes;
  },
});

import { z } from 'zod';
import { ABSENT, type Change } from '../../runner/task/change.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Text, Word, params } from '../../runner/task/params.ts';
import { contentChanges } from '../files/common/content.ts';
import { lookAtText, parentSteps, type TextFile } from '../files/common/text-file.ts';

const schema = params({
  name: Word.describe('Kernel module.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether it is kept from loading by itself.'),
  blacklist_file: Text.default('/etc/modprobe.d/blacklist-ansible.conf').describe('The file.'),
});

/** A kernel module that shall not load by itself. */
export default defineTask<z.output<typeof schema>, TextFile>({
  name: 'kernel_blacklist',
  summary: 'Whether a module of the kernel is kept from loading by itself.',
  examples: `
- kernel_blacklist: { name: nouveau }
`,
  params: schema,
  probe: ({ blacklist_file }, host) => lookAtText(blacklist_file, host, {}),
  plan({ name, state }, seen): readonly Change[] {
    const lines = (seen.content?.toString() ?? '').split('\n').map((line) => line.trimEnd());
    if (lines.at(-1) === '') lines.pop();
    const isIt = (line: string): boolean => /^blacklist\s+(\S+)$/.exec(line.trim())?.[1] === name;
    const listed = lines.some(isIt);
    if (listed === (state === 'present')) return [];
    const next = listed ? lines.filter((line) => !isIt(line)) : [...lines, `blacklist ${name}`];
    const content = Buffer.from(next.map((line) => `${line}\n`).join(''));
    return parentSteps(seen, contentChanges(seen, seen.content, { content }, { aspect: 'blacklist', before: listed ? name : ABSENT, after: listed ? ABSENT : name }));
  },
  result: ({ name, state }) => ({ name, state }),
});

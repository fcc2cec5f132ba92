import { z } from 'zod';
import { ABSENT, type Change } from '../../runner/task/change.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import { attributeFields } from '../files/common/attributes.ts';
import { contentChanges } from '../files/common/content.ts';
import { lookAtText, type TextFile } from '../files/common/text-file.ts';
import { editInterface } from '../parse/interfaces-edit.ts';

const schema = params({
  dest: Text.default('/etc/network/interfaces').describe('The file.'),
  iface: Text.optional().describe('Interface.'),
  address_family: Text.optional().describe('inet or inet6, where the interface has both.'),
  option: Text.optional().describe('Option; `method` for how the interface gets its address.'),
  value: Text.optional().describe('Its value.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the option is there.'),
  backup: Flag.default(false).describe('Keep the old file beside it.'),
  ...attributeFields,
})
  .refine(({ option, iface }) => option === undefined || iface !== undefined, "missing parameter(s) required by 'option': iface")
  .refine(({ option, state, value }) => option === undefined || state === 'absent' || value !== undefined, "Value must be set if option is defined and state is 'present'");
type Params = z.output<typeof schema>;

/** An option of a network interface of Debian. */
export default defineTask<Params, TextFile>({
  name: 'interfaces_file',
  summary: 'An option of a network interface in /etc/network/interfaces.',
  description: 'Only the file: the interface takes it when it is brought up again.',
  examples: `
- interfaces_file: { iface: eth0, option: mtu, value: 9000 }
`,
  params: schema,
  probe: (given, host) => lookAtText(given.dest, host, given),
  plan(given, seen): readonly Change[] {
    const { iface, option, value, state, address_family: family } = given;
    if (!seen.content) throw new TaskFailure(`Error: ${seen.path} file not found`);
    const old = seen.content.toString();
    const text = option === undefined || iface === undefined ? old : editInterface(old, { iface, family, option, value, state });
    if (text === undefined) throw new TaskFailure(`Error: interface ${iface ?? ''} not found`);
    const line = (a: string, b: string): Change['before'] => a.split('\n').find((each) => !b.split('\n').includes(each))?.trim() ?? ABSENT;
    return contentChanges(seen, seen.content, { ...given, content: Buffer.from(text) }, { aspect: option ?? 'content', before: line(old, text), after: line(text, old) });
  },
  result: (_, seen) => ({ dest: seen.path }),
});

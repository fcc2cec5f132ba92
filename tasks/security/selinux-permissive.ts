import type { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Flag, Text, Word, params } from '../../runner/task/params.ts';
import { parsePermissive } from '../parse/semanage.ts';
import { askSemanage } from './semanage.ts';

const schema = params({
  domain: Word.meta({ aliases: ['name'] }).describe('Domain, e.g. `httpd_t`.'),
  permissive: Flag.describe('Whether what it does is only logged, never refused.'),
  no_reload: Flag.default(false).describe('Do not load the policy afterwards.'),
  store: Text.default('').describe('Policy store to use.'),
});

/** A domain of SELinux that is only watched. */
export default defineTask<z.output<typeof schema>, boolean>({
  name: 'selinux_permissive',
  summary: 'Whether SELinux only logs what a domain does, by semanage.',
  examples: `
- selinux_permissive: { name: httpd_t, permissive: true }
`,
  params: schema,
  exclusive: 'semanage',
  probe: async ({ domain, store }, host) => parsePermissive(await askSemanage(['permissive', ...(store === '' ? [] : ['-S', store]), '-l'], true, host)).includes(domain),
  plan({ domain, permissive, no_reload, store }, seen): readonly Change[] {
    if (seen === permissive) return [];
    const words = [...(no_reload ? ['-N'] : []), ...(store === '' ? [] : ['-S', store]), permissive ? '-a' : '-d', domain];
    return [change('permissive', seen ? domain : ABSENT, permissive ? domain : ABSENT, [sh`semanage permissive ${words}`])];
  },
  result: ({ domain, permissive, store }) => ({ domain, permissive, store }),
});

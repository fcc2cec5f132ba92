import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import { parseEquivalents, parseFileContexts, type FileContext } from '../parse/semanage.ts';
import { askSemanage } from './semanage.ts';

/** Kinds of files as the parameter, `semanage -l` and the `-f` of EL 6 name them. */
const KINDS = {
  a: ['all files', ''], b: ['block device', '-b'], c: ['character device', '-c'], d: ['directory', '-d'],
  f: ['regular file', '--'], l: ['symbolic link', '-l'], p: ['named pipe', '-p'], s: ['socket', '-s'],
} as const;

const schema = params({
  target: Text.meta({ aliases: ['path'] }).describe('Pattern of paths, e.g. `/srv/web(/.*)?`.'),
  ftype: z.enum(['a', 'b', 'c', 'd', 'f', 'l', 'p', 's']).default('a').describe('Kind of files: a for all, b, c, d, f, l, p, s as in `ls -l`.'),
  setype: Text.optional().describe('SELinux type they get.'),
  substitute: Text.optional().meta({ aliases: ['equal'] }).describe('Folder whose rules shall count for the target, too.'),
  seuser: Text.optional().describe('SELinux user; system_u for a new rule.'),
  selevel: Text.optional().meta({ aliases: ['serange'] }).describe('SELinux level; s0 for a new rule.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the rule shall be there.'),
  reload: Flag.default(true).describe('Load the policy afterwards.'),
  ignore_selinux_state: Flag.default(false).describe('Work where SELinux is off, too.'),
})
  .refine(({ state, setype, substitute }) => state === 'absent' || setype !== undefined || substitute !== undefined, 'state is present but any of the following are missing: setype, substitute')
  .refine(({ setype, substitute }) => setype === undefined || substitute === undefined, 'parameters are mutually exclusive: setype|substitute');

interface Seen {
  readonly rule: FileContext | null;
  readonly like: string | null;
  /** semanage of EL 6, which names kinds of files as `ls -l` does. */
  readonly old: boolean;
}

/** A rule that gives files their SELinux context. */
export default defineTask<z.output<typeof schema>, Seen>({
  name: 'sefcontext',
  summary: 'A rule that says which SELinux context files have, by semanage.',
  description: 'Only the rule: files that are there keep their context until `restorecon -R` runs, for which a handler is the place.',
  examples: `
- sefcontext: { target: '/srv/web(/.*)?', setype: httpd_sys_content_t }
`,
  params: schema,
  exclusive: 'semanage',
  async probe({ target, ftype, ignore_selinux_state }, host) {
    const [text, { family, version }] = await Promise.all([askSemanage(['fcontext', '-l'], ignore_selinux_state, host), host.system()]);
    const rule = parseFileContexts(text).findLast((each) => each.target === target && each.kind === KINDS[ftype][0]);
    return { rule: rule ?? null, like: parseEquivalents(text).get(target) ?? null, old: family === 'RedHat' && /^[56]\b/.test(version) };
  },
  plan(given, { rule, like, old }): readonly Change[] {
    const { target, ftype, setype, substitute, state, reload } = given;
    const kind = ftype === 'a' ? [] : ['-f', old ? KINDS[ftype][1] : ftype];
    const quiet = reload ? [] : ['-N'];
    if (state === 'absent') {
      if (like !== null && (substitute === undefined || substitute === like)) return [change('equivalent', like, ABSENT, [sh`semanage fcontext ${[...quiet, '-d', target]}`])];
      return rule === null || substitute !== undefined ? [] : [change('context', shown(rule), ABSENT, [sh`semanage fcontext ${[...quiet, '-d', ...kind, target]}`])];
    }
    if (substitute !== undefined) return like === substitute ? [] : [change('equivalent', like ?? ABSENT, substitute, [sh`semanage fcontext ${[...quiet, like === null ? '-a' : '-m', '-e', substitute, target]}`])];
    const user = given.seuser ?? rule?.user ?? 'system_u';
    const level = given.selevel ?? rule?.level ?? 's0';
    const wanted = { user, type: setype ?? '', level };
    if (rule !== null && rule.type === wanted.type && rule.user === user && rule.level === level) return [];
    const own = [...(given.seuser === undefined ? [] : ['-s', user]), ...(given.selevel === undefined ? [] : ['-r', level])];
    return [change('context', rule === null ? ABSENT : shown(rule), shown(wanted), [sh`semanage fcontext ${[...quiet, rule === null ? '-a' : '-m', '-t', wanted.type, ...own, ...kind, target]}`])];
  },
  result: ({ target, ftype, setype, state }) => ({ target, ftype, setype: setype ?? null, state }),
});

function shown({ user, type, level }: Pick<FileContext, 'user' | 'type' | 'level'>): string {
  return type === '<<None>>' ? type : `${user}:object_r:${type}:${level}`;
}

import { posix } from 'node:path';
import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Whole, params } from '../../runner/task/params.ts';

const schema = params({
  src: Text.meta({ aliases: ['patchfile'] }).describe('The patch, on the controller; with `remote_src` on the host.'),
  dest: Text.optional().meta({ aliases: ['originalfile'] }).describe('File to change, where the patch shall not say it.'),
  basedir: Text.optional().describe('Folder that the names in the patch are below; the folder of `dest` without it.'),
  strip: Whole.default(0).describe('How many parts of the names in the patch are left out.'),
  remote_src: Flag.default(false).describe('The patch is on the host.'),
  backup: Flag.default(false).describe('Keep numbered copies of the old files.'),
  binary: Flag.default(false).describe('Leave line ends as they are.'),
  ignore_whitespace: Flag.default(false).describe('Pass over differences of white space.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the patch is applied.'),
}).refine(({ dest, basedir }) => dest !== undefined || basedir !== undefined, 'one of the following is required: dest, basedir');
type Params = z.output<typeof schema> & { readonly content?: Buffer };

interface Seen {
  readonly applied: boolean;
  /** What patch says against doing it. */
  readonly refused?: string;
}

function patching({ src, content, dest, basedir, strip, binary, ignore_whitespace }: Params, words: readonly string[]): Command {
  const folder = basedir ?? posix.dirname(dest ?? '/');
  const more = [...(binary ? ['--binary'] : []), ...(ignore_whitespace ? ['--ignore-whitespace'] : []), ...(dest === undefined ? [] : [dest])];
  const command = sh`patch ${['--quiet', '--forward', '--batch', '--reject-file=-', `--strip=${strip}`, `--directory=${folder}`, ...words, ...more]}`;
  return content ? command.with({ stdin: content }) : sh`${command} <${src}`;
}

/** A patch. */
export default defineTask<z.output<typeof schema>, Seen, Params>({
  name: 'patch',
  summary: 'Applies a patch on the host, by its own patch.',
  description: 'Whether it is applied, and whether it can be, is asked of `patch --dry-run`: check mode refuses what would not fit.',
  examples: `
- patch: { src: fix.patch, basedir: /srv/app, strip: 1 }
`,
  params: schema,
  async prepare(given, controller) {
    return given.remote_src ? given : { ...given, content: await controller.readFile(await controller.find(given.src, 'files')) };
  },
  async probe(given, host) {
    const { src, dest, basedir, content, state } = given;
    const there = async (path: string | undefined): Promise<boolean> => path === undefined || (await host.stat(path, { follow: true })) !== null;
    if (!content && !(await there(src))) throw new TaskFailure(`src ${src} doesn't exist or not readable`);
    if (!(await there(dest))) throw new TaskFailure(`dest ${dest} doesn't exist or not writable`);
    if (!(await there(basedir))) throw new TaskFailure(`basedir ${basedir} doesn't exist`);
    const dry = (words: readonly string[]) =>
      host.read(patching(given, ['--dry-run', ...words]), ({ code, stdout, stderr }) => {
        if (code === 127) throw new TaskFailure('patch command not found');
        return code === 0 ? undefined : stderr.trim() || stdout.trim() || `exit code ${code}`;
      });
    const [backward, forward] = state === 'present' ? [['--reverse'], []] : [[], ['--reverse']];
    if ((await dry(backward)) === undefined) return { applied: state === 'present' };
    const refused = await dry(forward);
    return { applied: state === 'absent', ...(refused !== undefined && { refused }) };
  },
  plan(given, { applied, refused }): readonly Change[] {
    const wanted = given.state === 'present';
    if (applied === wanted) return [];
    if (refused !== undefined) throw new TaskFailure(refused);
    const words = [...(given.backup ? ['--backup', '--version-control=numbered'] : []), ...(wanted ? [] : ['--reverse'])];
    return [change('patch', wanted ? ABSENT : given.src, wanted ? given.src : ABSENT, [patching(given, words)])];
  },
});

import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Word, params } from '../../runner/task/params.ts';
import { splitShellWords } from '../parse/shell-words.ts';

const schema = params({
  name: Word.describe('Gem.'),
  state: z.enum(['present', 'absent', 'latest']).default('present').describe('Whether it shall be there.'),
  version: Text.optional().describe('Version.'),
  gem_source: Text.optional().describe('A gem file on the host, in place of the name.'),
  repository: Text.optional().meta({ aliases: ['source'] }).describe('Server to ask.'),
  user_install: Flag.default(true).describe("Install into the user's home; otherwise for all."),
  install_dir: Text.optional().describe('Folder to install into; needs `user_install: false`.'),
  bindir: Text.optional().describe('Folder for programs.'),
  executable: Text.optional().describe('The gem to use.'),
  include_dependencies: Flag.default(true).describe('Install what it needs, too.'),
  pre_release: Flag.default(false).describe('Take versions before a release, too.'),
  include_doc: Flag.default(false).describe('Install documentation.'),
  env_shebang: Flag.default(false).describe('Rewrite the first line of programs to use env.'),
  build_flags: Text.optional().describe('Further words for building.'),
  force: Flag.default(false).describe('Install or remove whatever stands against it.'),
  norc: Flag.default(true).describe('Read no gemrc.'),
})
  .refine(({ gem_source, repository }) => gem_source === undefined || repository === undefined, 'parameters are mutually exclusive: gem_source|repository')
  .refine(({ gem_source, version }) => gem_source === undefined || version === undefined, 'parameters are mutually exclusive: gem_source|version')
  .refine(({ state, version }) => state !== 'latest' || version === undefined, 'Cannot specify version when state=latest')
  .refine(({ state, gem_source }) => state !== 'latest' || gem_source === undefined, 'Cannot maintain state=latest when installing from local source')
  .refine(({ user_install, install_dir }) => !user_install || install_dir === undefined, 'install_dir requires user_install=false');
type Params = z.output<typeof schema>;

interface Seen {
  readonly installed: readonly string[];
  /** The newest version of the server; asked for `latest` only. */
  readonly newest?: string | undefined;
}

/** Versions in `gem list`: `rake (13.0.6, default: 12.3.1 java)`. */
function parseVersions(text: string, name: string): readonly string[] {
  const line = text.split('\n').find((each) => each.startsWith(`${name} (`)) ?? '';
  return (/\((.+)\)/.exec(line)?.[1] ?? '').split(', ').map((version) => version.replace(/^default: /, '').split(' ')[0] ?? '').filter(Boolean);
}

/** Gems of Ruby. */
export default defineTask<Params, Seen>({
  name: 'gem',
  summary: 'Gems of Ruby, installed or removed by the gem of the host.',
  examples: `
- gem: { name: bundler, version: 2.4.22, user_install: false }
`,
  params: schema,
  exclusive: 'gem',
  async probe(given, host) {
    const { name, executable = 'gem', norc, install_dir, state, repository } = given;
    const environment = install_dir === undefined ? undefined : sh`GEM_HOME=${install_dir} `;
    const rc = norc ? ['--norc'] : [];
    const list = (words: readonly string[]) =>
      host.read(sh`${environment}${[...splitShellWords(executable), 'list', ...rc, ...words, `^${name}$`]}`.with({ timeout: 120 }), ({ code, stdout, stderr }) => {
        if (code === 127) throw new TaskFailure(`Failed to find required executable "${executable}": install ruby first`);
        if (code !== 0) throw new TaskFailure(stderr.trim(), { rc: code });
        return parseVersions(stdout, name);
      });
    const [installed, remote] = await Promise.all([list(['--local']), state === 'latest' ? list(['--remote', ...(repository === undefined ? [] : ['--source', repository])]) : undefined]);
    return { installed, newest: remote?.[0] };
  },
  plan(given, { installed, newest }): readonly Change[] {
    const { name, state, version, executable = 'gem', install_dir, bindir } = given;
    const program = [...splitShellWords(executable)];
    const rc = given.norc ? ['--norc'] : [];
    const places = [...(install_dir === undefined ? [] : ['--install-dir', install_dir]), ...(bindir === undefined ? [] : ['--bindir', bindir])];
    const wanted = state === 'latest' ? newest : version;
    if (state === 'latest' && newest === undefined) throw new TaskFailure(`the server has no gem '${name}'`);
    const there = wanted === undefined ? installed.length > 0 : installed.includes(wanted);
    const before = installed.length === 0 ? ABSENT : [...installed];
    if (state === 'absent') {
      const which = version === undefined ? ['--all'] : ['--version', version];
      return there ? [change('gem', before, ABSENT, [sh`${[...program, 'uninstall', ...rc, ...places, ...which, '--executable', ...(given.force ? ['--force'] : []), name]}`.with({ timeout: 600 })])] : [];
    }
    if (there) return [];
    const flags = Object.entries({
      '--ignore-dependencies': !given.include_dependencies, '--user-install': given.user_install, '--no-user-install': !given.user_install, '--pre': given.pre_release, '--no-document': !given.include_doc, '--env-shebang': given.env_shebang, '--force': given.force,
    }).flatMap(([flag, on]) => (on ? [flag] : []));
    const source = [...(version === undefined ? [] : ['--version', version]), ...(given.repository === undefined ? [] : ['--source', given.repository])];
    const build = given.build_flags === undefined ? [] : ['--', ...splitShellWords(given.build_flags)];
    return [change('gem', before, wanted ?? name, [sh`${[...program, 'install', ...rc, ...source, ...flags, ...places, given.gem_source ?? name, ...build]}`.with({ timeout: 1800 })])];
  },
  result: ({ name, state, version }) => ({ name, state, ...(version !== undefined && { version }) }),
});

import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import { splitShellWords } from '../parse/shell-words.ts';

const schema = params({
  name: Text.optional().describe("Package; without it, those of the folder's package.json."),
  path: Text.optional().describe('Folder to install into.'),
  version: Text.optional().describe('Version of the package.'),
  global: Flag.default(false).describe('Install for all users.'),
  production: Flag.default(false).describe('Leave out what only development needs.'),
  executable: Text.optional().describe('The npm to use.'),
  registry: Text.optional().describe('Registry to ask.'),
  state: z.enum(['present', 'absent', 'latest']).default('present').describe('Whether it shall be there.'),
  ignore_scripts: Flag.default(false).describe('Run no scripts of packages.'),
  unsafe_perm: Flag.default(false).describe('Run scripts as root.'),
  ci: Flag.default(false).describe('Install exactly what package-lock.json says, each time.'),
  no_optional: Flag.default(false).describe('Leave out optional packages.'),
  force: Flag.default(false).describe('Fetch packages although they are there, and put up with conflicts.'),
  no_bin_links: Flag.default(false).describe('Make no links to programs.'),
})
  .refine(({ path, global }) => path !== undefined || global, 'path must be specified when not using global')
  .refine(({ state, name }) => state !== 'absent' || name !== undefined, 'uninstalling a package is only available for named packages');
type Params = z.output<typeof schema>;

interface Seen {
  /** Name → version of what is there and fits. */
  readonly installed: ReadonlyMap<string, string>;
  readonly missing: readonly string[];
  readonly outdated: readonly string[];
}

function npm(given: Params, words: readonly string[], named: boolean): Command {
  const { name, version, state, path, registry } = given;
  const target = name === undefined || !named ? [] : [version !== undefined && state !== 'absent' ? `${name}@${version}` : name];
  const flags = Object.entries({
    '--global': given.global, '--production': given.production && /install|update|ci/.test(words[0] ?? ''), '--ignore-scripts': given.ignore_scripts, '--unsafe-perm': given.unsafe_perm,
  }).flatMap(([flag, on]) => (on ? [flag] : []));
  const rest = [...(registry === undefined ? [] : ['--registry', registry]), ...(given.no_optional ? ['--no-optional'] : []), ...(given.no_bin_links ? ['--no-bin-links'] : []), ...(given.force ? ['--force'] : [])];
  return sh`${path !== undefined && sh`cd ${path} && `}${[...splitShellWords(given.executable ?? 'npm'), ...words, ...flags, ...target, ...rest]}`;
}

/** npm while it only looks: its cache and its logs go to a folder that is gone afterwards. */
function looking(command: Command): Command {
  return sh`c=$(mktemp -d) && export npm_config_cache="$c" npm_config_logs_dir="$c" npm_config_logs_max=0 npm_config_update_notifier=false; ( ${command} ); rc=$?; rm -rf "$c"; exit $rc`.with({ timeout: 120 });
}

interface Listed {
  readonly dependencies?: Readonly<Record<string, { readonly missing?: boolean; readonly invalid?: unknown; readonly version?: string }>>;
}

function parseList(text: string): Pick<Seen, 'installed' | 'missing'> {
  let listed: Listed;
  try {
    listed = JSON.parse(text === '' ? '{}' : text) as Listed;
  } catch {
    throw new TaskFailure('Failed to parse NPM output', { stdout: text });
  }
  const all = Object.entries(listed.dependencies ?? {});
  const lacks = ([, { missing, invalid }]: (typeof all)[number]): boolean => missing === true || Boolean(invalid);
  return { missing: all.filter(lacks).map(([name]) => name), installed: new Map(all.filter((each) => !lacks(each)).map(([name, { version = '' }]) => [name, version])) };
}

/** Packages of Node.js. */
export default defineTask<Params, Seen>({
  name: 'npm',
  summary: 'Packages of Node.js, installed or removed by the npm of the host.',
  examples: `
- npm: { name: pm2, version: 5.3.0, global: true }
- npm: { path: /srv/app, production: true }
`,
  params: schema,
  exclusive: 'npm',
  async probe(given, host) {
    if (given.ci && given.state !== 'absent') return { installed: new Map(), missing: [], outdated: [] };
    if (given.path !== undefined && (await host.stat(given.path, { follow: true })) === null) return { installed: new Map(), missing: ['everything'], outdated: [] };
    const list = await host.read(looking(npm(given, ['list', '--json', '--long', '--depth=0'], false)), ({ code, stdout, stderr }) => {
      if (code === 127) throw new TaskFailure(`Failed to find required executable "${given.executable ?? 'npm'}"`);
      if (stdout === '' && code !== 0) throw new TaskFailure(stderr.trim(), { rc: code });
      return parseList(stdout);
    });
    const outdated = given.state !== 'latest' ? [] : await host.read(looking(npm(given, ['outdated', '--parseable'], true)), ({ stdout }) => stdout.split('\n').filter(Boolean));
    return { ...list, outdated };
  },
  plan(given, { installed, missing, outdated }): readonly Change[] {
    const { name, version, state, ci, path } = given;
    const folder = path === undefined ? [] : [sh`mkdir -p ${path}`];
    if (state === 'absent') return name !== undefined && installed.has(name) ? [change('packages', installed.get(name) ?? '', ABSENT, [npm(given, ['uninstall'], true).with({ timeout: 600 })])] : [];
    if (ci) return [change('packages', 'as they are', 'as package-lock.json says', [npm(given, ['ci'], false).with({ timeout: 1800 })], { repeats: true })];
    const now = name === undefined ? undefined : installed.get(name);
    const right = name === undefined ? missing.length === 0 : now !== undefined && (version === undefined || version === now);
    if (right && outdated.length === 0) return [];
    const action = right ? 'update' : 'install';
    return [change('packages', now ?? ABSENT, name === undefined ? (missing.length > 0 ? [...missing] : 'the newest') : (version ?? (right ? 'the newest' : name)), [...folder, npm(given, [action], true).with({ timeout: 1800 })])];
  },
});

import { posix } from 'node:path';
import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Amount, Flag, Text, Texts, Whole, Word, params } from '../../runner/task/params.ts';
import { attributeFields } from '../files/common/attributes.ts';
import { contentChanges, textDiff } from '../files/common/content.ts';
import { lookAtText, type TextFile } from '../files/common/text-file.ts';
import { formatIni, parseIni } from '../parse/ini-text.ts';

const one = (what: string): z.ZodOptional<typeof Text> => Text.optional().describe(what);
const flag = (what: string): z.ZodOptional<typeof Flag> => Flag.optional().describe(what);

/** What goes into the file under its own name. */
const settings = {
  baseurl: Texts.optional().describe('URLs of the repository.'),
  mirrorlist: one('URL of a list of mirrors.'),
  metalink: one('URL of a metalink file.'),
  enabled: flag('Whether yum uses it.'),
  gpgcheck: flag('Whether packages must be signed.'),
  repo_gpgcheck: flag('Whether the lists must be signed.'),
  gpgkey: Texts.optional().describe('URLs of the keys.'),
  gpgcakey: one('URL of the key that signs the keys.'),
  exclude: Texts.optional().meta({ aliases: ['excludepkgs'] }).describe('Packages to leave alone.'),
  includepkgs: Texts.optional().describe('The only packages to take.'),
  priority: Whole.optional().describe('1 to 99, lower wins.'),
  cost: Whole.optional().describe('Relative cost of asking it.'),
  module_hotfixes: flag('Whether its packages are outside module filtering.'),
  skip_if_unavailable: flag('Whether yum goes on without it.'),
  sslverify: flag('Whether certificates must be right.'),
  sslcacert: one('Folder or file of authorities.'),
  sslclientcert: one('Certificate to show.'),
  sslclientkey: one('Its key.'),
  username: one('User name for the server.'),
  password: one('Password for the server.'),
  proxy: one('Proxy to ask through.'),
  proxy_username: one('User name for the proxy.'),
  proxy_password: one('Password for the proxy.'),
  metadata_expire: one('Seconds that lists are good for.'),
  mirrorlist_expire: one('Seconds that the list of mirrors is good for.'),
  failovermethod: z.enum(['roundrobin', 'priority']).optional().describe('How mirrors are chosen.'),
  enablegroups: flag('Whether its package groups count.'),
  keepalive: flag('Whether connections are kept.'),
  retries: Whole.optional().describe('Tries of a download.'),
  timeout: Amount.optional().describe('Seconds until a connection fails.'),
  throttle: one('Bytes a second.'),
  bandwidth: one('Bytes a second that there are.'),
  ip_resolve: one('4 or 6.'),
  include: one('Further configuration file.'),
  async: flag('Whether it is fetched beside others.'),
  deltarpm_percentage: Whole.optional().describe('Size from which delta packages do not pay.'),
  ui_repoid_vars: one('Variables that belong to its name.'),
  s3_enabled: flag('Whether it is in S3.'),
};

const schema = params({
  name: Word.describe('Its id: the section of the file.'),
  description: Text.optional().describe('Its name for people.'),
  file: Text.optional().describe('The file without `.repo`; the id without it.'),
  reposdir: Text.default('/etc/yum.repos.d').describe('Folder of the files.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether it shall be there.'),
  ...settings,
  ...attributeFields,
});
type Params = z.output<typeof schema>;

function wanted(given: Params): ReadonlyMap<string, string> {
  const text = (key: string, value: unknown): string => {
    if (typeof value === 'boolean') return value ? '1' : '0';
    return Array.isArray(value) ? value.join(['exclude', 'includepkgs'].includes(key) ? ' ' : '\n') : String(value as string | number);
  };
  const entries = Object.keys(settings).map((key) => [key, given[key as keyof Params]] as const).filter(([, value]) => value !== undefined);
  const all = [...entries.map(([key, value]) => [key, text(key, value)] as const), ['name', given.description ?? given.name] as const];
  return new Map(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A repository of yum and dnf. */
export default defineTask<Params, TextFile>({
  name: 'yum_repository',
  summary: 'A repository in /etc/yum.repos.d.',
  examples: `
- yum_repository:
    name: epel
    description: Extra Packages for Enterprise Linux
    baseurl: https://dl.fedoraproject.org/pub/epel/$releasever/Everything/$basearch/
    gpgcheck: true
    gpgkey: https://dl.fedoraproject.org/pub/epel/RPM-GPG-KEY-EPEL-9
`,
  params: schema,
  probe: (given, host) => lookAtText(posix.join(given.reposdir, `${given.file ?? given.name}.repo`), host, given),
  plan(given, seen): readonly Change[] {
    const sections = parseIni(seen.content?.toString() ?? '');
    const rest = sections.filter(({ name }) => name !== given.name);
    if (given.state === 'absent') {
      if (rest.length === sections.length) return [];
      const content = Buffer.from(formatIni(rest));
      const diff = textDiff(seen.path, seen.content, rest.length === 0 ? null : content);
      return [change('repository', given.name, ABSENT, [rest.length === 0 ? { remove: seen.path } : { write: { path: seen.path, content } }], diff ? { diff } : {})];
    }
    if (given.baseurl === undefined && given.mirrorlist === undefined && given.metalink === undefined)
      throw new TaskFailure("one of 'baseurl', 'mirrorlist' and 'metalink' must be given");
    if (!seen.hasParent) throw new TaskFailure(`the folder ${posix.dirname(seen.path)} does not exist`);
    const values = wanted(given);
    const index = sections.findIndex(({ name }) => name === given.name);
    const section = { name: given.name, values };
    const next = formatIni(index === -1 ? [...sections, section] : sections.with(index, section));
    const before = sections[index];
    const same = before !== undefined && formatIni([{ ...before, values: new Map([...before.values].sort(([a], [b]) => (a < b ? -1 : 1))) }]) === formatIni([section]);
    const content = same ? (seen.content ?? Buffer.alloc(0)) : Buffer.from(next);
    return contentChanges(seen, seen.content, { ...given, content }, { aspect: 'repository', before: before ? Object.fromEntries(before.values) : ABSENT, after: Object.fromEntries(values) });
  },
  result: ({ name, state }) => ({ repo: name, state }),
});

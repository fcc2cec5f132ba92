import { posix } from 'node:path';
import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { Flag, Text, Whole, params } from '../../runner/task/params.ts';
import { attributeChanges, Mode } from '../files/common/attributes.ts';
import { contentChanges, textDiff } from '../files/common/content.ts';
import { lookAtText, type TextFile } from '../files/common/text-file.ts';
import { lookPpa, planPpaKey, type Ppa } from './ppa.ts';
import { parseSources, plainSource, sourceFileName } from '../parse/apt-sources.ts';

const schema = params({
  repo: Text.describe('The source: `deb [OPTIONS] URL SUITE COMPONENTS`, or `ppa:OWNER/NAME`, whose key is fetched along.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether it shall be there.'),
  filename: Text.optional().describe("File in sources.list.d, without `.list`; made of the source's address without it."),
  mode: Mode.optional().describe('Permissions of that file; 0644 for a new one.'),
  update_cache: Flag.default(true).meta({ aliases: ['update-cache'] }).describe('Fetch the lists after a change.'),
  update_cache_retries: Whole.default(5).describe('Taken for compatibility.'),
  update_cache_retry_max_delay: Whole.default(12).describe('Taken for compatibility.'),
  codename: Text.optional().describe('Release that a `ppa:` source is for; the one of the host without it.'),
  install_python_apt: Flag.default(true).describe('Taken for compatibility; no Python is needed.'),
  validate_certs: Flag.default(true).describe('Taken for compatibility; apt checks by itself.'),
}).superRefine(({ repo, filename }, context) => {
  if (!repo.includes('{{') && !/^(deb(-src)?\s|ppa:[^/\s]+(\/\S+)?$)/.test(repo.trim())) context.addIssue({ code: 'custom', path: ['repo'], message: "must begin with 'deb', 'deb-src' or 'ppa:'" });
  if (filename?.includes('\0')) context.addIssue({ code: 'custom', path: ['filename'], message: 'cannot be a file name' });
});
type Params = z.output<typeof schema>;

const FOLDER = '/etc/apt/sources.list.d';

/** The file for new sources, and every other that holds sources. */
interface Seen {
  readonly own: TextFile;
  readonly ppa?: Ppa;
  readonly all: readonly TextFile[];
}

async function look(given: Params, host: Observer): Promise<Seen> {
  const ppa = await lookPpa(given.repo, { codename: given.codename, wanted: given.state === 'present' }, host);
  const name = `${given.filename ?? ppa?.filename ?? sourceFileName(given.repo)}.list`;
  const own = name.startsWith('/') ? name.replace(/(\.list)\.list$/, '$1') : posix.join(FOLDER, name);
  const listed = await host.read(sh`ls -A ${FOLDER}`, ({ stdout }) => stdout.split('\n').filter((each) => each.endsWith('.list')).map((each) => posix.join(FOLDER, each)));
  const paths = ['/etc/apt/sources.list', ...listed.sort()];
  const all = await Promise.all(paths.map((path) => lookAtText(path, host, {})));
  return { own: all.find(({ path }) => path === own) ?? (await lookAtText(own, host, {})), all: all.filter(({ content }) => content !== null), ...(ppa && { ppa }) };
}

/** A source of packages for apt. */
export default defineTask<Params, Seen>({
  name: 'apt_repository',
  summary: 'A line in the sources of apt.',
  description: 'A line that is there but commented out is made to count. The lists are fetched when something has changed.',
  examples: `
- apt_repository:
    repo: deb [signed-by=/etc/apt/keyrings/example.asc] https://packages.example.org/debian bookworm main
    filename: example
`,
  params: schema,
  exclusive: 'dpkg',
  probe: look,
  plan(given, { own, all, ppa }): readonly Change[] {
    const wanted = plainSource(ppa?.repo ?? given.repo);
    const key = ppa ? planPpaKey(ppa) : [];
    const files = all.map((file) => ({ file, lines: parseSources(file.content?.toString() ?? '') }));
    const update = given.update_cache ? [{ run: sh`DEBIAN_FRONTEND=noninteractive apt-get -q update`.with({ timeout: 600 }) }] : [];
    const holding = files.filter(({ lines }) => lines.some((line) => line.source === wanted && (line.enabled || given.state === 'present')));
    if (given.state === 'absent') return withUpdate(holding.map(({ file, lines }) => removal(file, lines.filter((line) => line.source !== wanted || !line.enabled).map(({ text }) => text), wanted)), update);
    const off = holding.flatMap(({ file, lines }) => (lines.some((line) => line.source === wanted && !line.enabled) ? [{ file, lines }] : []));
    if (off.length > 0) {
      const changes = off.flatMap(({ file, lines }) => {
        const content = Buffer.from(lines.map((line) => (line.source === wanted && !line.enabled ? line.text.replace(/^\s*#\s*/, '') : line.text)).join('\n'));
        return contentChanges(file, file.content, { content }, { aspect: 'repository', before: 'commented out', after: wanted });
      });
      return withUpdate([...key, ...changes], update);
    }
    if (holding.length > 0 && key.length > 0) return withUpdate(key, update);
    if (holding.length > 0) return own.stat && given.mode !== undefined && holding.some(({ file }) => file.path === own.path) ? attributeChanges(own.path, own.stat, given) : [];
    if (!own.hasParent) throw new TaskFailure(`the folder ${posix.dirname(own.path)} does not exist`);
    const old = own.content?.toString() ?? '';
    const content = Buffer.from(`${old}${old === '' || old.endsWith('\n') ? '' : '\n'}${wanted}\n`);
    return withUpdate([...key, ...contentChanges(own, own.content, { content, mode: given.mode }, { aspect: 'repository', before: ABSENT, after: wanted })], update);
  },
  result: ({ repo, state }) => ({ repo, state }),
});

function removal(file: TextFile, rest: readonly string[], source: string): Change {
  const empty = rest.every((line) => line.trim() === '') && file.path.startsWith(FOLDER);
  const content = Buffer.from(rest.join('\n'));
  const diff = textDiff(file.path, file.content, empty ? null : content);
  return change('repository', source, ABSENT, [empty ? { remove: file.path } : { write: { path: file.path, content } }], diff ? { diff } : {});
}

/** The lists are fetched once, after the last change. */
function withUpdate(changes: readonly Change[], update: Change['steps']): readonly Change[] {
  const last = changes.at(-1);
  return last ? [...changes.slice(0, -1), { ...last, steps: [...last.steps, ...update] }] : [];
}

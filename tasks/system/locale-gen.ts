import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Word, params } from '../../runner/task/params.ts';
import { textDiff } from '../files/common/content.ts';

/** The list of Debian and most others, and Ubuntu's own. */
const LIST = '/etc/locale.gen';
const UBUNTU = '/var/lib/locales/supported.d';

const schema = params({
  name: Word.describe('Locale with its encoding, e.g. `de_CH.UTF-8`.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the host has it.'),
});

interface Seen {
  readonly ubuntu: boolean;
  readonly list: string | null;
  readonly available: boolean;
  readonly present: boolean;
}

/** `locale -a` writes encodings its own way: `utf8` for `UTF-8`. */
function plain(name: string): string {
  return name.replace(/\.([^@]+)/, (_, encoding: string) => `.${encoding.replace(/[^A-Za-z0-9]/g, '').toLowerCase()}`);
}

/** A locale of the host. */
export default defineTask<z.output<typeof schema>, Seen>({
  name: 'locale_gen',
  summary: 'Makes or removes a locale, by locale-gen.',
  examples: `
- locale_gen: { name: de_CH.UTF-8 }
`,
  params: schema,
  exclusive: 'locales',
  async probe({ name }, host) {
    const [ubuntu, list, installed] = await Promise.all([host.stat(UBUNTU), host.readFile(LIST), host.read(sh`locale -a`, ({ stdout }) => stdout.split('\n'))]);
    const known = ubuntu ? await host.readFile('/usr/share/i18n/SUPPORTED') : list;
    const available = (known?.toString() ?? '').split('\n').some((line) => /^#?\s*(\S+_\S+) \S+\s*$/.exec(line)?.[1] === name);
    return { ubuntu: ubuntu !== null, list: list?.toString() ?? null, available, present: installed.some((each) => plain(each) === plain(name)) };
  },
  plan({ name, state }, { ubuntu, list, available, present }): readonly Change[] {
    if (!ubuntu && list === null) throw new TaskFailure(`${LIST} and ${UBUNTU}/local are missing. Is the package "locales" installed?`);
    if (!available) throw new TaskFailure("The locale you've entered is not available on your system.");
    if (present === (state === 'present')) return [];
    const [before, after] = state === 'present' ? [ABSENT, name] : [name, ABSENT];
    if (ubuntu) {
      const local = `${UBUNTU}/local`;
      const drop = sh`awk -v name=${name} '$1 != name' ${local} >${local}.rollcall && cat ${local}.rollcall >${local}; rm -f ${local}.rollcall; locale-gen --purge`;
      return [change('locale', before, after, [(state === 'present' ? sh`locale-gen ${name}` : drop).with({ timeout: 600 })])];
    }
    const old = list ?? '';
    const next = old.split('\n').map((line) => {
      const [, each, charset] = /^#?\s*(\S+) (\S+)\s*$/.exec(line) ?? [];
      return each === name ? `${state === 'present' ? '' : '# '}${name} ${charset}` : line;
    }).join('\n');
    const diff = textDiff(LIST, Buffer.from(old), Buffer.from(next));
    return [change('locale', before, after, [...(next === old ? [] : [{ write: { path: LIST, content: next } }]), sh`locale-gen`.with({ timeout: 600 })], diff ? { diff } : {})];
  },
  result: ({ name }) => ({ name, msg: 'OK' }),
});

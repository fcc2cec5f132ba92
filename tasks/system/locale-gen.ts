import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Texts, params } from '../../runner/task/params.ts';
import { textDiff } from '../files/common/content.ts';

/** The list of Debian and most others, and Ubuntu's own. */
const LIST = '/etc/locale.gen';
const UBUNTU = '/var/lib/locales/supported.d';

const schema = params({
  name: Texts.describe('Locales with their encoding, e.g. `de_CH.UTF-8`.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the host has it.'),
});

interface Seen {
  readonly ubuntu: boolean;
  readonly list: string | null;
  /** Names that the host could not make. */
  readonly unavailable: readonly string[];
  readonly present: readonly string[];
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
    const available = new Set((known?.toString() ?? '').split('\n').map((line) => /^#?\s*(\S+_\S+) \S+\s*$/.exec(line)?.[1]));
    const made = new Set(installed.map(plain));
    return { ubuntu: ubuntu !== null, list: list?.toString() ?? null, unavailable: name.filter((each) => !available.has(each)), present: name.filter((each) => made.has(plain(each))) };
  },
  plan({ name, state }, { ubuntu, list, unavailable, present }): readonly Change[] {
    if (!ubuntu && list === null) throw new TaskFailure(`${LIST} and ${UBUNTU}/local are missing. Is the package "locales" installed?`);
    if (unavailable.length > 0) throw new TaskFailure(`The following locales you have entered are not available on your system: ${unavailable.join(', ')}`);
    const names = name.filter((each) => present.includes(each) !== (state === 'present'));
    if (names.length === 0) return [];
    const [before, after] = state === 'present' ? [ABSENT, names] : [names, ABSENT];
    if (ubuntu) {
      const local = `${UBUNTU}/local`;
      const drop = sh`awk -v names=${` ${names.join(' ')} `} '!index(names, " " $1 " ")' ${local} >${local}.rollcall && cat ${local}.rollcall >${local}; rm -f ${local}.rollcall; locale-gen --purge`;
      return [change('locale', before, after, [(state === 'present' ? sh`locale-gen ${names}` : drop).with({ timeout: 600 })])];
    }
    const old = list ?? '';
    const next = old.split('\n').map((line) => {
      const [, each, charset] = /^#?\s*(\S+) (\S+)\s*$/.exec(line) ?? [];
      return each !== undefined && names.includes(each) ? `${state === 'present' ? '' : '# '}${each} ${charset}` : line;
    }).join('\n');
    const diff = textDiff(LIST, Buffer.from(old), Buffer.from(next));
    return [change('locale', before, after, [...(next === old ? [] : [{ write: { path: LIST, content: next } }]), sh`locale-gen`.with({ timeout: 600 })], diff ? { diff } : {})];
  },
  result: ({ name }) => ({ name, msg: 'OK' }),
});

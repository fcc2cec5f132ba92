import { z } from 'zod';
import { ABSENT, type Change } from '../../runner/task/change.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Word, params } from '../../runner/task/params.ts';
import { contentChanges } from '../files/common/content.ts';
import { lookAtText, type TextFile } from '../files/common/text-file.ts';

const ITEMS = ['core', 'data', 'fsize', 'memlock', 'nofile', 'rss', 'stack', 'cpu', 'nproc', 'as', 'maxlogins', 'maxsyslogins', 'priority', 'locks', 'sigpending', 'msgqueue', 'nice', 'rtprio', 'chroot'] as const;

const schema = params({
  domain: Word.describe('User, `@group`, `*` or `%group`.'),
  limit_type: z.enum(['soft', 'hard', '-']).describe('Which limit; `-` for both.'),
  limit_item: z.enum(ITEMS).describe('What is limited.'),
  value: Text.describe('The limit: a number, `unlimited`, `infinity` or `-1`.'),
  use_max: Flag.default(false).describe('Keep the greater of this value and the one that is there.'),
  use_min: Flag.default(false).describe('Keep the smaller one.'),
  dest: Text.default('/etc/security/limits.conf').describe('The file.'),
  backup: Flag.default(false).describe('Keep the old file beside it.'),
  comment: Text.default('').describe('Comment behind the limit.'),
})
  .refine(({ use_max, use_min }) => !(use_max && use_min), 'Cannot use use_min and use_max at the same time.')
  .refine(({ limit_item, value }) => isValid(limit_item, value), "value must be 'unlimited', 'infinity', -1 or a number of 0 or larger; for nice and priority a number from -20 to 19");
type Params = z.output<typeof schema>;

function isValid(item: string, value: string): boolean {
  if (item === 'nice' || item === 'priority') return /^[-+]?\d+$/.test(value) && Number(value) >= -20 && Number(value) <= 19;
  return isEndless(value) || /^\d+$/.test(value);
}

function isEndless(value: string): boolean {
  return ['unlimited', 'infinity', '-1'].includes(value);
}

/** The value that shall stand there, given the one that does. */
function settled({ value, use_max, use_min }: Params, now: string): string {
  if (use_max) return isEndless(now) ? now : isEndless(value) ? value : String(Math.max(Number(value), Number(now)));
  if (use_min) return isEndless(now) ? (isEndless(value) ? now : value) : isEndless(value) ? now : String(Math.min(Number(value), Number(now)));
  return value;
}

interface Edited {
  readonly text: string;
  readonly before: string | null;
  readonly line: string;
}

function edit(given: Params, text: string): Edited {
  const { domain, limit_type, limit_item, value, dest } = given;
  let before: string | null = null;
  let shown: string | null = null;
  const written = (limit: string, comment: string): string => `${[domain, limit_type, limit_item, limit].join('\t')}${comment === '' ? '' : `\t#${comment}`}`;
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const next = lines.map((line) => {
    if (line.startsWith('#') || line.trim() === '') return line;
    const [plain = '', ...rest] = line.split('#');
    const fields = plain.trim().split(/\s+/);
    const [who, type, item = '', now = ''] = fields;
    if (fields.length !== 4) return line;
    if (!isValid(item, now)) throw new TaskFailure(`Invalid configuration found in '${dest}'. Value of '${now}' for item '${item}' is invalid.`);
    if (who !== domain || type !== limit_type || item !== limit_item) return line;
    const wanted = settled(given, now);
    before = now;
    shown = now === value || wanted === now ? line : written(wanted, given.comment || rest.join('#'));
    return shown;
  });
  if (shown !== null) return { text: next.map((line) => `${line}\n`).join(''), before, line: shown };
  const line = written(value, given.comment);
  return { text: [...next, line].map((each) => `${each}\n`).join(''), before: null, line };
}

/** A limit of what a user may take. */
export default defineTask<Params, TextFile>({
  name: 'pam_limits',
  summary: 'A limit of what users may take of the host, in limits.conf.',
  examples: `
- pam_limits: { domain: app, limit_type: '-', limit_item: nofile, value: 65536 }
`,
  params: schema,
  probe: ({ dest }, host) => lookAtText(dest, host, {}),
  plan(given, seen): readonly Change[] {
    const old = seen.content?.toString() ?? '';
    const { text, before, line } = edit(given, old);
    const content = text.replace(/\n$/, '') === old.replace(/\n$/, '') && seen.content ? seen.content : Buffer.from(text);
    return contentChanges(seen, seen.content, { content, backup: given.backup }, { aspect: 'limit', before: before ?? ABSENT, after: line.split(/\s+/)[3] ?? '' });
  },
  result: (given, seen) => ({ msg: `${edit(given, seen.content?.toString() ?? '').line}\n` }),
});

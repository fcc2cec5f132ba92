/** One rule of `--exclude` and `--include`. */
export interface RsyncRule {
  readonly exclude: boolean;
  readonly pattern: string;
}

/** What the words for rsync say that counts here. */
export interface RsyncOptions {
  readonly rules: readonly RsyncRule[];
  readonly chown?: string;
  readonly chmod?: string;
  /** Words that would change what is copied and that are not understood. */
  readonly unknown: readonly string[];
}

/** Words that only say how rsync goes about it. */
const HARMLESS = /^(-[arlptgoDvqzhPi]+|--(verbose|quiet|stats|progress|human-readable|itemize-changes|compress(-level=.*)?|partial|partial-dir=.*|inplace|no-motd|out-format=.*|info=.*|bwlimit=.*|timeout=.*|no-(owner|group|o|g|times|t|devices|specials|D)|omit-(dir|link)-times|delay-updates|delete-(after|before|during|delay)|safe-links|whole-file|numeric-ids|force|mkpath))$/;

/** Reads the words that `rsync_opts` holds. */
export function parseRsyncOptions(words: readonly string[]): RsyncOptions {
  const rules: RsyncRule[] = [];
  const unknown: string[] = [];
  const values: Record<string, string> = {};
  const all = words.flatMap((word) => (/^--(exclude|include|chown|chmod) ./.test(word) ? [word.slice(0, word.indexOf(' ')), word.slice(word.indexOf(' ') + 1)] : [word]));
  for (let index = 0; index < all.length; index++) {
    const word = all[index] ?? '';
    const [, name, given] = /^--(exclude|include|chown|chmod)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) {
      if (!HARMLESS.test(word)) unknown.push(word);
      continue;
    }
    const value = (given ?? all[++index] ?? '').replace(/^(['"])(.*)\1$/s, '$2');
    if (name === 'exclude' || name === 'include') rules.push({ exclude: name === 'exclude', pattern: value });
    else values[name] = value;
  }
  return { rules, unknown, ...values };
}

function regexOf(pattern: string): RegExp {
  const source = pattern.replace(/\*\*|\*|\?|\[[^\]]*\]|[.+^${}()|\\]/g, (found) => (found === '**' ? '.*' : found === '*' ? '[^/]*' : found === '?' ? '[^/]' : found.startsWith('[') ? found.replace(/^\[!/, '[^') : `\\${found}`));
  return new RegExp(`${source.startsWith('/') ? '^' : '(^|/)'}${source.replace(/^\//, '')}$`, 's');
}

/** Whether rules leave a path out; `path` is relative to what is transferred, a folder's with a slash at its end. The first rule that fits counts, and what is below a folder that is left out is out, too. */
export function isLeftOut(path: string, rules: readonly RsyncRule[]): boolean {
  const parts = path.replace(/\/$/, '').split('/');
  return parts.some((_, index) => {
    const each = parts.slice(0, index + 1).join('/');
    const folder = index < parts.length - 1 || path.endsWith('/');
    const rule = rules.find(({ pattern }) => (folder || !pattern.endsWith('/')) && regexOf(pattern.replace(/\/$/, '')).test(each));
    return rule?.exclude === true;
  });
}

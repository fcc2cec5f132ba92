import { ExpressionError } from '../errors.ts';
import { escapeHtml } from './escape-html.ts';

/** What `urlize` puts into the links it makes. */
export interface LinkStyle {
  readonly limit: number | undefined;
  readonly rel: string;
  readonly target: string;
  readonly schemes: readonly string[];
}

const TLD = 'com|net|int|edu|gov|org|info|mil';
const WEB = new RegExp(
  `^(?:(?:https?://|www\\.)(?:(?:[\\p{L}\\p{N}_%-]+\\.)+)?(?:[a-z]{2,63}|xn--[\\p{L}\\p{N}_%]{2,59})|(?:[\\p{L}\\p{N}_%-]{2,63}\\.)+(?:${TLD})`
  + '|https?://(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\[(?:[\\da-f]{0,4}:){2}(?:[\\da-f]{0,4}:?){1,6}\\]))(?::\\d{1,5})?(?:[/?#]\\S*)?$', 'iu');
const MAIL = /^\S+@[\p{L}\p{N}_][\p{L}\p{N}_.-]*\.[\p{L}\p{N}_]+$/u;
const PAIRS = [['(', ')'], ['<', '>'], ['&lt;', '&gt;']] as const;

/** Turns the addresses in a text into HTML links, as Jinja's `urlize` does; the rest is escaped. */
export function urlize(text: string, style: LinkStyle): string {
  for (const scheme of style.schemes) if (!/^[\w.+-]{2,}:(?:\/{0,2})$/.test(scheme)) throw new ExpressionError(`'${scheme}' is not a valid URI scheme prefix.`);
  return escapeHtml(text).split(/(\s+)/).map((word) => linkWord(word, style)).join('');
}

function linkWord(word: string, style: LinkStyle): string {
  const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? '';
  const bare = word.slice(head.length);
  const found = /(?:[)>.,\n]|&gt;)+$/.exec(bare)?.[0] ?? '';
  const [middle, tail] = balance(bare.slice(0, bare.length - found.length), found);
  return head + link(middle, style) + tail;
}

/** Closing brackets that belong to the address come back to it. */
function balance(middle: string, tail: string): [string, string] {
  for (const [open, close] of PAIRS) {
    const opened = times(middle, open);
    if (opened <= times(middle, close)) continue;
    for (let left = Math.min(opened, times(tail, close)); left > 0; left--) {
      const end = tail.indexOf(close) + close.length;
      middle += tail.slice(0, end);
      tail = tail.slice(end);
    }
  }
  return [middle, tail];
}

function times(text: string, part: string): number {
  return text.split(part).length - 1;
}

function link(text: string, { limit, rel, target, schemes }: LinkStyle): string {
  const attributes = (rel === '' ? '' : ` rel="${escapeHtml(rel)}"`) + (target === '' ? '' : ` target="${escapeHtml(target)}"`);
  const all = Array.from(text);
  const shown = limit !== undefined && all.length > limit ? `${all.slice(0, limit).join('')}...` : text;
  if (WEB.test(text)) return `<a href="${/^https?:\/\//.test(text) ? '' : 'https://'}${text}"${attributes}>${shown}</a>`;
  if (text.startsWith('mailto:') && MAIL.test(text.slice(7))) return `<a href="${text}">${text.slice(7)}</a>`;
  if (text.includes('@') && !text.startsWith('www.') && !text.includes(':') && MAIL.test(text)) return `<a href="mailto:${text}">${text}</a>`;
  return schemes.filter((scheme) => text !== scheme && text.startsWith(scheme)).reduce((inner) => `<a href="${text}"${attributes}>${inner}</a>`, text);
}

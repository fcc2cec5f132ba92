import type { ChangeSummary } from '../event/event.ts';
import type { Json } from '../util/json.ts';
import { printable } from './paint.ts';
import { own } from '../util/own.ts';

/** Longest value shown inside a line. */
const LONGEST = 48;

/** `runtime: absent → -s 10.66.6.12; boot: off → on`, on one line. */
export function changesText(changes: readonly ChangeSummary[]): string {
  return changes.map(changeText).join('; ');
}

/** `mode: 0644 → 0600`, with the risk where there is one. */
function changeText(change: ChangeSummary): string {
  const risk = change.risk === undefined ? '' : `, may ${own(RISKS, change.risk) ?? change.risk}`;
  if (change.diff !== undefined && isLong(change.before, change.after)) return `${change.aspect}${risk}`;
  return `${change.aspect}: ${valueText(change.before)} → ${valueText(change.after)}${risk}`;
}

const RISKS: Readonly<Record<string, string>> = { restart: 'restart a service', disconnect: 'cut the connection', destroy: 'destroy data' };

function isLong(...values: readonly Json[]): boolean {
  return values.some((value) => typeof value === 'string' && (value.length > LONGEST || value.includes('\n')));
}

/** A value in a few words: strings as they are, `absent` for what does not exist, the rest as JSON, shortened. */
function valueText(value: Json): string {
  if (value !== null && typeof value === 'object' && 'absent' in value && value['absent'] === true) return 'absent';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return shorten(text === '' ? "''" : text, LONGEST);
}

/** One printable line of at most `length` characters, cut with `…`. */
export function shorten(text: string, length: number): string {
  const line = printable(text).replaceAll(/\s*\n\s*/g, ' ').trim();
  if (line.length <= length) return line;
  const cut = line.slice(0, length - 1);
  // Never half of a surrogate pair.
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

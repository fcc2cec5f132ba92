import { sh } from '../../../runner/task/command.ts';
import { TaskFailure } from '../../../runner/task/failure.ts';
import type { Observer } from '../../../runner/task/host.ts';
import { own } from '../../../runner/util/own.ts';

/** A time that a file shall have: as it is, the moment of the change, or seconds since 1970. */
export type WantedTime = 'preserve' | 'now' | { readonly seconds: number; readonly seen?: number };

/** Reads a time parameter; one in words of the calendar is turned into seconds by the host, in its own time zone. */
export function wantedTime(given: string | undefined, format: string, state: string, host: Observer): WantedTime | Promise<WantedTime> {
  if (given === undefined) return state === 'touch' ? 'now' : 'preserve';
  if (given === 'preserve' || given === 'now') return given;
  return timeOf(given, format, host);
}

async function timeOf(given: string, format: string, host: Observer): Promise<WantedTime> {
  const text = calendarText(given, format);
  return host.read(sh`date -d ${text} +%s`, ({ stdout }) => ({ seconds: Number(stdout) }));
}

const FIELDS: Readonly<Record<string, string>> = { Y: '(?<Y>\\d{4})', m: '(?<m>\\d{1,2})', d: '(?<d>\\d{1,2})', H: '(?<H>\\d{1,2})', M: '(?<M>\\d{1,2})', S: '(?<S>\\d{1,2})', '%': '%' };

/** `YYYY-MM-DD hh:mm:ss`, which GNU's and busybox's date both read. @throws TaskFailure when the text is not in the format */
function calendarText(given: string, format: string): string {
  const pattern = format.replace(/%(.)|[.*+?^${}()|[\]\\]/g, (special, field?: string) => {
    if (field === undefined) return `\\${special}`;
    const known = own(FIELDS, field);
    if (known === undefined) throw new TaskFailure(`the time format '${format}' uses '%${field}'; Y, m, d, H, M and S are known`);
    return known;
  });
  const found = new RegExp(`^${pattern}$`).exec(given)?.groups;
  if (!found) throw new TaskFailure(`Error while obtaining timestamp for time ${given} using format ${format}`);
  const part = (name: string, missing: string): string => (found[name] ?? missing).padStart(2, '0');
  return `${part('Y', '1900')}-${part('m', '1')}-${part('d', '1')} ${part('H', '0')}:${part('M', '0')}:${part('S', '0')}`;
}

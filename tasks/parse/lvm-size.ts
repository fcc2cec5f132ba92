/** A size as lvcreate takes one. */
export type LvmSize =
  | { readonly kind: 'bytes'; readonly operator: '+' | '-' | ''; readonly bytes: number; readonly text: string }
  | { readonly kind: 'percent'; readonly operator: '+' | '-' | ''; readonly percent: number; readonly of: 'VG' | 'PVS' | 'FREE' | 'ORIGIN'; readonly text: string };

const UNITS = 'bskmgtpe';

/** Reads a size: `512m`, `10G`, `+1g`, `100%FREE`; megabytes without a unit. Undefined for what is none. */
export function parseLvmSize(given: string): LvmSize | undefined {
  const [, operator = '', number = '', rest = ''] = /^([+-]?)(\d+(?:\.\d+)?)(.*)$/.exec(given.trim()) ?? [];
  if (number === '') return undefined;
  const sign = operator as '+' | '-' | '';
  const of = /^%(VG|PVS|FREE|ORIGIN)$/i.exec(rest)?.[1]?.toUpperCase();
  if (of !== undefined) return Number(number) > 100 ? undefined : { kind: 'percent', operator: sign, percent: Number(number), of: of as 'VG', text: `${number}%${of}` };
  const unit = (rest === '' ? 'm' : rest).toLowerCase();
  const at = UNITS.indexOf(unit);
  if (unit.length !== 1 || at === -1) return undefined;
  const factor = unit === 'b' ? 1 : unit === 's' ? 512 : 1024 ** (at - 1);
  return { kind: 'bytes', operator: sign, bytes: Math.round(Number(number) * factor), text: `${number}${rest === '' ? 'm' : rest}` };
}

import type { Config } from './config.ts';
import { SETTINGS, type Setting, type SettingName } from './settings.ts';
import type { SettingValue } from './value.ts';

/** Every setting with its value and who set it, one a line; with `onlyChanged` those that somebody set. */
export function showConfig(config: Config, { onlyChanged }: { readonly onlyChanged: boolean }): string {
  const rows = (Object.entries(SETTINGS) as [SettingName, Setting][]).flatMap(([name, setting]) => {
    const value: SettingValue | undefined = config.values[name];
    const origin = config.origins[name];
    if (value === undefined && onlyChanged) return [];
    return [[name, written(value ?? setting.default), origin ?? 'default'] as const];
  });
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value, origin]) => `${name.padEnd(width)} = ${value}  (${origin})\n`).join('');
}

function written(value: SettingValue | undefined): string {
  if (value === undefined) return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'object' ? (value.length === 0 ? '-' : value.join(', ')) : String(value);
}

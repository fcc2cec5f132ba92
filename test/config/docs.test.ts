import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS, type Setting } from '../../runner/config/settings.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8');

test.each(Object.entries<Setting>(SETTINGS))('docs/configuration.md names %s', (_name, { ini }) => {
  const [, key = ''] = (ini[0] ?? '').split('.');
  expect(page).toMatch(new RegExp(`\`(?:\\[\\w+\\] )?${key}\``));
});

test('it names every section that has such settings', () => {
  for (const { ini } of Object.values<Setting>(SETTINGS)) {
    const [section = ''] = (ini[0] ?? '').split('.');
    if (section !== 'defaults') expect(page).toContain(`[${section}]`);
  }
});

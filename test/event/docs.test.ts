import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');

test('docs/events.md names every event and every field of it, and no others', () => {
  const source = read('runner/event/event.ts').replaceAll(/\/\*\*[^]*?\*\//g, '');
  const defined = new Map([...source.matchAll(/interface \w+ extends Base \{([^]*?)\n?\}/g)].map(([, body = '']) => {
    const type = /type: '([^']+)'/.exec(body)?.[1] ?? '';
    return [type, [...body.matchAll(/readonly (\w+)\??:/g)].map(([, name = '']) => name).filter((name) => name !== 'type').sort()];
  }));
  const documented = new Map([...read('docs/events.md').matchAll(/^\| `([a-z.]+)` \| [^|]* \| (.*) \|$/gm)].map(([, type = '', fields = '']) => {
    // What stands in brackets explains the field before it.
    return [type, [...fields.replaceAll(/\([^)]*\)/g, '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name).sort()];
  }));
  expect(documented).toEqual(defined);
});

import { readFileSync } from 'node:fs';
import { parseCsv } from '../../runner/util/csv.ts';

/** A text, whether blanks after a delimiter are left out, and the rows that Python's `csv` reads, empty ones left out. */
const READ = JSON.parse(readFileSync(new URL('csv.json', import.meta.url), 'utf8')) as readonly (readonly [string, boolean, readonly (readonly string[])[]])[];

test.each(READ)('%j, blanks left out: %j', (text, skipInitialSpace, rows) => expect(parseCsv(text, { delimiter: ',', skipInitialSpace })).toEqual(rows));

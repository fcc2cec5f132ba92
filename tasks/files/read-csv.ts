import { z } from 'zod';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Texts, params } from '../../runner/task/params.ts';
import type { JsonObject } from '../../runner/util/json.ts';
import { parseCsv } from '../../runner/util/csv.ts';

const schema = params({
  path: Text.meta({ aliases: ['filename'] }).describe('The file on the host.'),
  key: Text.optional().describe('Column by whose values the rows are found; the result is a dict then.'),
  dialect: z.enum(['excel', 'excel-tab', 'unix']).default('excel').describe('How values are separated.'),
  fieldnames: Texts.optional().describe('Names of the columns, where the file has none in its first line.'),
  unique: Flag.default(true).describe('Whether two rows with one key are a failure.'),
  delimiter: Text.optional().refine((text) => text === undefined || text.length === 1, 'must be one character').describe('Character between values.'),
  skipinitialspace: Flag.default(false).describe('Whether blanks after a delimiter are left out.'),
  strict: Flag.optional().describe('Accepted for compatibility.'),
});

/** The rows, as a list or by a column. @throws TaskFailure when there is no such column, or two rows with one key */
function read({ key, dialect, fieldnames, unique, delimiter, skipinitialspace }: z.output<typeof schema>, content: Buffer): JsonObject {
  const rows = parseCsv(content.toString().replace(/^\uFEFF/, ''), { delimiter: delimiter ?? (dialect === 'excel-tab' ? '\t' : ','), skipInitialSpace: skipinitialspace });
  const [head = [], ...rest] = fieldnames === undefined ? rows : [fieldnames, ...rows];
  const list = rest.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? null])));
  if (key === undefined) return { list, dict: {} };
  if (!head.includes(key)) throw new TaskFailure(`Key '${key}' was not found in the CSV header fields: ${head.join(', ')}`);
  const dict = new Map<string, JsonObject>();
  for (const row of list) {
    const name = row[key] ?? '';
    if (unique && dict.has(name)) throw new TaskFailure(`Key '${key}' is not unique for value '${name}'`);
    dict.set(name, row);
  }
  return { dict: Object.fromEntries(dict), list: [] };
}

/** Rows of a CSV file. */
export default defineTask<z.output<typeof schema>, Buffer>({
  name: 'read_csv',
  summary: 'Reads a CSV file of the host into a list or a dict. Changes nothing.',
  examples: `
- read_csv: { path: /etc/users.csv, key: name }
  register: users
`,
  params: schema,
  async probe({ path }, host) {
    const content = await host.readFile(path);
    if (content === null) throw new TaskFailure(`Unable to open file: ${path} is not there`);
    return content;
  },
  plan(given, content) {
    read(given, content);
    return [];
  },
  result: read,
});

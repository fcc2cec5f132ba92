import { z } from 'zod';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Text, params } from '../../runner/task/params.ts';
import { lookAt } from './common/target.ts';

const schema = params({ src: Text.meta({ aliases: ['path'] }).describe('The file to read, at most 16 MiB.') });

/** Reads a file of the host. */
export default defineTask<z.output<typeof schema>, { path: string; content: Buffer }>({
  name: 'slurp',
  summary: 'Reads a file of the host into a variable, as base64. Changes nothing.',
  examples: `
- slurp: { src: /etc/machine-id }
  register: id
- debug: { msg: "{{ id.content | b64decode }}" }
`,
  params: schema,
  async probe({ src }, host) {
    const { path, stat } = await lookAt(src, host);
    if (!stat) throw new TaskFailure(`file not found: ${path}`);
    if (stat.type === 'directory') throw new TaskFailure(`source is a directory and must be a file: ${path}`);
    const content = await host.readFile(path);
    if (!content) throw new TaskFailure(`file is not readable: ${path}`);
    return { path, content };
  },
  plan: () => [],
  result: (_, { path, content }) => ({ content: content.toString('base64'), encoding: 'base64', source: path }),
});

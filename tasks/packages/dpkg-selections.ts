import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Word, params } from '../../runner/task/params.ts';

const schema = params({
  name: Word.describe('Package.'),
  selection: z.enum(['install', 'hold', 'deinstall', 'purge']).describe('What dpkg and apt shall do with it; `hold` keeps its version.'),
});

/** The selection of a package; null when dpkg has none for it. */
interface Seen {
  readonly selection: string | null;
  /** dpkg has heard of the package. */
  readonly known: boolean;
}

/** What dpkg shall do with a package. */
export default defineTask<z.output<typeof schema>, Seen>({
  name: 'dpkg_selections',
  summary: 'What dpkg and apt shall do with a package: hold it, remove it, go on with it.',
  examples: `
- dpkg_selections: { name: linux-image-amd64, selection: hold }
`,
  params: schema,
  exclusive: 'dpkg',
  async probe({ name }, host) {
    const selection = await host.read(sh`dpkg --get-selections ${name}`, ({ code, stdout }) => {
      if (code === 127) throw new TaskFailure('Failed to find required executable "dpkg": the host is no Debian system');
      return stdout.trim().split(/\s+/)[1] ?? null;
    });
    return { selection, known: selection !== null || (await host.read(sh`dpkg --print-avail ${name}`, ({ code }) => code === 0)) };
  },
  plan({ name, selection: wanted }, { selection, known }): readonly Change[] {
    if (selection === wanted) return [];
    if (!known) throw new TaskFailure(`dpkg does not know the package '${name}': it takes no selection before the package is installed or in its list of available ones`);
    const undo = selection === null ? {} : { undo: [{ run: sh`dpkg --set-selections`.with({ stdin: `${name} ${selection}\n` }) }] };
    return [change('selection', selection ?? ABSENT, wanted, [sh`dpkg --set-selections`.with({ stdin: `${name} ${wanted}\n` })], undo)];
  },
  apply: async ({ steps, before }, host, { selection }) => {
    for (const step of steps) if ('run' in step) await host.run(step.run);
    return { before: typeof before === 'string' ? before : 'not present', after: selection };
  },
  result: (_, { selection }) => ({ before: selection ?? 'not present', after: selection ?? 'not present' }),
});

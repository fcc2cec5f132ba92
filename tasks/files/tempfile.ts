import { z } from 'zod';
import { ABSENT, change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Text, params } from '../../runner/task/params.ts';

const schema = params({
  state: z.enum(['file', 'directory']).default('file').describe('What to make.'),
  path: Text.optional().describe("Folder to make it in; the host's own place for such files without it."),
  prefix: Text.default('ansible.').describe('What its name begins with.'),
  suffix: Text.default('').describe('What its name ends with.'),
});

/** Makes a temporary file. */
export default defineTask<z.output<typeof schema>, null>({
  name: 'tempfile',
  summary: 'Makes a new temporary file or folder and tells its path.',
  description: 'Nothing removes it: do so at the end of the play.',
  examples: `
- tempfile: { state: directory, suffix: build }
  register: work
`,
  params: schema,
  predictable: false,
  probe: async () => null,
  plan: ({ state, path, prefix, suffix }) => [
    // mktemp of busybox and of coreutils 8.4 takes the Xs at the end of the name only.
    change('path', ABSENT, state, [
      sh`umask 077; d=${path ?? ''}; d=\${d:-\${TMPDIR:-/tmp}}; [ -d "$d" ] || { echo "$d is not a folder" >&2; exit 1; }; n=0; while n=$((n + 1)); [ $n -le 100 ]; do r=$(od -An -N6 -tx1 /dev/urandom | tr -d ' \\n'); p=$d/${prefix}"$r"${suffix}; if ${state === 'directory' ? sh`mkdir "$p" 2>/dev/null` : sh`(set -C; : >"$p") 2>/dev/null`}; then printf %s "$p"; exit 0; fi; done; echo "cannot make a new file in $d" >&2; exit 1`,
    ]),
  ],
  async apply(each, host, { state }) {
    const [step] = each.steps;
    if (!step || !('run' in step)) return;
    const { stdout: path } = await host.run(step.run);
    return { path, state, mode: state === 'directory' ? '0700' : '0600' };
  },
});

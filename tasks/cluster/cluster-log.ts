import { z } from 'zod';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Texts, Text, Whole, params } from '../../runner/task/params.ts';

const fields = params({
  lines: Whole.pipe(z.number().min(1).max(10_000)).default(100).describe('Lines of each log, from its end.'),
  match: Text.optional().describe("Only lines of the system log with this extended regular expression; those of the cluster's daemons without it."),
  files: Texts.default(['/var/log/cluster/*.log']).describe('Logs, patterns allowed.'),
});
type Params = z.output<typeof fields>;

const DAEMONS = 'corosync|rgmanager|fenced|fence_|dlm_controld|gfs_controld|qdiskd|modcluster|ricci|cman|openais|clurgmgrd';

/** The ends of a cluster's logs. */
export default defineTask<Params, Readonly<Record<string, string[]>>>({
  name: 'cluster_log',
  summary: "The last lines of the cluster's logs and of what its daemons wrote to the system log.",
  examples: `- name: What happened
  cluster_log: { lines: 50 }
  register: logs
`,
  params: fields,
  volatile: true,
  async probe({ lines, match, files }, host) {
    const [messages, names] = await Promise.all([
      host.read(sh`cat /var/log/messages /var/log/syslog 2>/dev/null | grep -E ${match ?? DAEMONS} | tail -n ${lines}`, ({ stdout }) => split(stdout)),
      // Quoted here, expanded by the unquoted $f.
      host.read(sh`for f in ${files}; do ls -d $f 2>/dev/null; done`, ({ stdout }) => split(stdout)),
    ]);
    const logs = await Promise.all(names.map(async (name) => [name, await host.read(sh`tail -n ${lines} ${name}`, ({ stdout }) => split(stdout))] as const));
    return { messages, ...Object.fromEntries(logs) };
  },
  plan: () => [],
  result: (_, logs) => ({ logs }),
});

function split(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

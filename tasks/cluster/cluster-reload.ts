import { z } from 'zod';
import { change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Text, Whole, params } from '../../runner/task/params.ts';
import { lastLines } from '../parse/console-text.ts';
import { configVersion } from '../parse/cluster-canon.ts';
import { parseXml } from '../parse/cluster-xml.ts';
import { parseCmanVersion } from '../parse/cman.ts';

const fields = params({
  version: Whole.optional()
    .meta({ aliases: ['expected'] })
    .describe('config_version that shall run; the one of the file without it.'),
  path: Text.default('/etc/cluster/cluster.conf').describe('The file.'),
  timeout: Whole.default(60).describe('Seconds until this node runs it: the reload itself returns at once.'),
});
type Params = z.output<typeof fields>;
interface Seen {
  readonly running: number | undefined;
  readonly file: number | undefined;
}

/** What cman_tool says of a refused reload, and what it means. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/older or equal the running config/, 'the file is not newer than what runs: its config_version must grow'],
  [/configuration is not valid/, 'the file is not valid: see ccs_config_validate'],
  [/ccs_sync failed/, 'ccs_sync failed'],
  [/generic error running ccs_config_validate/, 'ccs_config_validate could not load the file'],
  [/Cannot open connection to cman/, 'cman does not run on this node'],
];

/** Makes a running cluster load the configuration that is on its nodes. */
export default defineTask<Params, Seen>({
  name: 'cluster_reload',
  summary: 'Makes a running cluster load the cluster.conf that is already on every node.',
  description: `\`cman_tool version -r -S\`: no ricci, no password. Run it once, on one node, after the file is on all of them (\`cluster_conf\`), then look at
every node with \`cluster_facts\`. Does nothing where it already runs that version.`,
  examples: `- name: Load the new configuration
  cluster_reload:
  run_once: true
`,
  params: fields,
  volatile: true,
  async probe({ path }, host) {
    const [running, content] = await Promise.all([host.read(sh`cman_tool version`, parseCmanVersion), host.readFile(path)]);
    const xml = content === null ? undefined : await parseXml(content.toString());
    return { running, file: xml && 'root' in xml ? configVersion(xml.root) : undefined };
  },
  plan({ version, path, timeout }, { running, file }) {
    if (running === undefined) throw new TaskFailure('cman does not run on this node: start it first', { running: false });
    const wanted = version ?? file;
    if (wanted === undefined) throw new TaskFailure(`${path} has no config_version to load`);
    if (running === wanted) return [];
    if (running > wanted) throw new TaskFailure(`the cluster runs config_version ${running}, which is newer than ${wanted}: it takes only a higher one`);
    if (file !== wanted) throw new TaskFailure(`${path} of this node has config_version ${file ?? 'none'}, not ${wanted}: bring the file to every node first`);
    const loaded = { until: sh`cman_tool version | grep -q ${`config ${wanted}$`}`, description: `cman to run config_version ${wanted}`, timeout, interval: 1 };
    return [change('config_version', running, wanted, [sh`cman_tool version -r -S`, { wait: loaded }])];
  },
  async apply({ steps }, host) {
    for (const step of steps) {
      if ('wait' in step) await host.wait(step.wait);
      if (!('run' in step)) continue;
      const output = await host.run(step.run, { ok: 'any' });
      if (output.code === 0) continue;
      const said = lastLines(output);
      const reason = REFUSALS.find(([pattern]) => pattern.test(said))?.[1] ?? `exit code ${output.code}`;
      throw new TaskFailure(`the cluster did not take the configuration: ${reason}${said === '' ? '' : `\n${said}`}`, {
        rc: output.code,
        stdout: output.stdout,
        stderr: output.stderr,
      });
    }
  },
  result: (_, { running, file }) => ({ running: running !== undefined, config_version: running ?? null, file_version: file ?? null }),
});

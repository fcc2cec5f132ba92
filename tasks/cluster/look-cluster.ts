import { sh } from '../../runner/task/command.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { parseClustat, type Clustat } from '../parse/clustat.ts';
import { parseXml } from '../parse/cluster-xml.ts';

/**
 * Asks `clustat -x`; undefined while the cluster does not run here (cman down, or not installed).
 * Its exit code is not believed: it differs between releases.
 */
export async function lookClustat(host: Observer): Promise<Clustat | undefined> {
  const { stdout, stderr, code } = await host.read(sh`clustat -x`, (output) => output);
  if (!stdout.includes('<clustat')) {
    if (code === 127 || /Could not connect to CMAN|cman/i.test(stderr) || stdout.trim() === '') return undefined;
    throw new TaskFailure(`clustat -x gave no XML: ${(stderr || stdout).trim().slice(0, 200)}`, { rc: code, stdout, stderr });
  }
  const xml = await parseXml(stdout.slice(stdout.indexOf('<?xml') < 0 ? 0 : stdout.indexOf('<?xml')));
  if ('error' in xml) throw new TaskFailure(`the XML of clustat -x cannot be read (line ${xml.line}: ${xml.error})`, { stdout });
  return parseClustat(xml.root);
}

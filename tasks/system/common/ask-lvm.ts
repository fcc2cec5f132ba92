import { sh } from '../../../runner/task/command.ts';
import { TaskFailure } from '../../../runner/task/failure.ts';
import type { Observer } from '../../../runner/task/host.ts';

/** Rows of `pvs`, `vgs` or `lvs`, sizes in bytes. @throws TaskFailure when LVM is missing or does not answer */
export async function askLvm(tool: 'pvs' | 'vgs' | 'lvs', columns: readonly string[], words: readonly string[], host: Observer): Promise<readonly (readonly string[])[]> {
  return host.read(sh`${[tool, '--noheadings', '--nosuffix', '--units', 'b', '--separator', ';', '-o', columns.join(','), ...words]}`, ({ code, stdout, stderr }) => {
    if (code === 127) throw new TaskFailure(`Failed to find required executable "${tool}": install lvm2 first`);
    if (code !== 0) throw new TaskFailure(`Failed executing ${tool} command: ${stderr.trim()}`, { rc: code });
    return stdout.split('\n').map((line) => line.trim()).filter(Boolean).map((line) => line.split(';').map((word) => word.trim()));
  });
}

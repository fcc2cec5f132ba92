import { sh } from '../../runner/task/command.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';

/** What `semanage WORDS` lists. @throws TaskFailure where SELinux is off (unless that does not matter) or semanage is missing */
export async function askSemanage(words: readonly string[], ignoreState: boolean, host: Observer): Promise<string> {
  const { selinux } = await host.system();
  if (selinux === 'disabled' && !ignoreState) throw new TaskFailure('SELinux is disabled on this host.');
  return host.read(sh`semanage ${words}`.with({ timeout: 120 }), ({ code, stdout, stderr }) => {
    if (code === 127) throw new TaskFailure('the host has no semanage: install policycoreutils-python-utils (policycoreutils-python on EL 6 and 7)');
    if (code !== 0) throw new TaskFailure(`semanage ${words.join(' ')}: ${stderr.trim() || `exit code ${code}`}`, { rc: code });
    return stdout;
  });
}

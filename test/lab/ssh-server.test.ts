import { describe, expect, test } from '@jest/globals';
import { run } from '../../lab/run.ts';
import { useLab } from './lab-for-tests.ts';

const rig = useLab({ persona: 'centos6', names: ['n1'], sshd: 'ssh2' });

describe('the lab’s own ssh server, where there is no sshd', () => {
  const ssh = (user: string, ...words: string[]) => ['timeout', '20', 'ssh', '-F', rig.lab.sshConfig, '-o', 'BatchMode=yes', '-l', user, ...words];

  test('runs commands as the user, with streams and exit code', async () => {
    const said = await run(ssh('admin', 'n1', 'id -un; pwd; cat; echo problem >&2; exit 3'), { stdin: 'given' });
    expect(said).toEqual({ code: 3, stdout: 'admin\n/home/admin\ngiven', stderr: 'problem\n' });
  });

  test('gives a terminal when asked, which sudo insists on', async () => {
    expect((await run(ssh('admin', 'n1', 'sudo -n true'))).stderr).toBe('sudo: sorry, you must have a tty to run sudo\n');
    expect((await run(ssh('admin', '-tt', 'n1', 'echo admin | sudo -S -p "" id -un'))).stdout).toContain('root');
  });

  test('does not wait for what a command leaves behind', async () => {
    const begun = Date.now();
    expect((await run(ssh('root', 'n1', 'sleep 30 & echo started'))).stdout).toBe('started\n');
    expect(Date.now() - begun).toBeLessThan(5000);
  });
});

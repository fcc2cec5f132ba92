import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sh } from '../../../runner/task/command.ts';
import type { Output } from '../../../runner/task/host.ts';
import { assertFree, whenFree } from '../../../tasks/packages/rpm-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-lock-'));
const lock = join(folder, 'yum.pid');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(shell: readonly string[], seconds: number): Output {
  const script = whenFree('yum', seconds, sh`echo ${'it ran'}`).script.replaceAll('/var/run/yum.pid', lock);
  const [program = '', ...words] = shell;
  try {
    return { code: 0, stdout: execFileSync(program, [...words, '-c', script], { encoding: 'utf8', stdio: 'pipe' }), stderr: '' };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { code: status, stdout, stderr };
  }
}

describe.each([[['dash']], [['bash']], [['busybox', 'sh']]])('%s', (shell) => {
  test('no lock, an empty one, and one whose process has gone are none', () => {
    rmSync(lock, { force: true });
    expect(run(shell, 0).stdout).toBe('it ran\n');
    writeFileSync(lock, '');
    expect(run(shell, 0).stdout).toBe('it ran\n');
    writeFileSync(lock, '4194399');
    expect(run(shell, 0).stdout).toBe('it ran\n');
  });

  test('a lock held to the end names its holder', () => {
    writeFileSync(lock, `${process.pid}\n`);
    const output = run(shell, 0);
    expect(output).toMatchObject({ code: 75, stdout: '' });
    expect(() => assertFree(output, 0)).toThrow(new RegExp(`^yum is locked by process ${process.pid} \\(.*node.*\\); waited 0 s`));
  });

  test('a lock that is given up is waited for', () => {
    const holder = spawn('sh', ['-c', `sleep 1; rm ${lock}`], { stdio: 'ignore' });
    writeFileSync(lock, String(process.pid));
    expect(run(shell, 10).stdout).toBe('it ran\n');
    holder.kill();
  });
});

test('dnf waits by itself', () => {
  expect(whenFree('dnf', 5, sh`dnf -y install x`).script).toBe('dnf -y install x');
});

import { describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { labExec } from '../../lab/exec.ts';
import { labKill, labLink, labList, labStart } from '../../lab/lab.ts';
import { run } from '../../lab/run.ts';
import { snapshotDifference, snapshotUpper } from '../../lab/snapshot.ts';
import { useLab } from './lab-for-tests.ts';

const rig = useLab({ persona: 'plain', shell: 'dash' });

describe('hosts of persona plain', () => {
  test('answer to ssh by name, with the host key that known_hosts has', async () => {
    const said = await run(['ssh', '-F', rig.lab.sshConfig, '-o', 'BatchMode=yes', 'n2', 'hostname; readlink -f /bin/sh; id -un']);
    expect(said).toEqual({ code: 0, stdout: 'n2\n/usr/bin/dash\nroot\n', stderr: '' });
  });

  test('reach each other, and nothing beyond the lab', async () => {
    const subnet = rig.lab.subnet;
    expect((await rig.on('n1', `ping -c 1 -W 1 10.66.${subnet}.12`)).code).toBe(0);
    expect((await rig.on('n1', `ping -c 1 -W 1 10.66.${subnet}.1`)).code).toBe(0);
    expect((await rig.on('n1', 'ping -c 1 -W 1 192.0.2.1')).code).not.toBe(0);
  });

  test('show none of the machine’s own files, and write nothing to it', async () => {
    expect((await rig.on('n1', `ls /home /root; echo mine >/etc/rollcall-was-here; ls ${process.cwd()}`)).stdout).toBe('/home:\nadmin\n\n/root:\n');
    expect(existsSync('/etc/rollcall-was-here')).toBe(false);
  });

  test('a snapshot tells what was written: content, mode, owner, deletions, and /tmp', async () => {
    const dir = rig.lab.dir;
    const before = await snapshotUpper(dir, 'n2');
    await rig.on('n2', 'cat /etc/passwd; ls /etc; sh -c "exit 3"');
    expect(snapshotDifference(before, await snapshotUpper(dir, 'n2'))).toEqual([]);
    await rig.on('n2', 'echo one >/etc/one; rm /etc/nsswitch.conf; chmod 600 /etc/hostname; touch /tmp/left');
    const after = await snapshotUpper(dir, 'n2');
    const written = ['+ /etc/hostname', '+ /etc/nsswitch.conf', '+ /etc/one', '+ /tmp/left'];
    expect(snapshotDifference(before, after).filter((line) => line !== '+ /etc')).toEqual(written);
    await rig.on('n2', 'echo two >/etc/one');
    expect(snapshotDifference(after, await snapshotUpper(dir, 'n2'))).toEqual(['~ /etc/one']);
  });

  test('die at once, and come back with their disk', async () => {
    const dir = rig.lab.dir;
    await rig.on('n1', 'echo kept >/etc/kept; echo gone >/tmp/gone');
    await labKill('n1', dir);
    expect(labList(dir).map((host) => host.up)).toEqual([false, true]);
    expect((await rig.on('n2', `ping -c 1 -W 1 10.66.${rig.lab.subnet}.11`)).code).not.toBe(0);
    await expect(labExec('n1', ['true'], { dir })).rejects.toThrow('host n1 is not running');
    await labStart('n1', dir);
    expect((await rig.on('n1', 'cat /etc/kept; ls /tmp')).stdout).toBe('kept\n');
  });

  test('lose the network while their cable is out', async () => {
    const { dir, subnet } = rig.lab;
    const ping = `ping -c 1 -W 1 10.66.${subnet}.12`;
    await labLink('n1', 'down', dir);
    expect((await rig.on('n1', ping)).code).not.toBe(0);
    await labLink('n1', 'up', dir);
    expect((await rig.on('n1', ping)).code).toBe(0);
  });
});

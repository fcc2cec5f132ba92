import { afterAll, beforeAll } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labExec } from '../../lab/exec.ts';
import { labDown, labUp, type Lab, type LabOptions } from '../../lab/lab.ts';
import type { Outcome } from '../../lab/run.ts';

/** A lab of a test file's own: made before its tests, gone after them, even when the process is killed. */
export interface TestLab {
  lab: Lab;
  /** Runs shell text on a host as root. */
  on(name: string, script: string): Promise<Outcome>;
}

/** Makes a lab for the tests of a file, in a folder and a network of its own: one that the user has up is not in the way. */
export function useLab(options: Omit<LabOptions, 'dir' | 'subnet'>): TestLab {
  const test = { on: (name: string, script: string) => labExec(name, ['sh', '-c', script], { dir: test.lab.dir }) } as TestLab;
  beforeAll(async () => {
    const dir = await mkdtemp(join(tmpdir(), 'rollcall-lab-'));
    let subnet = 100 + (process.pid % 100);
    // Another run of the tests may have the same number.
    for (let tries = 0; ; tries += 1, subnet = 100 + ((subnet + 7) % 100)) {
      try {
        test.lab = await labUp({ ...options, dir, subnet, owner: process.pid });
        return;
      } catch (error) {
        if (tries > 10 || !String(error).includes('in use')) throw error;
      }
    }
  });
  afterAll(async () => {
    if (test.lab === undefined) return;
    await labDown(test.lab.dir);
    await rm(test.lab.dir, { recursive: true, force: true });
  });
  return test;
}

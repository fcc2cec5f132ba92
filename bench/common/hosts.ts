import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labExec } from '../../lab/exec.ts';
import { labDown, labUp, type Lab } from '../../lab/lab.ts';

const WORKLOAD = join(import.meta.dirname, '../workload');

/** Throwaway hosts with nothing but sshd, and a folder for what contenders need. */
export interface BenchHosts {
  readonly lab: Lab;
  readonly folder: string;
  readonly names: readonly string[];
  /** The first `count` of the hosts. */
  some(count: number): readonly string[];
  /** Puts them back to where they were before any work. */
  reset(names: readonly string[]): Promise<void>;
  /** One digest of the state of each of them. @throws Error when a host cannot say */
  state(names: readonly string[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Starts hosts n1 … n`count`. */
export async function benchHosts(count: number, subnet = 46): Promise<BenchHosts> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const names = Array.from({ length: count }, (_, index) => `n${index + 1}`);
  const lab = await labUp({ persona: 'plain', shell: 'dash', names, subnet, dir: join(folder, 'lab') });
  const script = (name: string): string => readFileSync(join(WORKLOAD, name), 'utf8');
  const onAll = async (hosts: readonly string[], text: string): Promise<readonly string[]> => {
    const outcomes = await Promise.all(hosts.map((name) => labExec(name, ['sh'], { dir: lab.dir, stdin: text })));
    return outcomes.map(({ code, stdout, stderr }, index) => {
      if (code !== 0) throw new Error(`${hosts[index]}: ${stderr}`);
      return stdout;
    });
  };
  const close = async (): Promise<void> => {
    await labDown(lab.dir);
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    lab, folder, names, close,
    some: (wanted) => names.slice(0, wanted),
    reset: async (hosts) => void (await onAll(hosts, script('reset.sh'))),
    state: async (hosts) => (await onAll(hosts, script('state.sh'))).map((text) => createHash('sha256').update(text).digest('hex')),
  };
}

/** Writes a file into the folder of a benchmark; returns its path. */
export function writeIn(hosts: Pick<BenchHosts, 'folder'>, name: string, text: string): string {
  const path = join(hosts.folder, name);
  writeFileSync(path, text);
  return path;
}

import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { builtProgram } from '../flagship/program.ts';

/** A folder to run the built program in, with nothing of this machine's configuration in sight. */
export interface Scratch {
  readonly path: string;
  file(path: string, text: string, mode?: number): void;
  rollcall(words: readonly string[], options?: { input?: string; env?: Record<string, string> }): SpawnSyncReturns<string>;
  /** Types answers at a terminal (`script` of util-linux), each when its question stands there. */
  atTerminal(words: readonly string[], answers: readonly (readonly [question: string, answer: string])[]): Promise<{ code: number | null; shown: string }>;
  remove(): void;
}

/** Makes such a folder. */
export function scratch(): Scratch {
  const path = mkdtempSync(join(tmpdir(), 'rollcall-scratch-'));
  const environment = { PATH: process.env['PATH'] ?? '', HOME: path };
  return {
    path,
    file(name, text, mode = 0o644) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), text, { mode });
    },
    rollcall: (words, { input = '', env = {} } = {}) =>
      spawnSync(process.execPath, [builtProgram(), ...words], { cwd: path, encoding: 'utf8', timeout: 20_000, input, env: { ...environment, ...env } }),
    async atTerminal(words, answers) {
      const quoted = [process.execPath, builtProgram(), ...words].map((word) => `'${word}'`).join(' ');
      const child = spawn('script', ['-qec', quoted, '/dev/null'], { cwd: path, env: { ...environment, TERM: 'dumb' } });
      const left = [...answers];
      let shown = '';
      let seen = 0;
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        shown += chunk;
        const [next] = left;
        const at = next === undefined ? -1 : shown.indexOf(next[0], seen);
        if (next === undefined || at < 0) return;
        seen = at + next[0].length;
        left.shift();
        child.stdin.write(`${next[1]}\r`);
      });
      const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
      return { code, shown };
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

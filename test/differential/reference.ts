import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Case, layOut } from './case.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

/** Facts are gathered where a play asks for them, as Rollcall gathers them where they are used; no settings of the machine count. */
const ENVIRONMENT = {
  ANSIBLE_GATHERING: 'explicit', ANSIBLE_NOCOLOR: '1', ANSIBLE_LOCALHOST_WARNING: 'False', ANSIBLE_RETRY_FILES_ENABLED: 'False',
  ANSIBLE_DEPRECATION_WARNINGS: 'False', ANSIBLE_PIPELINING: 'True', ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3', LC_ALL: 'C.UTF-8',
};

/** Runs a case with ansible-playbook; `text` is what it printed. */
export async function runReference(each: Case): Promise<{ outcome: Outcome; text: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'differential-'));
  try {
    const words = layOut(each, folder);
    const { text, errors, exit } = await run('ansible-playbook', words, join(folder, 'play'));
    return { outcome: outcomeOf(text, exit, folder), text: `${text}\n${errors}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The version of the reference implementation, undefined when it is not installed. */
export async function referenceVersion(): Promise<string | undefined> {
  return run('ansible-playbook', ['--version'], '/').then(({ text }) => /core ([\d.]+)/.exec(text)?.[1], () => undefined);
}

function run(program: string, words: readonly string[], cwd: string): Promise<{ text: string; errors: string; exit: number }> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, [...words], { cwd, env: { ...process.env, ...ENVIRONMENT }, timeout: 120_000, maxBuffer: 1 << 24 }, (error, text, errors) => {
      if (error && typeof error.code !== 'number') reject(new Error(error.message, { cause: error }));
      else resolve({ text, errors, exit: typeof error?.code === 'number' ? error.code : 0 });
    });
    child.stdin?.end();
  });
}

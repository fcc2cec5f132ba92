import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Event } from '../../runner/event/event.ts';

/** The repository. */
export const ROOT = join(import.meta.dirname, '../..');

/** What a finished run of the program left. */
export interface Ran {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly Event[];
}

/** A run of the program that is under way. */
export interface Running {
  readonly child: ChildProcess;
  readonly done: Promise<Ran>;
  /** What it has said so far on both streams. */
  said(): string;
  events(): readonly Event[];
  /** Waits for an event. */
  until(seen: (event: Event) => boolean, seconds?: number): Promise<Event>;
}

/** Seconds that no run here should need. */
const LONGEST = 45;

let main: string | undefined;

/** The built program, built for this test process. Below node_modules, so that it finds its dependencies. */
export function builtProgram(): string {
  if (main !== undefined) return main;
  const out = mkdtempSync(join(ROOT, 'node_modules/.rollcall-test-'));
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), relative(ROOT, out)]);
  main = join(out, 'main.cjs');
  return main;
}

/** Removes what `builtProgram` made. */
export function removeProgram(): void {
  if (main !== undefined) rmSync(join(main, '..'), { recursive: true, force: true });
  main = undefined;
}

let count = 0;

/** Starts `rollcall WORDS` in a folder; for `run` and `exec` also the event stream is kept. */
export function start(cwd: string, words: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const log = join(cwd, `events-${++count}.jsonl`);
  const outputs = words[0] === 'run' || words[0] === 'exec' ? [...(words.includes('--output') ? [] : ['--output', 'lines']), '--output', `json:${log}`] : [];
  const child = spawn(process.execPath, [builtProgram(), ...words.slice(0, 1), ...outputs, ...words.slice(1)], { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const texts = { stdout: '', stderr: '', all: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
      texts.all += text;
    });
  }
  const events = (): readonly Event[] => eventsIn(log);
  const done = new Promise<Ran>((resolve) => {
    // A run that hangs is told with what it said, not by the test's own deadline.
    const late = setTimeout(() => {
      texts.stderr += `\nkilled by the test after ${LONGEST} s`;
      child.kill('SIGKILL');
    }, LONGEST * 1000);
    child.on('close', (code) => {
      clearTimeout(late);
      resolve({ code, stdout: texts.stdout, stderr: texts.stderr, events: events() });
    });
  });
  let ended = false;
  void done.then(() => (ended = true));
  return {
    child, done, events,
    said: () => texts.all,
    async until(seen, seconds = 30) {
      for (const deadline = Date.now() + seconds * 1000; ;) {
        const found = events().find(seen);
        if (found) return found;
        if (ended || Date.now() > deadline) throw new Error(`the event did not come; the program said:\n${texts.all}`);
        await new Promise((wake) => setTimeout(wake, 20));
      }
    },
  };
}

/** Whole lines only: the last one may be half written. */
function eventsIn(log: string): readonly Event[] {
  if (!existsSync(log)) return [];
  return readFileSync(log, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as Event);
}

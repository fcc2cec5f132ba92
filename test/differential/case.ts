import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { Outcome } from './outcome.ts';

/** A playbook with all that belongs to it, run by the reference implementation and by Rollcall under equal conditions. */
export interface Case {
  readonly topic: string;
  readonly name: string;
  /** Text of site.yml. */
  readonly playbook: string;
  /** Further files by their path beside site.yml; a path that ends in `!` names an executable one. */
  readonly files: Readonly<Record<string, string>>;
  readonly inventory: string;
  /** Words after the playbook's name. `WORK` stands for the case's folder for written files. */
  readonly args: readonly string[];
  /** `hosts`: what runs at the same time runs in no order, so only each host's own order counts. */
  readonly order: 'tasks' | 'hosts';
  /** Why the outcome differs on purpose, and what it is instead. */
  readonly differs?: { readonly why: string; readonly outcome: Partial<Outcome> };
  /** Changes with everything the reference's answer depends on. */
  readonly digest: string;
}

const ROOT = join(import.meta.dirname, 'cases');
const INVENTORY = 'h1\nh2\nh3\n\n[all:vars]\nansible_connection=local\n';

/** The topics: folders of cases. */
export function topics(): readonly string[] {
  return readdirSync(ROOT).sort();
}

/** The cases of a topic, by name. */
export function cases(topic: string): readonly Case[] {
  return readdirSync(join(ROOT, topic)).filter((file) => file.endsWith('.yml')).sort().map((file) => readCase(topic, file.slice(0, -'.yml'.length)));
}

function readCase(topic: string, name: string): Case {
  const text = readFileSync(join(ROOT, topic, `${name}.yml`), 'utf8');
  const { differs, ...given } = parse(text) as Partial<Case> & Pick<Case, 'playbook'>;
  const digest = createHash('sha256').update(JSON.stringify(given)).digest('hex').slice(0, 16);
  return { files: {}, inventory: INVENTORY, args: [], order: 'tasks', ...given, ...(differs && { differs }), topic, name, digest };
}

/** What the reference did with the cases of a topic, by name. */
export type Recordings = Record<string, { readonly digest: string; readonly outcome: Outcome }>;

/** Reads the recordings of a topic. */
export function recordings(topic: string): Recordings {
  try {
    return JSON.parse(readFileSync(recordingsPath(topic), 'utf8')) as Recordings;
  } catch {
    return {};
  }
}

/** Writes the recordings of a topic, sorted, so that a diff shows what has changed. */
export function writeRecordings(topic: string, recorded: Recordings): void {
  const sorted = Object.fromEntries(Object.entries(recorded).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(recordingsPath(topic), `${JSON.stringify(sorted, null, 1)}\n`);
}

function recordingsPath(topic: string): string {
  return join(ROOT, topic, 'expected.json');
}

/** Writes a case's files into an empty folder; returns the words of the command line. */
export function layOut(each: Case, folder: string): readonly string[] {
  const work = join(folder, 'work');
  mkdirSync(work, { recursive: true });
  const files: Readonly<Record<string, string>> = { hosts: each.inventory, ...each.files, 'site.yml': each.playbook };
  for (const [path, text] of Object.entries(files)) {
    const executable = path.endsWith('!');
    const target = join(folder, 'play', executable ? path.slice(0, -1) : path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text.replaceAll('WORK', work), { mode: executable ? 0o755 : 0o644 });
  }
  const play = join(folder, 'play');
  const own = each.args.map((word) => word.replaceAll('WORK', work).replaceAll('PLAY', play));
  const inventory = own.includes('-i') ? [] : ['-i', join(play, 'hosts')];
  return [join(play, 'site.yml'), ...inventory, '-e', `work=${work}`, ...own];
}

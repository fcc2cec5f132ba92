import { randomBytes } from 'node:crypto';
import { accessSync, closeSync, constants, createReadStream, existsSync, mkdirSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { InputError, problem } from '../source/diagnostic.ts';
import { SourceFile } from '../source/file.ts';
import { readEvent } from './event-shape.ts';
import { EVENT_VERSION, type Event } from './event.ts';

/** A run's events on disk, one JSON object a line. */
export interface Journal {
  readonly path: string;
  write(event: Event): void;
  close(): void;
}

/** A name for a run that sorts by time: day, time, milliseconds and a little chance, `20260102-150405-123f2a`. */
export function newRunId(date: Date = new Date()): string {
  const digits = date.toISOString().replace(/\D/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${digits.slice(14, 17)}${randomBytes(2).toString('hex').slice(1)}`;
}

/** The folder of the journals, made when missing: `.rollcall/runs` here, or the state folder of XDG where nothing can be written here. */
export function journalFolder(cwd: string, environment: NodeJS.ProcessEnv = process.env): string {
  const local = join(cwd, '.rollcall', 'runs');
  try {
    // One by one: where ENOENT is the answer to mkdir (/proc), node's recursive mkdir never returns.
    for (const folder of [join(cwd, '.rollcall'), local]) if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    // Asked after making it: for root, access() alone says yes to read-only places too.
    accessSync(local, constants.W_OK);
    return local;
  } catch {
    const shared = journalFolders(cwd, environment)[1] ?? local;
    mkdirSync(shared, { recursive: true, mode: 0o700 });
    return shared;
  }
}

/** Both places where journals may lie, nearest first; neither need exist. */
export function journalFolders(cwd: string, environment: NodeJS.ProcessEnv = process.env): readonly string[] {
  return [join(cwd, '.rollcall', 'runs'), join(environment['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'rollcall', 'runs')];
}

/** Opens `FOLDER/RUN.jsonl`. Each event is handed to the kernel before `write` returns: a killed run loses nothing it has said. */
export function openJournal(folder: string, run: string): Journal {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  ignoreInGit(folder);
  const path = join(folder, `${run}.jsonl`);
  const file = openSync(path, 'ax', 0o600);
  return {
    path,
    write(event) {
      const bytes = Buffer.from(`${JSON.stringify(event)}\n`);
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    },
    close: () => closeSync(file),
  };
}

/**
 * Reads a journal as a stream. A last line without its end is where the run was killed: it is left out.
 * @throws InputError when the file is no journal, is damaged, or is of a version we do not know.
 */
export async function* readJournal(path: string): AsyncGenerator<Event> {
  if (!existsSync(path)) throw new InputError([problem('no-journal', `there is no journal '${path}'`, undefined, 'give the path of a .jsonl file below .rollcall/runs')]);
  if (!statSync(path).isFile()) throw new InputError([problem('no-journal', `'${path}' is no file`, undefined, 'give the path of a .jsonl file below .rollcall/runs')]);
  let held: string | undefined;
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (held !== undefined) yield parseLine(path, held, number);
    held = line;
    number++;
  }
  if (held === undefined || held === '') return;
  if (number === 1 || isJson(held)) yield parseLine(path, held, number);
}

function parseLine(path: string, line: string, number: number): Event {
  const read = isJson(line) ? readEvent(JSON.parse(line)) : { wrong: 'it is no JSON' };
  if ('wrong' in read) throw damaged(path, line, number, read.wrong);
  if (number > 1) return read.event;
  if (read.event.type !== 'run.start') throw damaged(path, line, number, 'a journal begins with a run.start');
  if (read.event.version > EVENT_VERSION) {
    const message = `'${path}' has events of version ${String(read.event.version)}; this rollcall knows version ${EVENT_VERSION}`;
    throw new InputError([problem('journal-version', message, undefined, 'read it with the rollcall that wrote it, or a newer one')]);
  }
  return read.event;
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** Shows the line by its beginning: the rest may be long. */
function damaged(path: string, line: string, number: number, why: string): InputError {
  const shown = line.length > 200 ? `${line.slice(0, 200)}…` : line;
  const file = new SourceFile(path, `${'\n'.repeat(number - 1)}${shown}`);
  const span = { file, start: number - 1, end: number - 1 + shown.length };
  const help = number === 1 ? 'give the path of a .jsonl file below .rollcall/runs, one JSON object a line' : `what came before it is still there: head -n ${number - 1} shows it, and can be replayed`;
  return new InputError([problem('bad-journal', `line ${number} of '${path}' is no event: ${why}`, span, help)]);
}

/** Journals are nobody's source: keeps `.rollcall` out of the user's repository without touching their .gitignore. */
function ignoreInGit(folder: string): void {
  const parent = join(folder, '..');
  const file = join(parent, '.gitignore');
  if (parent.endsWith('.rollcall') && !existsSync(file)) writeFileSync(file, '*\n');
}

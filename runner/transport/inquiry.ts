import { createHash, randomBytes } from 'node:crypto';
import type { FileStat } from '../task/host.ts';
import { deferred } from './deferred.ts';
import type { Deferred } from './deferred.ts';
import { checksumScript, entryGroups, getentScript, isComparable, jointScript, parseChecksum, parseGetent, parseJoint, parseStats, sameScript, statScript } from './inquiry-scripts.ts';
import type { DigestAlgorithm, Entry, StatQuestion } from './inquiry-scripts.ts';
import type { ShellOutput, StreamedInput } from './shell.ts';

/** Questions in one script at most: a command line has room for some 100 KiB. */
const MOST = 400;

/** Names that tools escape each in their own way: asked for alone, they cannot be taken for others. */
const ODD = /[\n\\]/;

interface Question<K, T> {
  readonly key: K;
  readonly answer: Deferred<T>;
}

/** A file as it was written. */
interface Written {
  readonly path: string;
  readonly content: Buffer;
}

/** Carries a script to the host. */
type Ask = (script: string) => Promise<ShellOutput>;

/** Questions of one kind, as one script. */
interface Part {
  readonly body: string;
  /** Hands the answers on; asks one by one, and listens to what is said about it, when they do not fit the questions. */
  answer(output: ShellOutput): void;
  fail(error: unknown): void;
}

/** Small questions about a host. Those asked in the same moment travel in one request, and cost one process for all of a kind. */
export class Inquiry {
  readonly #inquire: Ask;
  readonly #read: Ask;
  readonly #stats: Question<StatQuestion, FileStat | null>[] = [];
  readonly #sums = new Map<DigestAlgorithm, Question<string, string | null>[]>();
  readonly #entries: Question<Entry, readonly string[] | null>[] = [];
  readonly #sames: Question<Written, boolean>[] = [];
  /** What was written last, by path. */
  #written: ReadonlyMap<string, Written> = new Map();
  /** Known to nobody on the host: no file or entry can have it in it. */
  readonly #mark = randomBytes(12).toString('hex');
  #scheduled = false;

  constructor(inquire: Ask, read: Ask) {
    this.#inquire = inquire;
    this.#read = read;
  }

  /** The object at a path. */
  stat(path: string, follow: boolean): Promise<FileStat | null> {
    return this.#ask(this.#stats, { path, follow });
  }

  /** Takes note of what is being written: whoever asks for it next is told, once the host has said that it is there, without a process. */
  wrote(files: readonly { readonly path: string; readonly content: string | Buffer | StreamedInput }[]): void {
    const written = new Map<string, Written>();
    for (const { path, content } of files) {
      if (isComparable(content)) written.set(path, { path, content: Buffer.from(content) });
      else written.delete(path);
    }
    this.#written = written;
  }

  /** What was written last to this path, when it is what the file holds. */
  async written(path: string): Promise<Buffer | undefined> {
    const known = this.#written.get(path);
    if (!known) return undefined;
    const [stat, same] = await Promise.all([this.stat(path, true), this.#ask(this.#sames, known)]);
    return same && stat?.size === known.content.length ? known.content : undefined;
  }

  /** The digest of a regular file. */
  async checksum(path: string, algorithm: DigestAlgorithm): Promise<string | null> {
    const known = this.#written.has(path) ? await this.written(path) : undefined;
    if (known) return createHash(algorithm).update(known).digest('hex');
    const questions = this.#sums.get(algorithm) ?? [];
    this.#sums.set(algorithm, questions);
    return this.#ask(questions, path);
  }

  /** The fields of a database entry. */
  getent(database: string, key: string): Promise<readonly string[] | null> {
    return this.#ask(this.#entries, [database, key]);
  }

  #ask<K, T>(questions: Question<K, T>[], key: K): Promise<T> {
    const answer = deferred<T>();
    questions.push({ key, answer });
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#send();
      });
    }
    return answer.promise;
  }

  #send(): void {
    const parts: Part[] = [
      ...this.#parts(this.#stats.splice(0), statScript, parseStats),
      ...this.#sames.splice(0).flatMap((question) => this.#parts([question], ([known]) => sameScript(known!.path, known!.content), ({ stdout }) => [stdout === '1\n'])),
    ];
    const entries = this.#entries.splice(0);
    for (const group of entryGroups(entries.map(({ key }) => key))) parts.push(...this.#parts(entries.filter(({ key }) => group.includes(key)), getentScript, parseGetent));
    for (const [algorithm, questions] of this.#sums) {
      const all = questions.splice(0);
      const groups = [all.filter(({ key }) => !ODD.test(key)), ...all.filter(({ key }) => ODD.test(key)).map((question) => [question])];
      for (const some of groups) parts.push(...this.#parts(some, (paths) => checksumScript(paths, algorithm), (output, { length }) => parseChecksum(output, length, algorithm)));
    }
    if (parts.length > 0) void this.#carry(parts, this.#inquire);
  }

  #parts<K, T>(questions: readonly Question<K, T>[], script: (keys: readonly K[]) => string, parse: (output: ShellOutput, keys: readonly K[]) => readonly T[], ask = this.#inquire): Part[] {
    const parts: Part[] = [];
    for (let at = 0; at < questions.length; at += MOST) {
      const some = questions.slice(at, at + MOST);
      const keys = some.map(({ key }) => key);
      const fail = (error: unknown): void => some.forEach(({ answer }) => answer.reject(error));
      parts.push({
        body: script(keys),
        fail,
        answer: (output) => {
          try {
            const answers = parse(output, keys);
            some.forEach((question, index) => question.answer.resolve(answers[index] as T));
          } catch (error) {
            // One of them could not be answered (or changed meanwhile): alone, it fails alone, and says why.
            if (ask === this.#read) fail(error);
            else for (const question of some) void this.#carry(this.#parts([question], script, parse, this.#read), this.#read);
          }
        },
      });
    }
    return parts;
  }

  async #carry(parts: readonly Part[], ask: Ask): Promise<void> {
    try {
      const output = await ask(jointScript(parts.map(({ body }) => body), this.#mark));
      const answers = parseJoint(output, parts.length, this.#mark);
      parts.forEach((part, index) => part.answer(answers[index] ?? output));
    } catch (error) {
      for (const part of parts) part.fail(error);
    }
  }
}

import type { FileStat } from '../task/host.ts';
import { deferred } from './deferred.ts';
import type { Deferred } from './deferred.ts';
import { checksumScript, getentScript, parseChecksum, parseGetent, parseStats, statScript } from './inquiry-scripts.ts';
import type { DigestAlgorithm } from './inquiry-scripts.ts';
import type { ShellOutput } from './shell.ts';

/** Questions in one script at most: a command line has room for some 100 KiB. */
const MOST = 400;

/** Names that tools escape each in their own way: asked for alone, they cannot be taken for others. */
const ODD = /[\n\\]/;

interface Question<K, T> {
  readonly key: K;
  readonly answer: Deferred<T>;
}

/** Small questions about a host. Those asked in the same moment travel in one request and cost one process for all of a kind. */
export class Inquiry {
  readonly #read: (script: string) => Promise<ShellOutput>;
  readonly #stats: { readonly plain: Question<string, FileStat | null>[]; readonly follow: Question<string, FileStat | null>[] } = { plain: [], follow: [] };
  readonly #sums = new Map<DigestAlgorithm, Question<string, string | null>[]>();
  readonly #entries: Question<readonly [string, string], readonly string[] | null>[] = [];
  #scheduled = false;

  constructor(read: (script: string) => Promise<ShellOutput>) {
    this.#read = read;
  }

  /** The object at a path. */
  stat(path: string, follow: boolean): Promise<FileStat | null> {
    return this.#ask(follow ? this.#stats.follow : this.#stats.plain, path);
  }

  /** The digest of a regular file. */
  checksum(path: string, algorithm: DigestAlgorithm): Promise<string | null> {
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
    for (const [follow, questions] of [[false, this.#stats.plain], [true, this.#stats.follow]] as const) {
      this.#each(questions.splice(0), (paths) => statScript(paths, follow), parseStats);
    }
    for (const [algorithm, questions] of this.#sums) {
      const all = questions.splice(0);
      this.#each(all.filter(({ key }) => !ODD.test(key)), (paths) => checksumScript(paths, algorithm), (output, count) => parseChecksum(output, count, algorithm));
      for (const question of all.filter(({ key }) => ODD.test(key))) this.#each([question], (paths) => checksumScript(paths, algorithm), (output, count) => parseChecksum(output, count, algorithm));
    }
    this.#each(this.#entries.splice(0), getentScript, parseGetent);
  }

  #each<K, T>(questions: readonly Question<K, T>[], script: (keys: readonly K[]) => string, parse: (output: ShellOutput, count: number) => readonly T[]): void {
    for (let at = 0; at < questions.length; at += MOST) {
      const some = questions.slice(at, at + MOST);
      void this.#answer(some, script, parse);
    }
  }

  async #answer<K, T>(questions: readonly Question<K, T>[], script: (keys: readonly K[]) => string, parse: (output: ShellOutput, count: number) => readonly T[]): Promise<void> {
    try {
      const output = await this.#read(script(questions.map(({ key }) => key)));
      let answers: readonly T[];
      try {
        answers = parse(output, questions.length);
      } catch (error) {
        if (questions.length === 1) throw error;
        // One of them could not be answered (or changed meanwhile): alone, it fails alone.
        await Promise.all(questions.map((question) => this.#answer([question], script, parse)));
        return;
      }
      questions.forEach((question, index) => question.answer.resolve(answers[index] as T));
    } catch (error) {
      for (const { answer } of questions) answer.reject(error);
    }
  }
}

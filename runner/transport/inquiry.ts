import { randomBytes } from 'node:crypto';
import { quoteWord } from '../task/command.ts';
import { TaskFailure } from '../task/failure.ts';
import type { FileStat } from '../task/host.ts';
import { shared } from '../util/shared.ts';
import { checksumScript, CONTENT, contentScript, entryGroups, getentScript, isComparable, jointScript, parseChecksum, parseGetent, parseJoint, parseStats, pathsOf, statScript } from './inquiry-scripts.ts';
import type { DigestAlgorithm, Entry, Sizes, StatQuestion, SumQuestion } from './inquiry-scripts.ts';
import type { ShellOptions, ShellOutput, StreamedInput } from './shell.ts';

/** Questions in one script at most: a command line has room for some 100 KiB. */
const MOST = 400;

/** Names that tools escape each in their own way: asked for alone, they cannot be taken for others. */
const ODD = /[\n\\]/;

interface Question<K, T> {
  readonly key: K;
  readonly resolve: (answer: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** A file's bytes are asked for. */
interface ContentQuestion {
  readonly path: string;
  /** Bytes at most. */
  readonly max: number;
  readonly likely: Buffer | undefined;
}

/** Carries a script to the host. */
type Ask = (script: string, options?: ShellOptions) => Promise<ShellOutput>;

/** Questions of one kind, as one script. */
interface Part {
  readonly body: string;
  /** Hands the answers on; asks one by one, and listens to what is said about it, when they do not fit the questions. */
  answer(output: ShellOutput): void;
  fail(error: unknown): void;
}

/** Small questions about a host. Those asked in the same moment, or before it can be reached, travel in one request, and cost one process for all of a kind. */
export class Inquiry {
  readonly #inquire: Ask;
  readonly #read: Ask;
  readonly #reachable: () => Promise<unknown>;
  readonly #stats: Question<StatQuestion, FileStat | null>[] = [];
  readonly #sums = new Map<DigestAlgorithm, Question<SumQuestion, string | null>[]>();
  readonly #entries: Question<Entry, readonly string[] | null>[] = [];
  readonly #contents: Question<ContentQuestion, Buffer | null>[] = [];
  /** What was written last, by path. */
  #written: ReadonlyMap<string, Buffer> = new Map();
  /** Database and key of what has been asked for. */
  readonly #entriesAsked = new Set<string>();
  /** Variables of the shell that have been named so far. */
  #named = 0;
  /** Known to nobody on the host: no file or entry can have it in it. */
  readonly #mark = randomBytes(12).toString('hex');
  /** There are links here that say what only an exact question can tell: asking one by one again each time would cost a process for each. */
  #odd = false;
  #scheduled = false;

  /** `reachable` settles when a question can be sent. */
  constructor(inquire: Ask, read: Ask, reachable: () => Promise<unknown>) {
    this.#inquire = inquire;
    this.#read = read;
    this.#reachable = reachable;
  }

  /** The object at a path. */
  stat(path: string, follow: boolean): Promise<FileStat | null> {
    return this.#ask(this.#stats, { path, follow });
  }

  /** Takes note of what is being written: whoever asks for it next is told, once the host has said that it is there, without a process. */
  wrote(files: readonly { readonly path: string; readonly content: string | Buffer | StreamedInput }[]): void {
    this.#written = new Map(files.flatMap(({ path, content }) => (isComparable(content) ? [[path, Buffer.from(content)]] : [])));
  }

  /** The digest of a regular file. `likely`: what it may well hold. */
  checksum(path: string, algorithm: DigestAlgorithm, likely?: Buffer): Promise<string | null> {
    const questions = this.#sums.get(algorithm) ?? [];
    this.#sums.set(algorithm, questions);
    return this.#ask(questions, { path, likely: this.#guess(path, likely) });
  }

  /** The bytes of a regular file, up to `max`. `likely`: what they may well be. */
  content(path: string, max: number, likely?: Buffer): Promise<Buffer | null> {
    return this.#ask(this.#contents, { path, max, likely: this.#guess(path, likely) });
  }

  #guess(path: string, likely: Buffer | undefined): Buffer | undefined {
    return isComparable(likely) ? likely : this.#written.get(path);
  }

  /** The fields of a database entry. */
  getent(database: string, key: string): Promise<readonly string[] | null> {
    return this.#ask(this.#entries, [database, key]);
  }

  #ask<K, T>(questions: Question<K, T>[], key: K): Promise<T> {
    const answer = new Promise<T>((resolve, reject) => void questions.push({ key, resolve, reject }));
    if (!this.#scheduled) {
      this.#scheduled = true;
      const send = (): void => {
        this.#scheduled = false;
        this.#send();
      };
      // Why it cannot be reached is told to those who ask.
      this.#reachable().then(() => setImmediate(send), send);
    }
    return answer;
  }

  #send(): void {
    const stats = this.#stats.splice(0);
    const contents = this.#contents.splice(0);
    const sums = [...this.#sums].map(([algorithm, questions]) => [algorithm, questions.splice(0)] as const);
    const asked = new Set(pathsOf(stats.map(({ key }) => key)));
    const read = this.#sizes(contents.map(({ key }) => key.path), (path) => asked.has(path));
    // Each variable is for one script, which takes it away.
    const compared = this.#sizes(sums.flatMap(([, questions]) => questions.flatMap(({ key: { path, likely } }) => (likely ? [path] : []))), (path) => asked.has(path) && !read.has(path));
    const sizes = new Map([...read, ...compared]);
    const exact = this.#odd;
    const parts: Part[] = this.#parts(stats, (keys, again) => statScript(keys, sizes, again || exact), (output, keys, again) => {
      try {
        return parseStats(output, keys, again || exact);
      } catch (error) {
        this.#odd = true;
        throw error;
      }
    });
    const entries = this.#entries.splice(0);
    // Whoever asks again has found it, or has made it meanwhile.
    const again = new Set(entries.filter(({ key }) => this.#entriesAsked.has(key.join(' '))).map(({ key }) => key));
    for (const { key } of entries) this.#entriesAsked.add(key.join(' '));
    for (const group of entryGroups(entries.map(({ key }) => key), (entry) => again.has(entry))) {
      const likely = group.every((entry) => again.has(entry));
      parts.push(...this.#parts(entries.filter(({ key }) => group.includes(key)), (keys, alone) => getentScript(keys, likely && !alone), parseGetent));
    }
    for (const [algorithm, all] of sums) {
      const groups = [all.filter(({ key }) => !ODD.test(key.path)), ...all.filter(({ key }) => ODD.test(key.path)).map((question) => [question])];
      for (const some of groups) parts.push(...this.#parts(some, (keys) => checksumScript(keys, algorithm, compared), (output, keys) => parseChecksum(output, keys, algorithm, compared)));
    }
    if (parts.length > 0) void this.#carry(parts, this.#inquire);
    for (const { key, resolve, reject } of contents) this.#readContent(key, read.get(key.path)).then(resolve, reject);
  }

  /** Names variables for the sizes of files that are looked at anyway: where that saves a process. */
  #sizes(paths: readonly string[], isLookedAt: (path: string) => boolean): Sizes {
    return new Map([...new Set(paths)].filter(isLookedAt).map((path) => [path, `_qz${++this.#named}`]));
  }

  async #readContent({ path, max, likely }: ContentQuestion, size: string | undefined): Promise<Buffer | null> {
    const options = { limit: 2 * max, timeout: 300 };
    const { code, stdoutBytes } = await this.#inquire(contentScript(path, max, size, likely), options);
    if (code === CONTENT.none) return null;
    if (code === CONTENT.likely && likely) return likely;
    if (code === 0 || code === CONTENT.text) return shared(stdoutBytes);
    // Asked again in a way that says why it cannot be read.
    const said = await this.#read(`head -c ${max} <${quoteWord(path)}`, options);
    if (said.code !== 0) throw new TaskFailure(`cannot read ${path}: ${said.stderr.trim()}`, { rc: said.code, stderr: said.stderr });
    return said.stdoutBytes;
  }

  /** `script` and `parse` are told when they are for a question that is asked again. */
  #parts<K, T>(questions: readonly Question<K, T>[], script: (keys: readonly K[], again: boolean) => string, parse: (output: ShellOutput, keys: readonly K[], again: boolean) => readonly T[], ask = this.#inquire): Part[] {
    const parts: Part[] = [];
    for (let at = 0; at < questions.length; at += MOST) {
      const some = questions.slice(at, at + MOST);
      const keys = some.map(({ key }) => key);
      const fail = (error: unknown): void => some.forEach(({ reject }) => reject(error));
      parts.push({
        body: script(keys, ask === this.#read),
        fail,
        answer: (output) => {
          try {
            const answers = parse(output, keys, ask === this.#read);
            some.forEach((question, index) => question.resolve(answers[index] as T));
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

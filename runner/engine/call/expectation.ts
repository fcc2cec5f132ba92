import { posix } from 'node:path';
import type { Change, Step } from '../../task/change.ts';
import { TaskFailure } from '../../task/failure.ts';
import type { FileStat, Observer } from '../../task/host.ts';
import { commandOptions, commandsOf, VALUED } from '../../task/split-commands.ts';
import { own } from '../../util/own.ts';
import { folderOf, nameOf, normalized } from '../../util/posix-path.ts';
import { ForeseenFiles } from './foresee.ts';

/** Databases of accounts. */
const ACCOUNTS = new Set(['passwd', 'group', 'shadow', 'gshadow']);

/** Files that are changed by tools that change accounts. */
const ACCOUNT_FILES = ['passwd', 'group', 'shadow', 'gshadow', 'subuid', 'subgid'].flatMap((name) => [`/etc/${name}`, `/etc/${name}-`]);

/** Files that say where accounts come from, or help to find them. */
const SAYS_ACCOUNTS = /^\/(?:etc\/(?:nsswitch|passwd|group|g?shadow|sssd|nslcd|nscd|ldap|openldap|libnss|samba|yp|krb5)|var\/|run\/|lib|usr\/lib)/;

/** A read that depends on nothing but which programs there are. */
const PROGRAM = /^command -v ([\w.-]+)$/;

/** Links that are followed from one path. */
const MOST_LINKS = 8;

/** What changes touch. */
export interface Touched {
  /** Paths, and entries of databases as `passwd root`. */
  readonly names: readonly string[];
  /** Whether a file is among them that says where accounts come from. What tools do that change accounts is named entry by entry instead. */
  readonly saysAccounts: boolean;
}

/** What is certain about an object that a change has touched. */
interface Certainty {
  readonly mode: boolean;
  /** Owner and group. */
  readonly owner: boolean;
  /** A link that was made. */
  readonly link?: true;
}

/**
 * The files and accounts of a host as they will be for certain once some changes are made: what the plans of tasks are made from whose changes travel
 * along with those of a task before them. Unlike a prediction of check mode, nothing of it may be a guess: whatever cannot be told for certain is
 * refused, and so is everything that nobody has looked at.
 */
export class Expectation {
  readonly #files = new ForeseenFiles();
  readonly #touched = new Map<string, Certainty>();
  readonly #paths = new Set<string>();
  /** What tools do that change accounts: nothing is certain about these and what is below them. */
  readonly #unknown = new Set<string>();
  /** What of these the changes touch that are being taken. */
  readonly #fresh: string[] = [];
  /** Entries of databases that are made or changed, as `passwd root`. */
  readonly #entries = new Set<string>();
  /** Links among what has been touched. */
  #links = 0;
  readonly #seen: Observer;
  /** The host as it will be, for questions of its own that nobody needs to hear of. */
  readonly #unheard: Observer;

  /** `seen`: the host, as far as it has been looked at. */
  constructor(seen: Observer) {
    this.#seen = seen;
    this.#unheard = this.observer;
  }

  /**
   * What has been looked at or touched so far: none of it may be a link, and none may lie in a folder that is one, or what is expected may be
   * wrong, for one file would have two names.
   */
  get paths(): ReadonlySet<string> {
    return this.#paths;
  }

  /** The host as it will be. Asked for what is not certain, it throws. */
  get observer(): Observer {
    return this.heard().observer;
  }

  /** The same, and what it has been asked about: paths, as they become known. */
  heard(): { readonly asked: ReadonlySet<string>; readonly observer: Observer } {
    const asked = new Set<string>();
    const stat: Observer['stat'] = async (given, options) => {
      if (options?.follow !== true) return this.#own(given, asked);
      const end = await this.#end(given, asked);
      if (end !== undefined) return this.#own(end, asked);
      const stat = await this.#seen.stat(given, options);
      return stat && this.#entries.size > 0 && (stat.uid !== 0 || stat.gid !== 0) ? masked(stat, undefined, false) : stat;
    };
    return {
      asked,
      observer: {
        ...this.#seen,
        stat,
        system: () => Promise.reject(new Uncertain('only files and accounts can be told beforehand')),
        read: (command, parse) => {
          const [, program] = PROGRAM.exec(command.script) ?? [];
          const isMade = [...this.#touched.keys()].some((path) => nameOf(path) === program);
          return program === undefined || isMade ? Promise.reject(new Uncertain('what a command says cannot be told beforehand')) : this.#seen.read(command, parse);
        },
        getent: (database, key) => this.#entry(database, key, asked),
        readFile: async (path, options) => this.#files.observer(this.#seen).readFile((await this.#end(path, asked)) ?? path, options),
        checksum: async (path, algorithm, options) => this.#files.observer(this.#seen).checksum((await this.#end(path, asked)) ?? path, algorithm, options),
      },
    };
  }

  /** The entry of a database: one that is touched is there, but what it says is not certain. */
  async #entry(database: string, key: string, asked: Set<string>): Promise<readonly string[] | null> {
    const name = `${database} ${key}`;
    asked.add(name);
    if (!ACCOUNTS.has(database) || [...this.#touched.keys()].some(saysAccounts)) throw new Uncertain(`what ${name} says is not certain`);
    if (this.#entries.has(name) || (this.#entries.size > 0 && /^\d/.test(key))) return UNCERTAIN_ENTRY;
    return this.#seen.getent(database, key);
  }

  /** The object at a path, links not followed. */
  async #own(given: string, asked: Set<string>): Promise<FileStat | null> {
    const path = this.#ask(given, asked);
    this.#paths.add(folderOf(path));
    const stat = await this.#files.stat(this.#seen, given);
    const certain = this.#touched.get(path);
    if (!stat) return null;
    // Who has no name by now may get one.
    const isNamed = this.#entries.size === 0 || (stat.uid === 0 && stat.gid === 0);
    return certain || !isNamed ? masked(stat, certain, isNamed) : stat;
  }

  /** Where a path leads, when what is there has been touched: everything else is as it was seen. */
  async #end(given: string, asked: Set<string>): Promise<string | undefined> {
    let path = this.#ask(given, asked);
    for (let steps = 0; steps < MOST_LINKS; steps++) {
      // A folder above something is looked at without a look at itself: the host says whether it is what it is called.
      const own = await this.#files.stat(this.#seen, path).catch(() => undefined);
      if (own?.type !== 'link') {
        this.#paths.add(path);
        return this.#isTouched(path) ? path : undefined;
      }
      this.#paths.add(folderOf(path));
      path = this.#ask(posix.resolve(folderOf(path), own.target ?? ''), asked);
    }
    throw new Uncertain(`${given}: links that go round in a circle`);
  }

  /** Hears of a question. @throws Uncertain for what nobody can tell, and for what is below a link that was made: it has got another name */
  #ask(given: string, asked: Set<string>): string {
    const path = normalized(given).replace(/(.)\/$/, '$1');
    if (this.#unknown.size > 0 || this.#links > 0) {
      for (let at = path; at !== '/' && at !== '.'; at = folderOf(at)) {
        if (this.#unknown.has(at)) throw new Uncertain(`${at} is changed in a way that cannot be told`);
        if (at !== path && this.#touched.get(at)?.link) throw new Uncertain(`${at} will be a link`);
      }
    }
    asked.add(path);
    return path;
  }

  /** Whether something has been touched at a path or above it. */
  #isTouched(path: string): boolean {
    for (let at = path; at !== '/' && at !== '.'; at = folderOf(at)) if (this.#touched.has(at)) return true;
    return false;
  }

  /** Takes note of changes; what they touch. Undefined when what comes of them is not certain: then nothing more is to be asked. */
  async take(changes: readonly Change[]): Promise<Touched | undefined> {
    const paths: string[] = [];
    this.#fresh.length = 0;
    try {
      for (const change of changes) {
        if (change.repeats || change.waits || change.risk === 'disconnect') return undefined;
        for (const step of change.steps) {
          const touched = await this.#look(step);
          if (!touched) return undefined;
          await this.#files.take([{ ...change, steps: [step] }], this.#unheard);
          for (const [path, certain] of touched) {
            this.#touched.set(path, certain);
            if (certain.link) this.#links++;
            this.#paths.add(folderOf(path));
            paths.push(path);
          }
        }
      }
      return { names: [...paths, ...this.#fresh], saysAccounts: paths.some(saysAccounts) };
    } catch (error) {
      if (error instanceof TaskFailure) return undefined;
      throw error;
    }
  }

  /** What a step touches, and what is certain about it then; undefined when that cannot be told. */
  async #look(step: Step): Promise<readonly (readonly [string, Certainty])[] | undefined> {
    if ('write' in step) {
      const { path, owner, group, validate, backup } = step.write;
      if (!isPlain(path) || validate !== undefined || backup) return undefined;
      const before = await this.#unheard.stat(path);
      if (before && (before.type !== 'file' || before.links > 1)) return undefined;
      if ((await this.#unheard.stat(folderOf(path), { follow: true }))?.type !== 'directory') return undefined;
      const keeps = before !== null && this.#touched.get(path)?.owner !== false;
      const isCertain = [owner, group].every((each) => (each === undefined ? keeps : each === 'root'));
      return [[path, { mode: true, owner: isCertain }]];
    }
    if ('remove' in step) {
      const before = isPlain(step.remove) ? await this.#unheard.stat(step.remove) : undefined;
      return before && before.type !== 'directory' ? [[step.remove, { mode: true, owner: true }]] : undefined;
    }
    if (!('run' in step) || step.run.stdin !== undefined || step.run.timeout !== undefined) return undefined;
    const all: (readonly [string, Certainty])[] = [];
    for (const [verb = '', ...words] of commandsOf(step.run) ?? [[]]) {
      const some = await this.#command(verb, words);
      if (!some) return undefined;
      all.push(...some);
    }
    return all;
  }

  async #command(verb: string, words: readonly string[]): Promise<readonly (readonly [string, Certainty])[] | undefined> {
    const { options, operands } = commandOptions(words, own(VALUED, verb));
    const only = (letters: string): boolean => [...options.keys()].every((each) => letters.includes(each));
    switch (verb) {
      case 'install': {
        const certain = { mode: options.has('m'), owner: options.get('o') === 'root' && options.get('g') === 'root' };
        return options.has('d') && only('dmog') ? this.#folders(operands, certain) : undefined;
      }
      case 'mkdir':
        return only('p') ? this.#folders(operands, { mode: false, owner: false }) : undefined;
      case 'ln': {
        const [, path = ''] = operands;
        if (options.get('s') === undefined || !only('sfn') || operands.length !== 2 || !isPlain(path)) return undefined;
        const before = await this.#unheard.stat(path);
        return before && before.type !== 'link' ? undefined : [[path, { mode: false, owner: false, link: true }]];
      }
      case 'chmod':
      case 'chown':
      case 'chgrp': {
        const paths = operands.slice(1);
        if (options.size > 0 || !paths.every(isPlain)) return undefined;
        for (const path of paths) {
          const before = await this.#unheard.stat(path);
          if (!before || before.type === 'link' || (before.type === 'file' && before.links > 1)) return undefined;
        }
        // Not worked out: whoever asks for them comes later.
        return paths.map((path) => [path, { mode: false, owner: false }]);
      }
      case 'groupadd':
        this.#account(['group', 'gshadow'], operands.at(-1) ?? '');
        return operands.length === 1 ? [] : undefined;
      case 'useradd': {
        const [name = ''] = operands;
        const home = options.get('d');
        // Where its home is, and what is put there, is said by files of the host.
        if (operands.length !== 1 || (!options.has('M') && (home === undefined || !isPlain(home)))) return undefined;
        this.#account(['passwd', 'shadow', ...(options.has('g') || options.has('N') ? [] : ['group', 'gshadow'])], name);
        for (const group of options.get('G')?.split(',') ?? []) this.#account(['group', 'gshadow'], group);
        this.#lose([`/var/mail/${name}`, `/var/spool/mail/${name}`, ...(options.has('M') || home === undefined ? [] : [home])]);
        return [];
      }
      default:
        return undefined;
    }
  }

  /** An account is made or changed. */
  #account(databases: readonly string[], name: string): void {
    const entries = databases.map((database) => `${database} ${name}`);
    for (const entry of entries) this.#entries.add(entry);
    this.#fresh.push(...entries);
    this.#lose(ACCOUNT_FILES);
  }

  /** Nothing is certain about these any more. */
  #lose(paths: readonly string[]): void {
    for (const path of paths) this.#unknown.add(path);
    this.#fresh.push(...paths);
  }

  /** New folders, with those above them that come along. */
  async #folders(paths: readonly string[], certain: Certainty): Promise<readonly (readonly [string, Certainty])[] | undefined> {
    const made = new Map<string, Certainty>();
    for (const path of paths) {
      if (!isPlain(path)) return undefined;
      for (let above = folderOf(path); above !== '/' && !made.has(above); above = folderOf(above)) {
        const there = await this.#unheard.stat(above, { follow: true });
        if (there?.type === 'directory') break;
        if (there) return undefined;
        made.set(above, { mode: false, owner: false });
      }
      made.set(path, certain);
    }
    return [...made];
  }
}

/** Whether entries of accounts may be others once this has been touched. */
function saysAccounts(path: string): boolean {
  return SAYS_ACCOUNTS.test(path);
}

/** Whether what a task looked at (a path, an entry of a database) may be another once this has been touched. */
export function mayMatter(touched: Touched, asked: string): boolean {
  if (!asked.startsWith('/')) return touched.saysAccounts || touched.names.includes(asked);
  return touched.names.some((name) => asked === name || asked.startsWith(`${name}/`));
}

/** Refuses a question whose answer is not certain. */
class Uncertain extends TaskFailure {}

/** A property that is not certain. */
const REFUSAL = { enumerable: true, get: (): never => { throw new Uncertain('this is not certain before it is done'); } };

const NAMES = refusals('owner', 'group');
const OWNER = refusals('owner', 'group', 'uid', 'gid');
const MODE = refusals('mode');
const TOUCHED = refusals('mtime', 'inode', 'device');
const COUNTED = refusals('size', 'links');

function refusals(...names: readonly (keyof FileStat)[]): PropertyDescriptorMap {
  return Object.fromEntries(names.map((name) => [name, REFUSAL]));
}

/** An entry that is there, of which nothing is certain. */
const UNCERTAIN_ENTRY = new Proxy<readonly string[]>([], { get: (_entry, name) => (name === 'then' ? undefined : REFUSAL.get()) });

/** An absolute path without anything that would have to be worked out. */
function isPlain(path: string): boolean {
  return path.startsWith('/') && path !== '/' && normalized(path) === path && !path.endsWith('/') && !path.includes('\n');
}

/** What was seen, or will be, without what is not certain about it. */
function masked(stat: FileStat, certain: Certainty | undefined, isNamed: boolean): FileStat {
  const shown = { ...stat };
  if (certain?.mode === false) Object.defineProperties(shown, MODE);
  if (certain?.owner === false) Object.defineProperties(shown, OWNER);
  else if (!isNamed) Object.defineProperties(shown, NAMES);
  if (certain) Object.defineProperties(shown, TOUCHED);
  if (certain && stat.type !== 'file') Object.defineProperties(shown, COUNTED);
  return shown;
}

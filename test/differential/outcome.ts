import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What came of a case: the same for both tools, when they agree. */
export interface Outcome {
  /** `input`: refused before any host was touched, whatever the number. */
  readonly exit: number | 'input';
  /** Plays and tasks in the order they were announced. */
  readonly tasks: readonly string[];
  /** By host, what was said about it, in order: `TASK [name] ok (item=a) {"msg": "a"}`. */
  readonly hosts: Readonly<Record<string, readonly string[]>>;
  /** By host: ok changed unreachable failed skipped rescued ignored. */
  readonly recap: Readonly<Record<string, string>>;
  /** Texts of the written files by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** Reads a run's outcome from text in the shape of ansible-playbook's default output, and from the folder it wrote to. */
export function outcomeOf(text: string, exit: number, folder: string): Outcome {
  const shown = text.replaceAll(folder, '/CASE');
  const reader = new OutputReader();
  for (const line of shown.split('\n')) reader.line(line);
  const { tasks, hosts, recap } = reader;
  const ran = Object.keys(recap).length > 0 || tasks.length > 0;
  return { exit: !ran && exit !== 0 ? 'input' : exit, tasks, hosts, recap, files: filesIn(join(folder, 'work'), '', folder) };
}

const HEADING = /^(PLAY|TASK|RUNNING HANDLER)(?: \[(.*)\])? \*{3,}$/;
const RESULT = /^(ok|changed|skipping|failed|fatal): \[([^\]]*)\]:?(.*)$/;
const INCLUDED = /^included: (.*?) for (.*?)(?: => \(item=(.*)\))?$/;
const RECAP = /^(\S+)\s+: (ok=.*?)\s*$/;
/** What follows a host: an item, and the start of what `debug` shows. */
const SHOWN = /^(?: =>)? ?(?:\(item=(.*?)\) ?)?(?:=> )?(\{.*)?$/s;
const ZERO = / (?:changed|unreachable|failed|skipped|rescued|ignored)=0/g;

/** Reads the output line by line. */
class OutputReader {
  readonly tasks: string[] = [];
  readonly hosts: Record<string, string[]> = {};
  readonly recap: Record<string, string> = {};
  #heading = '';
  /** The host that was spoken of last. */
  #host = '';
  /** By host, how often it gathered facts as a task of its own. */
  readonly #gathered: Record<string, number> = {};
  #open: { readonly what: string; json: string } | undefined;

  line(line: string): void {
    if (this.#open) return this.#continue(this.#open, line);
    const heading = HEADING.exec(line);
    const recap = RECAP.exec(line);
    const included = INCLUDED.exec(line);
    const result = RESULT.exec(line);
    if (heading) this.#head(heading[1] ?? '', heading[2] ?? '');
    else if (recap) this.recap[recap[1] ?? ''] = this.#withoutFacts(recap[1] ?? '', recap[2] ?? '').replace(/\s+/g, ' ').replace(ZERO, '');
    else if (line === '...ignoring') this.#say(this.#host, 'ignoring');
    else if (included) {
      for (const host of (included[2] ?? '').split(', ')) this.#say(host, `included ${included[1]}${included[3] === undefined ? '' : ` (item=${included[3]})`}`);
    } else if (result) this.#result(result[1] ?? '', result[2] ?? '', result[3] ?? '');
  }

  #withoutFacts(host: string, counts: string): string {
    return counts.replace(/ok=(\d+)/, (_, count: string) => `ok=${Number(count) - (this.#gathered[host] ?? 0)}`);
  }

  #head(kind: string, given: string): void {
    // Rollcall calls a module by one name, however it was written.
    const name = given.replace(/(?<=^|: )ansible\.(?:builtin|legacy)\.(?=\w+$)/, '');
    // Facts are gathered when something uses them, and that is no task.
    this.#heading = name === 'Gathering Facts' || kind === '' ? '' : `${kind} [${name}]`;
    // A meta action is announced once for every host, which means nothing.
    if (this.#heading !== '' && !(this.#heading === 'TASK [meta]' && this.tasks.at(-1) === this.#heading)) this.tasks.push(this.#heading);
  }

  #result(word: string, hosts: string, rest: string): void {
    if (this.#heading === '' && word === 'ok') this.#gathered[hosts] = (this.#gathered[hosts] ?? 0) + 1;
    // A meta action that a condition leaves out is not counted, and Rollcall does not tell of it.
    if (this.#heading === '' || (this.#heading === 'TASK [meta]' && word === 'skipping')) return;
    const [host = '', delegate] = hosts.split(' -> ');
    const [, item, json] = SHOWN.exec(rest.trimEnd()) ?? [];
    const verb = rest.includes('UNREACHABLE!') ? 'unreachable' : word === 'fatal' ? 'failed' : word;
    const what = `${verb}${delegate === undefined ? '' : ` on ${delegate.replace(/\(.*\)$/, '')}`}${item === undefined ? '' : ` (item=${item})`}`;
    this.#host = host;
    if (json === '{') this.#open = { what, json };
    else this.#say(host, json === '{}' ? `${what} {}` : what);
  }

  #continue(open: { readonly what: string; json: string }, line: string): void {
    open.json += `\n${line}`;
    if (line !== '}') return;
    this.#open = undefined;
    const shown = JSON.parse(open.json) as object;
    // Only `debug` is asked what it shows; `assert` has its `changed` with it.
    this.#say(this.#host, 'changed' in shown ? open.what : `${open.what} ${JSON.stringify(sorted(shown))}`);
  }

  #say(host: string, what: string): void {
    (this.hosts[host] ??= []).push(`${this.#heading} ${what}`);
  }
}

/** Keys in order; what looks like a number is one: Ansible makes texts of numbers that expressions come to, Rollcall does not. */
function sorted(value: unknown): unknown {
  if (typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value)) return Number(value);
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sorted(each)]));
}

function filesIn(folder: string, prefix: string, root: string): Record<string, string> {
  return Object.fromEntries(readdirSync(join(folder, prefix), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
    const path = join(prefix, entry.name);
    if (entry.isDirectory()) return Object.entries(filesIn(folder, path, root));
    return [[path.replaceAll(root, '/CASE'), readFileSync(join(folder, path), 'utf8').replaceAll(root, '/CASE')]];
  }));
}

/** A secret word in a command: run with its value, shown as `******`. */
export class SecretWord {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}

/** Marks a value as secret inside sh`…`. Prefer stdin: words of a command are visible in the target's process list. */
export function secret(value: string): SecretWord {
  return new SecretWord(value);
}

/** What fits into a hole of sh`…`: a word, several words (a list), another command (inserted as it is), or nothing (`undefined`, `false`). */
export type Hole = string | number | SecretWord | Command | undefined | false | readonly (string | number | SecretWord)[];

/** A POSIX shell command as data: quoted by type, never by care. */
export class Command {
  /** The text for the shell. May contain secrets: never show it. */
  readonly script: string;
  /** The text for people, secrets as `******`. */
  readonly shown: string;
  /** Bytes for the command's standard input; /dev/null without it. Secrets belong here. */
  readonly stdin?: string | Buffer;
  /** Seconds until the command is killed; the transport's default applies without it. */
  readonly timeout?: number;

  constructor(script: string, shown: string, options: { stdin?: string | Buffer; timeout?: number } = {}) {
    this.script = script;
    this.shown = shown;
    if (options.stdin !== undefined) this.stdin = options.stdin;
    if (options.timeout !== undefined) this.timeout = options.timeout;
  }

  /** The same command with standard input or a deadline. */
  with(options: { stdin?: string | Buffer; timeout?: number }): Command {
    const { stdin = this.stdin, timeout = this.timeout } = options;
    return new Command(this.script, this.shown, { ...(stdin !== undefined && { stdin }), ...(timeout !== undefined && { timeout }) });
  }

  toString(): string {
    return this.shown;
  }

  /** Commands in JSON (events, saved plans) are what people may see. */
  toJSON(): string {
    return this.shown;
  }
}

/**
 * Quotes one word for any POSIX shell. Single quotes only: `$'…'` is a syntax error in dash.
 * @throws RangeError when the word has a NUL, which no shell word can hold.
 */
export function quoteWord(word: string): string {
  if (word.includes('\0')) throw new RangeError('a word of a shell command cannot contain a NUL character');
  if (word !== '' && /^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * Builds a command: text is shell, every hole is exactly one quoted word (a list: as many words as items).
 * sh`chkconfig --level ${levels} ${name} on`
 */
export function sh(text: TemplateStringsArray, ...holes: readonly Hole[]): Command {
  let script = text[0] ?? '';
  let shown = script;
  holes.forEach((hole, index) => {
    const after = text[index + 1] ?? '';
    script += holeText(hole, false) + after;
    shown += holeText(hole, true) + after;
  });
  return new Command(script, shown);
}

/** A command from shell text that a person wrote (`shell:`): taken as it is. */
export function rawCommand(script: string): Command {
  return new Command(script, script);
}

function holeText(hole: Hole, masked: boolean): string {
  if (hole === undefined || hole === false) return '';
  if (hole instanceof Command) return masked ? hole.shown : hole.script;
  if (hole instanceof SecretWord) return masked ? '******' : quoteWord(hole.value);
  if (typeof hole === 'object') return hole.map((word) => holeText(word, masked)).join(' ');
  return quoteWord(String(hole));
}

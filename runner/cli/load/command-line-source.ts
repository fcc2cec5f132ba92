import { SourceFile } from '../../source/file.ts';

/** What `rollcall exec` was told, as the person typed it. */
export interface ExecWords {
  readonly pattern: string;
  readonly module: string;
  readonly args: string;
  /** The command stood behind `--`, and no module was named. */
  readonly afterDashes: boolean;
}

/** A stretch of the playbook's text that stands in the command line. */
interface Stretch {
  readonly start: number;
  /** The last place that can be pointed at. */
  readonly end: number;
  /** Where it begins in the command line. */
  readonly shown: number;
  /** It is a JSON string there: an escape is one character here. */
  readonly encoded: boolean;
}

/**
 * A playbook of one task that stands in no file: whatever is wrong in it is shown in the words of the command line. Places in what was
 * made around these words are shown at their beginning.
 */
export class CommandLineSource extends SourceFile {
  readonly #stretches: readonly Stretch[];
  readonly #shown: SourceFile;

  constructor(text: string, shown: string, stretches: readonly Stretch[]) {
    super('command line', text);
    this.#stretches = stretches;
    this.#shown = new SourceFile('command line', shown);
  }

  override position(offset: number): { line: number; column: number } {
    const stretch = this.#stretches.find(({ start, end }) => offset >= start - 1 && offset <= end + 1) ?? this.#stretches[0];
    if (!stretch) return this.#shown.position(0);
    const within = this.text.slice(stretch.start, Math.min(Math.max(offset, stretch.start), stretch.end));
    return this.#shown.position(stretch.shown + (stretch.encoded ? within.replace(/\\(?:u[\da-f]{4}|.)/g, ' ') : within).length);
  }

  override line(number: number): string {
    return this.#shown.line(number);
  }
}

/** The playbook that `rollcall exec` runs; `before` and `after` are what else its task says. */
export function execSource({ pattern, module, args: given, afterDashes }: ExecWords, task: Readonly<Record<string, unknown>>): CommandLineSource {
  const object = isObject(given);
  // YAML is stricter with tabs and line breaks than JSON, and knows no \/.
  const args = object ? given.replace(/[\t\r\n]/g, ' ').replaceAll('\\/', '/') : given;
  const written = { pattern: JSON.stringify(pattern), module: JSON.stringify(module), args: args === '' ? 'null' : object ? args : JSON.stringify(args) };
  const rest = Object.entries(task).map(([key, value]) => `, ${JSON.stringify(key)}: ${JSON.stringify(value)}`).join('');
  const head = `[{"name": ${JSON.stringify(`${module} on ${pattern}`)}, "hosts": `;
  const middle = `${head}${written.pattern}, "gather_facts": false, "tasks": [{"name": ${written.module}, `;
  const text = `${middle}${written.module}: ${written.args}${rest}}]}]`;

  const begin = `rollcall exec ${pattern} `;
  const quote = afterDashes || !/[\s'"{}]/.test(args) ? '' : args.includes("'") ? '"' : "'";
  const named = afterDashes ? `${begin}-- ` : `${begin}-m ${module}${args === '' ? '' : ` -a ${quote}`}`;
  const argsAt = middle.length + written.module.length + 2;
  const stretches: Stretch[] = [
    { start: head.length + 1, end: head.length + written.pattern.length - 2, shown: 'rollcall exec '.length, encoded: true },
    { start: middle.length + 1, end: middle.length + written.module.length - 2, shown: begin.length + (afterDashes ? 0 : '-m '.length), encoded: true },
    ...(args === '' ? [] : [{ start: argsAt + (object ? 0 : 1), end: argsAt + written.args.length - (object ? 0 : 1), shown: named.length, encoded: !object }]),
  ];
  return new CommandLineSource(text, `${named}${args}${quote}`, stretches);
}

/** Parameters may be given as a JSON object. */
function isObject(text: string): boolean {
  if (!/^\s*\{[^]*\}\s*$/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

import { RegexError } from '../../runner/util/python-regex-error.ts';
import { translateRegex } from '../../runner/util/python-regex.ts';

/** What is typed when a pattern appears: the same each time, or one after the other. */
export interface Prompt {
  readonly pattern: string;
  readonly answers: string | readonly string[];
}

/** What to do about output that has come so far. */
export type Reaction = { readonly answer: string; readonly until: number } | { readonly exhausted: string; readonly until: number };

/** Compiles patterns as pexpect does: Python's, with `.` for line breaks, too. @throws RegexError */
function compilePrompts(prompts: readonly Prompt[]): readonly RegExp[] {
  return prompts.map(({ pattern }) => translateRegex(pattern, 's'));
}

/** What is wrong with a pattern; undefined when it is one. */
export function promptError(pattern: string): string | undefined {
  try {
    translateRegex(pattern, 's');
    return undefined;
  } catch (error) {
    if (error instanceof RegexError) return error.message;
    throw error;
  }
}

/** Who asks in a dialogue: looks through output that grows, each part once, and knows how often each pattern was answered. */
export class PromptReader {
  readonly #prompts: readonly Prompt[];
  readonly #patterns: readonly RegExp[];
  readonly #given: number[];
  #from = 0;

  constructor(prompts: readonly Prompt[]) {
    this.#prompts = prompts;
    this.#patterns = compilePrompts(prompts);
    this.#given = prompts.map(() => 0);
  }

  /** The next pattern in the output behind the last one, the first that stands there; undefined when there is none yet. */
  next(output: string): Reaction | undefined {
    const rest = output.slice(this.#from);
    let best: { readonly at: number; readonly end: number; readonly index: number } | undefined;
    for (const [index, pattern] of this.#patterns.entries()) {
      const found = pattern.exec(rest);
      if (found && (best === undefined || found.index < best.at)) best = { at: found.index, end: found.index + found[0].length, index };
    }
    if (!best) return undefined;
    const { pattern = '', answers = '' } = this.#prompts[best.index] ?? {};
    this.#from += best.end;
    const turn = this.#given[best.index] ?? 0;
    this.#given[best.index] = turn + 1;
    const answer = typeof answers === 'string' ? answers : answers[turn];
    return answer === undefined ? { exhausted: pattern, until: this.#from } : { answer: `${answer.replace(/\n+$/, '')}\n`, until: this.#from };
  }
}

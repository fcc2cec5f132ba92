import type { Command } from './command.ts';

const known = new WeakMap<Command, ReturnType<typeof splitCommands>>();

/** `splitCommands` of a command that several ask about. */
export function commandsOf(command: Command): ReturnType<typeof splitCommands> {
  if (!known.has(command)) known.set(command, splitCommands(command.script));
  return known.get(command);
}

/** Words of each command of `a && b; c`; undefined when the script uses more of the shell than quotes. */
export function splitCommands(script: string): readonly (readonly string[])[] | undefined {
  const commands: string[][] = [[]];
  const token = /\s*(?:(&&|;)|((?:[A-Za-z0-9_@%+=:,./{}-]|'[^']*'|\\')+))/y;
  const text = script.trim();
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (!match) return undefined;
    if (match[1] !== undefined) commands.push([]);
    else commands.at(-1)!.push((match[2] ?? '').replace(/'([^']*)'|\\'/g, (_, inner?: string) => inner ?? "'"));
  }
  return commands;
}

/** Letters of the options that take a word, by command. */
export const VALUED: Readonly<Record<string, string>> = { install: 'mog', mkdir: 'm', useradd: 'bcdefgGkKpsuZ', groupadd: 'gKp' };

/** Options of a plain command (long ones as written), those of `valued` with the word that follows them, and its other words. */
export function commandOptions(words: readonly string[], valued = ''): { options: ReadonlyMap<string, string>; operands: readonly string[] } {
  const options = new Map<string, string>();
  const operands: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') {
      operands.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') operands.push(word);
    else if (word.startsWith('--')) options.set(word, '');
    else if (word.length === 2 && valued.includes(word.slice(1))) options.set(word.slice(1), words[++at] ?? '');
    else for (const letter of word.slice(1)) options.set(letter, '');
  }
  return { options, operands };
}

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

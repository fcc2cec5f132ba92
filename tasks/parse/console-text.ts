/** What an init script printed, as a person read it: no colours, no cursor moves, no carriage returns, no trailing blanks. */
export function consoleText(text: string): string {
  return text
    .replace(/\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\x1b[()][A-Z0-9]/g, '')
    .split('\n')
    .map((line) =>
      line
        .replace(/\r+$/, '')
        .replace(/^.*\r(?=.)/, '')
        .trimEnd(),
    )
    .join('\n')
    .trim();
}

/** The last lines of a script's two streams, for the message of a failure. */
export function lastLines(output: { readonly stdout: string; readonly stderr: string }, count = 12): string {
  const lines = [consoleText(output.stdout), consoleText(output.stderr)].filter(Boolean).join('\n').split('\n');
  return lines
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .join('\n');
}

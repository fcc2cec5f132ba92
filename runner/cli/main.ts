import { packageVersion } from '../util/root.ts';
import { openBundle } from './open-bundle.ts';

/** Answers what needs nothing loaded, else hands over to the program. The only place that sets the process's exit code. */
async function main(words: readonly string[]): Promise<void> {
  if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
    process.stdout.write(`rollcall ${packageVersion()}\n`);
    return;
  }
  const { runProgram } = await openBundle().program();
  process.exitCode = await runProgram(words);
}

void main(process.argv.slice(2));

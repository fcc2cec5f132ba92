import { messageOf } from '../event/reduce.ts';
import type { JsonObject } from '../util/json.ts';
import { printable } from './paint.ts';

/** Lines of a command's output that a failure shows without -v. */
const TAIL = 20;

/** Everything a person needs of a failed result: the message in full, then the ends of stdout and stderr unless they are the message. */
export function failureLines(result: JsonObject, verbosity: number): string[] {
  const message = printable(messageOf(result));
  const lines = message.split('\n');
  if (typeof result['help'] === 'string') lines.push(`fix: ${printable(result['help'])}`);
  if (typeof result['rc'] === 'number' && !new RegExp(`(code|rc|status)[ =:]*${result['rc']}\\b`).test(message)) lines.push(`exit code ${result['rc']}`);
  for (const stream of ['stdout', 'stderr']) {
    const text = result[stream];
    if (typeof text !== 'string' || text.trim() === '' || isSaid(text.trim(), message)) continue;
    lines.push(...tail(printable(text.trimEnd()).split('\n'), verbosity > 0 ? Infinity : TAIL).map((line) => `${stream} | ${line}`));
  }
  return lines;
}

function tail(lines: readonly string[], count: number): readonly string[] {
  return lines.length <= count ? lines : [`… (${lines.length - count} earlier lines, shown with -v)`, ...lines.slice(-count)];
}

/** Whether the message repeats an output whole; a short one may stand in it by chance. */
function isSaid(output: string, message: string): boolean {
  return message === output || (output.length >= 20 && message.includes(output));
}

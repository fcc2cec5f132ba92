import type { Command } from '../../runner/task/command.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Actuator } from '../../runner/task/host.ts';
import { consoleText, lastLines } from '../parse/console-text.ts';

/**
 * Runs an init script or a service command; a failure carries the script's own last lines, which say what the exit code cannot.
 * `more` is asked only then, for what the script itself does not print (the journal of a unit).
 */
export async function runScript(host: Actuator, command: Command, what: string, more?: Command): Promise<void> {
  const output = await host.run(command, { ok: 'any', stream: true });
  if (output.code === 0) return;
  const said = lastLines(output);
  const beside = more === undefined ? '' : await host.read(more, (answer) => lastLines(answer, 20));
  const reason = [said, beside].filter(Boolean).join('\n');
  throw new TaskFailure(`${what}: ${command.shown} exited with ${output.code}${reason ? `:\n${reason}` : ' and said nothing'}`, {
    rc: output.code,
    stdout: consoleText(output.stdout),
    stderr: consoleText(output.stderr),
  });
}

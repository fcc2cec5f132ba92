import type { z } from 'zod';
import { defineControl } from '../../runner/task/control.ts';
import { Amount, Flag, Text, params } from '../../runner/task/params.ts';

const schema = params({
  seconds: Amount.optional().describe('How long.'),
  minutes: Amount.optional().describe('How long.'),
  prompt: Text.optional().describe('What to ask; with a time, what to say.'),
  echo: Flag.default(true).describe('Show what is typed.'),
}).refine((given) => given.seconds === undefined || given.minutes === undefined, "parameters are mutually exclusive: minutes|seconds");

/** Waits for a time or a person. */
export default defineControl<z.output<typeof schema>>({
  name: 'pause',
  summary: 'Waits for a time, or for a person to press return.',
  description: 'Once for all hosts. Without a terminal there is nobody to ask: the run goes on with a warning.',
  examples: `
- pause: { seconds: 30 }
- pause: { prompt: Is the other node down? Press return }
`,
  params: schema,
  once: true,
  async act({ seconds, minutes, prompt, echo }, control) {
    const begin = new Date();
    const duration = seconds ?? (minutes === undefined ? undefined : minutes * 60);
    let input = '';
    if (duration !== undefined) {
      if (prompt !== undefined) control.note('info', prompt);
      if (!control.check) await control.sleep(Math.max(0, duration));
    } else if (!control.check) {
      const answer = await control.prompt(prompt ?? 'Press enter to continue, Ctrl+C to interrupt', echo);
      if (answer === undefined) control.note('warning', 'Not waiting for response to prompt as stdin is not interactive');
      input = answer ?? '';
    }
    const end = new Date();
    const delta = Math.round((end.getTime() - begin.getTime()) / 1000);
    return { start: begin.toISOString(), stop: end.toISOString(), delta, echo, user_input: input, rc: 0, stderr: '', stdout: duration === undefined ? '' : `Paused for ${minutes === undefined ? `${duration} seconds` : `${minutes} minutes`}` };
  },
});

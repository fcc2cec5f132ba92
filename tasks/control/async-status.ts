import { z } from 'zod';
import { defineControl } from '../../runner/task/control.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Text, params } from '../../runner/task/params.ts';

const schema = params({
  jid: Text.describe('The `ansible_job_id` that the task in the background registered.'),
  mode: z.enum(['status', 'cleanup']).default('status').describe('Ask, or forget the job.'),
});

/** Asks for a task in the background. */
export default defineControl<z.output<typeof schema>>({
  name: 'async_status',
  summary: 'Says whether a task with `async` and `poll: 0` has ended, and how.',
  examples: `
- async_status: { jid: "{{ job.ansible_job_id }}" }
  register: job_result
  until: job_result.finished
  retries: 30
  delay: 10
`,
  params: schema,
  act({ jid, mode }, control) {
    const job = control.job(jid, mode === 'cleanup');
    if (!job) throw new TaskFailure('could not find job', { ansible_job_id: jid, started: 1, finished: 1 });
    if (mode === 'cleanup') return { ansible_job_id: jid, erased: jid };
    const about = { ansible_job_id: jid, started: 1, finished: job.result ? 1 : 0 };
    if (job.result?.['failed'] === true) throw new TaskFailure(typeof job.result['msg'] === 'string' ? job.result['msg'] : 'the job failed', { ...job.result, ...about });
    return { ...job.result, ...about };
  },
});

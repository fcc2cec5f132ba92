import { Deadline } from '../../transport/cancellation.ts';
import { integer } from './keywords.ts';
import type { Call } from '../call/call.ts';
import { callModule } from '../call/call-module.ts';
import { stateOf } from '../batch.ts';
import { evaluate } from '../vars/evaluate.ts';
import { resultOfError } from './failures.ts';
import { failedResult, type Result } from '../call/result.ts';

/** A task that runs in the background (`async` with `poll: 0`) of one host. */
export interface Job {
  /** Undefined while it runs. */
  result: Result | undefined;
  /** Settles with the job, and never rejects. */
  readonly done: Promise<void>;
}

/** Seconds that Ansible's watch over a job in the background is late at most: playbooks rely on them for `async: 1` and a reboot. */
const GRACE = 5;

/** Calls a module as the task's `async` and `poll` say: with a deadline, or in the background on a connection of its own. */
export async function callInTime(call: Call): Promise<Result> {
  const { node, batch, scope, signal } = call;
  if (node.async === undefined) return callModule(call);
  const place = { scope, environment: batch.context.environment };
  const [limit, poll] = await evaluate(batch, signal, () => [integer(node.async, place, 0), integer(node.poll, place, 15)] as const);
  if (limit <= 0 || call.check || call.module.kind === 'control') return callModule(call);
  const id = `j${Math.floor(Math.random() * 1e12)}.${process.pid}`;
  if (poll > 0) {
    const result = await inTime(call, limit, limit);
    return { ...result, json: { ...result.json, ansible_job_id: id, started: 1, finished: 1 } };
  }
  const job: Job = {
    result: undefined,
    done: inTime({ ...call, signal: batch.context.signal, access: () => call.access(id) }, limit + GRACE, limit).then((result) => void (job.result = result)),
  };
  stateOf(batch, call.host).jobs.set(id, job);
  return { status: 'changed', json: { changed: true, failed: false, ansible_job_id: id, started: 1, finished: 0 }, changes: [] };
}

async function inTime(call: Call, seconds: number, said: number): Promise<Result> {
  const deadline = new Deadline(seconds * 1000, call.signal);
  try {
    return await callModule({ ...call, signal: deadline.signal });
  } catch (error) {
    if (deadline.passed && !call.signal.aborted) return failedResult(`async task did not complete within the requested time - ${said}s`);
    return resultOfError(error, { timeout: 0, timedOut: false });
  } finally {
    deadline.close();
  }
}

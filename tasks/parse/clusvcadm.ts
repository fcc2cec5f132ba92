import type { Output } from '../../runner/task/host.ts';
import { consoleText } from './console-text.ts';

/** rgmanager's answers by exit code (its code modulo 256), and what a person can do. */
const ANSWERS: Readonly<Record<number, string>> = {
  255: 'failure',
  254: 'aborted: the service failed',
  253: 'the service is not mastered locally',
  252: 'the service does not exist',
  251: 'the operation would deadlock',
  250: 'temporary failure: try again',
  249: 'the operation violates a dependency rule',
  248: 'invalid operation: the service is disabled (enable it instead)',
  247: 'the cluster has no quorum',
  245: 'the service is frozen',
  244: 'the target node is dead',
  243: 'fencing is pending: nothing starts before the dead node is fenced',
  241: 'the service is not runnable: no allowed node is there',
  240: 'the service is exclusive and cannot run beside another',
  239: 'failed; the service runs on its former owner again',
  238: 'permission denied',
  1: 'rgmanager does not answer on this node',
};

/** What `clusvcadm` did. */
export interface ClusvcadmAnswer {
  readonly ok: boolean;
  /** Why not, in words. */
  readonly reason: string;
  /** Where the service runs now, if it said so: a relocation may end elsewhere and still exit with 0. */
  readonly runsOn: string | undefined;
}

/** Reads the answer of clusvcadm. */
export function parseClusvcadm({ code, stdout, stderr }: Output): ClusvcadmAnswer {
  const text = consoleText(`${stdout}\n${stderr}`);
  const runsOn = /is now running on (\S+)/.exec(text)?.[1];
  const fuzzy = /'([^']+)' not in membership list/.exec(text);
  if (fuzzy) return { ok: false, reason: `'${fuzzy[1]}' is no member, and clusvcadm took the closest name instead`, runsOn };
  const said = /\.\.\.(.+)$/m.exec(text)?.[1];
  const reason = ANSWERS[code] ?? `exit code ${code}`;
  return { ok: code === 0, reason: said !== undefined && said !== 'Success' ? `${reason} (${said})` : reason, runsOn };
}

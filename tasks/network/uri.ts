import { posix } from 'node:path';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { performSteps } from '../../runner/task/perform.ts';
import { attributeChanges, attributeCommands } from '../files/common/attributes.ts';
import { lookAt, type Target } from '../files/common/target.ts';
import type { HttpAnswer } from '../parse/http-answer.ts';
import { uriParams, type UriParams } from './uri-params.ts';
import { answered, isSafe, request, told } from './uri-request.ts';

interface Seen {
  /** Where the answer goes. */
  readonly target?: Target;
  /** The file there is what the server has. */
  readonly same?: boolean;
  /** Why nothing is asked. */
  readonly skipped?: string;
  /** The answer, where asking changes nothing. */
  readonly answer?: HttpAnswer;
}

/** Asks a web server. */
export default defineTask<UriParams, Seen>({
  name: 'uri',
  summary: "Asks a web server from the host, by the host's curl.",
  description: `GET and HEAD only look: they are asked in check mode, too. Any other method is told in check mode, and done once in a run.
The task never counts as changed; say so with \`changed_when\` where it does.`,
  examples: `
- uri: { url: 'http://localhost:8080/health', status_code: [200, 204] }
  register: health
  until: health.status == 200
  retries: 10
- uri: { url: 'http://localhost:8080/users', method: POST, body_format: json, body: { name: app }, status_code: 201 }
`,
  params: uriParams,
  volatile: true,
  async prepare(given, controller) {
    if (given.src === undefined || given.remote_src) return given;
    const bytes = await controller.readFile(await controller.find(given.src, 'files'));
    const sent = bytes.toString();
    if (!Buffer.from(sent).equals(bytes)) throw new TaskFailure(`${given.src} is no text: copy it to the host first, and say remote_src`);
    return { ...given, sent };
  },
  async probe(given, host) {
    if (given.creates !== undefined && (await host.stat(given.creates)) !== null) return { skipped: `skipped, since '${given.creates}' exists` };
    if (given.removes !== undefined && (await host.stat(given.removes)) === null) return { skipped: `skipped, since '${given.removes}' does not exist` };
    if (given.dest !== undefined) return lookAtFile(given, given.dest, host);
    return isSafe(given) ? { answer: await host.read(request(given), (output) => answered(output, given)) } : {};
  },
  plan(given, { skipped, answer, target, same }): readonly Change[] {
    if (answer) told(given, answer);
    if (skipped !== undefined || answer) return [];
    if (target === undefined) return [change('request', ABSENT, `${given.method} ${given.url}`, [request(given)], { repeats: true, waits: true })];
    if (same && target.stat) return attributeChanges(target.path, target.stat, given, { context: target.context });
    return [change('content', target.stat === null ? ABSENT : 'another', given.url, [request(given, target.path)], given.method === 'GET' ? {} : { repeats: true, waits: true })];
  },
  async apply(planned, host, given) {
    if (planned.aspect !== 'content' || given.dest === undefined) {
      if (planned.aspect === 'request') return told(given, answered(await host.run(request(given), { ok: 'any' }), given));
      return performSteps(planned.steps, host);
    }
    const target = await destination(given, given.dest, host);
    const part = `${target.path}.rollcall-part`;
    const answer = answered(await host.run(request(given, part), { ok: 'any' }), given);
    try {
      const result = told({ ...given, return_content: false }, answer);
      const { mode, owner, group } = { mode: given.mode ?? target.stat?.mode ?? '0644', owner: given.owner ?? target.stat?.owner, group: given.group ?? target.stat?.group };
      for (const command of attributeCommands([part], { ...given, mode, owner, group }, '0644', false)) await host.run(command);
      await host.run(sh`mv -f ${part} ${target.path}`);
      return { ...result, path: target.path };
    } finally {
      await host.run(sh`rm -f ${part}`);
    }
  },
  result: (given, { skipped, answer, target }) => (answer ? told(given, answer) : skipped !== undefined ? { msg: skipped, skipped: true } : target ? { path: target.path, url: given.url } : {}),
});

async function destination(given: UriParams, dest: string, host: Observer): Promise<Target> {
  const target = await lookAt(dest, host, given);
  if (target.stat?.type !== 'directory') return target;
  return lookAt(posix.join(target.path, posix.basename(given.url.replace(/[?#].*$/s, '')) || 'index.html'), host, given);
}

/** A file that is there is compared with what the server has, if asking for that changes nothing. */
async function lookAtFile(given: UriParams, dest: string, host: Observer): Promise<Seen> {
  const target = await destination(given, dest, host);
  if (target.stat === null || given.method !== 'GET') return { target };
  const asked = request(given, '-');
  const same = await host.read(sh`${asked} 2>/dev/null | sha256sum; sha256sum ${target.path}`.with({ ...(asked.stdin !== undefined && { stdin: asked.stdin }), timeout: given.timeout + 10 }), ({ stdout }) => {
    const [theirs, mine] = stdout.split('\n').map((line) => line.replace(/^\\/, '').split(' ')[0]);
    return theirs === mine;
  });
  return { target, same };
}

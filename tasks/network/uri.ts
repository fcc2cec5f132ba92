import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Whole, params } from '../../runner/task/params.ts';
import { spacedJson, type Json, type JsonObject } from '../../runner/util/json.ts';
import { parseHttpAnswer, TRAILER, type HttpAnswer } from '../parse/http-answer.ts';
import { curlConfig, curlQuoted, requestFields } from './common/download.ts';

const schema = params({
  url: Text.describe('The address to ask.'),
  method: z.string().transform((word) => word.toUpperCase()).pipe(z.string().regex(/^[A-Z]+$/, 'must be a word such as GET or POST')).default('GET').describe('GET, HEAD, POST, PUT, PATCH, DELETE …'),
  body: z.json().optional().describe('What to send: a text, or data that `body_format` says how to write.'),
  body_format: z.enum(['raw', 'json', 'form-urlencoded']).default('raw').describe('How data is written, and which Content-Type goes with it.'),
  status_code: z.union([z.number(), z.string(), z.array(Whole)]).transform((given) => (typeof given === 'object' ? given : String(given).split(',').map(Number))).default([200]).describe('Answers that are right.'),
  return_content: Flag.default(false).describe('Put the answer into the result as `content`; `json` is there in any case.'),
  follow_redirects: z.enum(['safe', 'all', 'none', 'urllib2', 'yes', 'no']).default('safe').describe('safe: for GET and HEAD only.'),
  creates: Text.optional().describe('Nothing is asked when this path exists.'),
  removes: Text.optional().describe('Nothing is asked when this path does not exist.'),
  unix_socket: Text.optional().describe('Socket to ask through.'),
  ...requestFields,
  timeout: Whole.default(30).describe('Seconds until the answer must be there.'),
  url_username: Text.optional().meta({ aliases: ['user'] }).describe('User name for the server.'),
  url_password: Text.optional().meta({ aliases: ['password'] }).describe('Password for the server; never stands in a command.'),
});
type Params = z.output<typeof schema>;

interface Seen {
  /** Why nothing is asked. */
  readonly skipped?: string;
  /** The answer, where asking changes nothing. */
  readonly answer?: HttpAnswer;
}

const isSafe = ({ method }: Params): boolean => method === 'GET' || method === 'HEAD';

function content({ body, body_format: format }: Params): { readonly text?: string; readonly type?: string } {
  if (body === undefined) return {};
  if (format === 'json') return { text: typeof body === 'string' ? body : spacedJson(body as Json), type: 'application/json' };
  if (format === 'form-urlencoded' && typeof body === 'object' && body !== null) {
    const pairs = Object.entries(body).flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((each): [string, string] => [name, typeof each === 'string' ? each : spacedJson(each as Json)]));
    return { text: new URLSearchParams(pairs).toString(), type: 'application/x-www-form-urlencoded' };
  }
  return { text: typeof body === 'string' ? body : spacedJson(body as Json), ...(format === 'form-urlencoded' && { type: 'application/x-www-form-urlencoded' }) };
}

/** The request; everything that may be secret goes by stdin. */
function request(given: Params): Command {
  const { text, type } = content(given);
  const typed = type !== undefined && !Object.keys(given.headers).some((name) => name.toLowerCase() === 'content-type');
  const config = curlConfig({ ...given, headers: { ...(typed && { 'Content-Type': type }), ...given.headers } }) + (text === undefined ? '' : `data-binary = ${curlQuoted(text)}\n`);
  const follow = ['all', 'yes'].includes(given.follow_redirects) || (given.follow_redirects !== 'none' && given.follow_redirects !== 'no' && isSafe(given));
  const words = [
    ...(given.method === 'HEAD' ? ['-I'] : ['-D', '-', '-X', given.method]),
    ...(follow ? ['-L'] : []),
    ...(given.validate_certs ? [] : ['-k']),
    ...(given.use_proxy ? [] : ['--noproxy', '*']),
    ...(given.unix_socket === undefined ? [] : ['--unix-socket', given.unix_socket]),
  ];
  return sh`curl -sS -m ${given.timeout} -A ${given.http_agent} ${words} -w ${TRAILER} -K - ${given.url}`.with({ stdin: config, timeout: given.timeout + 10 });
}

function answered({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }, { url }: Params): HttpAnswer {
  const answer = parseHttpAnswer(stdout);
  if (answer) return answer;
  if (code === 127) throw new TaskFailure('the host has no curl, which uri needs; install it first');
  throw new TaskFailure(`Status code was -1 and not [200]: Request failed: ${stderr.trim() || `curl exits with ${code}`}`, { status: -1, url });
}

/** What is registered. @throws TaskFailure when the answer is none of the right ones */
function told(given: Params, { status, headers, body, url }: HttpAnswer): JsonObject {
  const fields = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replaceAll('-', '_'), value]));
  const json = /\bjson\b/.test(headers['content-type'] ?? '') ? parsed(body) : undefined;
  const right = given.status_code.includes(status);
  const result = { ...fields, status, url, redirected: url !== given.url, ...(json !== undefined && { json }), ...((given.return_content || !right) && { content: body }) };
  if (!right) throw new TaskFailure(`Status code was ${status} and not [${given.status_code.join(', ')}]`, result);
  return { ...result, msg: `OK (${headers['content-length'] ?? 'unknown'} bytes)` };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Asks a web server. */
export default defineTask<Params, Seen>({
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
  params: schema,
  volatile: true,
  async probe(given, host) {
    if (given.creates !== undefined && (await host.stat(given.creates)) !== null) return { skipped: `skipped, since '${given.creates}' exists` };
    if (given.removes !== undefined && (await host.stat(given.removes)) === null) return { skipped: `skipped, since '${given.removes}' does not exist` };
    return isSafe(given) ? { answer: await host.read(request(given), (output) => answered(output, given)) } : {};
  },
  plan(given, { skipped, answer }): readonly Change[] {
    if (answer) told(given, answer);
    return skipped !== undefined || answer ? [] : [change('request', ABSENT, `${given.method} ${given.url}`, [request(given)], { repeats: true, waits: true })];
  },
  apply: async (_, host, given) => told(given, answered(await host.run(request(given), { ok: 'any' }), given)),
  result: (given, { skipped, answer }) => (answer ? told(given, answer) : skipped === undefined ? {} : { msg: skipped, skipped: true }),
});

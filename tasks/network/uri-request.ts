import { sh, type Command } from '../../runner/task/command.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { spacedJson, type Json, type JsonObject } from '../../runner/util/json.ts';
import { parseHttpAnswer, TRAILER, type HttpAnswer } from '../parse/http-answer.ts';
import { curlConfig, curlQuoted } from './common/download.ts';
import type { UriParams } from './uri-params.ts';

/** Asking changes nothing: it is part of the look. */
export const isSafe = ({ method, dest }: UriParams): boolean => dest === undefined && (method === 'GET' || method === 'HEAD');

function content({ body, src, sent, body_format: format }: UriParams): { readonly text?: string; readonly type?: string } {
  if (src !== undefined) return { ...(sent !== undefined && { text: sent }), ...(format !== 'raw' && { type: format === 'json' ? 'application/json' : 'application/x-www-form-urlencoded' }) };
  if (body === undefined) return {};
  if (format === 'json') return { text: typeof body === 'string' ? body : spacedJson(body as Json), type: 'application/json' };
  if (format === 'form-urlencoded' && typeof body === 'object' && body !== null) {
    const pairs = Object.entries(body).flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((each): [string, string] => [name, typeof each === 'string' ? each : spacedJson(each as Json)]));
    return { text: new URLSearchParams(pairs).toString(), type: 'application/x-www-form-urlencoded' };
  }
  return { text: typeof body === 'string' ? body : spacedJson(body as Json), ...(format === 'form-urlencoded' && { type: 'application/x-www-form-urlencoded' }) };
}

/** The request; everything that may be secret goes by stdin. `output`: file for the body of the answer; `-`: nothing but the body is printed. */
export function request(given: UriParams, output?: string): Command {
  const { text, type } = content(given);
  const sent = given.src !== undefined && given.remote_src ? `@${given.src}` : text;
  const typed = type !== undefined && !Object.keys(given.headers).some((name) => name.toLowerCase() === 'content-type');
  const headers = { ...(typed && { 'Content-Type': type }), ...(given.force && { 'Cache-Control': 'no-cache' }), ...given.headers };
  const config = curlConfig({ ...given, headers }) + (sent === undefined ? '' : `data-binary = ${curlQuoted(sent)}\n`);
  const follow = ['all', 'yes'].includes(given.follow_redirects) || (given.follow_redirects !== 'none' && given.follow_redirects !== 'no' && ['GET', 'HEAD'].includes(given.method));
  const words = [
    ...(given.method === 'HEAD' ? ['-I'] : [...(output === '-' ? [] : ['-D', '-']), '-X', given.method]),
    ...(follow ? ['-L'] : []),
    ...(given.validate_certs ? [] : ['-k']),
    ...(given.use_proxy ? [] : ['--noproxy', '*']),
    ...(given.ca_path === undefined ? [] : ['--cacert', given.ca_path]),
    ...(output === undefined ? [] : ['-o', output]),
    ...(given.unix_socket === undefined ? [] : ['--unix-socket', given.unix_socket]),
    ...(output === '-' ? [] : ['-w', TRAILER]),
  ];
  return sh`curl -sS -m ${given.timeout} -A ${given.http_agent} ${words} -K - ${given.url}`.with({ stdin: config, timeout: given.timeout + 10 });
}

/** What curl got. @throws TaskFailure when there was no answer */
export function answered({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }, { url }: UriParams): HttpAnswer {
  const answer = parseHttpAnswer(stdout);
  if (answer) return answer;
  if (code === 127) throw new TaskFailure('the host has no curl, which uri needs; install it first');
  throw new TaskFailure(`Status code was -1 and not [200]: Request failed: ${stderr.trim() || `curl exits with ${code}`}`, { status: -1, url });
}

/** What is registered. @throws TaskFailure when the answer is none of the right ones */
export function told(given: UriParams, { status, headers, body, url }: HttpAnswer): JsonObject {
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

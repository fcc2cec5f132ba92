import { z } from 'zod';
import { Flag, Text, Whole, params } from '../../runner/task/params.ts';
import { attributeFields } from '../files/common/attributes.ts';
import { requestFields } from './common/download.ts';

/** Parameters of `uri`, as in Ansible. */
export const uriParams = params({
  url: Text.describe('The address to ask.'),
  method: z.string().transform((word) => word.toUpperCase()).pipe(z.string().regex(/^[A-Z]+$/, 'must be a word such as GET or POST')).default('GET').describe('GET, HEAD, POST, PUT, PATCH, DELETE …'),
  body: z.json().optional().describe('What to send: a text, or data that `body_format` says how to write.'),
  body_format: z.enum(['raw', 'json', 'form-urlencoded']).default('raw').describe('How data is written, and which Content-Type goes with it.'),
  status_code: z.union([z.number(), z.string(), z.array(Whole)]).transform((given) => (typeof given === 'object' ? given : String(given).split(',').map(Number))).default([200]).describe('Answers that are right.'),
  return_content: Flag.default(false).describe('Put the answer into the result as `content`; `json` is there in any case.'),
  follow_redirects: z.enum(['safe', 'all', 'none', 'urllib2', 'yes', 'no']).default('safe').describe('safe: for GET and HEAD only.'),
  dest: Text.optional().describe('File on the host for the answer, or a folder: then it is called as the last part of the URL. The task has changed when the file has.'),
  src: Text.optional().describe('File to send; on the controller, or on the host with `remote_src`. Of the controller only texts.'),
  remote_src: Flag.default(false).describe('Whether `src` is a path on the host.'),
  ca_path: Text.optional().describe('File on the host with the certificates that count as right.'),
  force: Flag.default(false).meta({ aliases: ['thirsty'] }).describe('Ask that no cache answers.'),
  creates: Text.optional().describe('Nothing is asked when this path exists.'),
  removes: Text.optional().describe('Nothing is asked when this path does not exist.'),
  unix_socket: Text.optional().describe('Socket to ask through.'),
  ...requestFields,
  timeout: Whole.default(30).describe('Seconds until the answer must be there.'),
  url_username: Text.optional().meta({ aliases: ['user'] }).describe('User name for the server.'),
  url_password: Text.optional().meta({ aliases: ['password'] }).describe('Password for the server; never stands in a command.'),
  ...attributeFields,
}).refine(({ body, src }) => body === undefined || src === undefined, { error: "'body' and 'src' exclude each other" });
/** Validated parameters of `uri`; of a file on the controller its text. */
export type UriParams = z.output<typeof uriParams> & { readonly sent?: string };

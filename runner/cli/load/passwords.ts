import { resolve } from 'node:path';
import { InputError, problem } from '../../source/diagnostic.ts';
import type { FileReader } from '../../source/reader.ts';
import type { BecomeOptions, ConnectionOptions } from '../options.ts';
import { askSecret } from '../prompt.ts';

/** Passwords of the command line. */
export interface Passwords {
  readonly connection?: string;
  readonly become?: string;
}

/** Reads or asks for the passwords that were announced (`-k`, `-K`, password files). An empty answer to `-K` means the login password. */
export async function readPasswords(options: { connection: ConnectionOptions; become: BecomeOptions }, files: FileReader, ask: typeof askSecret = askSecret): Promise<Passwords> {
  const { connection, become } = options;
  const login = connection.askPass ? await ask('SSH password: ', 'use --connection-password-file') : stored(connection.passwordFile, files);
  const hint = login === undefined ? '' : ' [defaults to SSH password]';
  const typed = become.askPass ? await ask(`BECOME password${hint}: `, 'use --become-password-file') : stored(become.passwordFile, files);
  const raised = typed === '' ? login : typed;
  return { ...(login !== undefined && { connection: login }), ...(raised !== undefined && { become: raised }) };
}

function stored(file: string | undefined, files: FileReader): string | undefined {
  if (file === undefined) return undefined;
  const path = resolve(file);
  if (files.isExecutable(path)) {
    const { code, stdout, stderr } = files.run(path, []);
    // What it printed may be half a password: only its standard error is repeated.
    if (code !== 0) throw new InputError([problem('password-file', `the password program '${file}' ended with exit code ${code}: ${stderr.trim()}`)]);
    return firstLine(stdout);
  }
  const text = files.read(path);
  if (text === undefined) throw new InputError([problem('password-file', `there is no password file '${file}'`)]);
  return firstLine(text);
}

function firstLine(text: string): string {
  return text.split(/\r?\n/)[0] ?? '';
}

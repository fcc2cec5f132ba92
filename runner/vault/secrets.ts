import type { FileReader } from '../source/reader.ts';
import { resolvePath } from '../util/posix-path.ts';
import { VaultError, type VaultSecret } from './vault.ts';

/** Asks a person for a password without showing it. */
export type AskPassword = (prompt: string) => Promise<string>;

/** Where vault passwords come from. */
export interface SecretSource {
  readonly id: string;
  /** A path, or `prompt` (`prompt_ask_vault_pass` is Ansible's other word for it). */
  readonly from: string;
}

/** Reads `--vault-id LABEL@SOURCE`; without a label it is `default`. */
export function parseVaultId(text: string): SecretSource {
  const at = text.indexOf('@');
  return at === -1 ? { id: 'default', from: text } : { id: text.slice(0, at) || 'default', from: text.slice(at + 1) };
}

/**
 * Gets the passwords of sources, in order: a file's content without the white space around it, what an executable prints,
 * or what a person types. A program whose name ends in `-client` is told the label with `--vault-id`.
 */
export async function readVaultSecrets(sources: readonly SecretSource[], context: { files: FileReader; cwd: string; ask: AskPassword }): Promise<readonly VaultSecret[]> {
  const secrets: VaultSecret[] = [];
  for (const { id, from } of sources) {
    const prompt = id === 'default' ? 'Vault password: ' : `Vault password (${id}): `;
    const password = isPrompt(from) ? (await context.ask(prompt)).trim() : stored(id, resolvePath(context.cwd, from), context.files);
    if (password === '') throw new VaultError('no-password', `the vault password from '${from}' is empty`);
    secrets.push({ id, password: Buffer.from(password, 'utf8') });
  }
  return secrets;
}

function isPrompt(from: string): boolean {
  return from === 'prompt' || from === 'prompt_ask_vault_pass';
}

function stored(id: string, path: string, files: FileReader): string {
  if (files.isExecutable(path)) return printed(id, path, files);
  const text = files.read(path);
  if (text === undefined) throw new VaultError('no-password', `there is no vault password file '${path}'`);
  return text.trim();
}

function printed(id: string, path: string, files: FileReader): string {
  const isClient = /-client(?:\.[^./]*)?$/.test(path);
  const { code, stdout, stderr } = files.run(path, isClient ? ['--vault-id', id] : []);
  // Its output may be half a password: only what it said on standard error is repeated.
  if (code !== 0) throw new VaultError('no-password', `the vault password program '${path}' ended with exit code ${code}: ${stderr.trim()}`);
  return stdout.replace(/^[\r\n]+|[\r\n]+$/g, '');
}

import { ConcealedFile } from '../source/concealed-file.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { problem } from '../source/diagnostic.ts';
import { SourceFile } from '../source/file.ts';

/** Turns the text of a vaulted file into its content; throws when it cannot. */
export type Decrypt = (text: string, path: string) => string;

const VAULT = /^\$ANSIBLE_VAULT;/;

/** A text as a source file; a vaulted one is decrypted and will not be shown. Undefined, with a diagnostic, when that cannot be done. */
export function sourceFile(label: string, text: string, path: string, decrypt: Decrypt | undefined, diagnostics: Diagnostic[]): SourceFile | undefined {
  const file = new SourceFile(label, text);
  if (!VAULT.test(text)) return file;
  const head = { file, start: 0, end: file.line(1).length };
  if (!decrypt) {
    diagnostics.push(problem('vault-password', `${label} is encrypted and there is no vault password`, head, 'give --vault-password-file or --ask-vault-pass'));
    return undefined;
  }
  try {
    return new ConcealedFile(label, decrypt(text, path));
  } catch (error) {
    diagnostics.push(problem('vault', `${label} cannot be decrypted: ${(error as Error).message}`, head));
    return undefined;
  }
}

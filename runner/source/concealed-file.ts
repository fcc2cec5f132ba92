import { SourceFile } from './file.ts';

/** The decrypted content of a vaulted file: it has places like any other file, but no excerpt ever shows its lines. */
export class ConcealedFile extends SourceFile {
  override line(): string {
    return '(encrypted)';
  }
}

import { ConcealedFile } from './concealed-file.ts';
import { SourceFile } from './file.ts';
import type { FileReader } from './reader.ts';

/** A file of the controller as a source file, undefined when there is none; one that was decrypted on the way will not be shown. */
export function readSource(files: FileReader, path: string): SourceFile | undefined {
  const own = files.source?.(path);
  if (own) return own;
  const text = files.read(path);
  if (text === undefined) return undefined;
  return files.concealed?.(path) === true ? new ConcealedFile(path, text) : new SourceFile(path, text);
}

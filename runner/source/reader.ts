import type { SourceFile } from './file.ts';

/** Read access to the controller's files, injected into the pure stages (inventory, playbook, roles) so that tests need no disk. Paths are absolute. */
export interface FileReader {
  /** The text of a file (UTF-8), or undefined when there is none. @throws when it exists and cannot be read. */
  read(path: string): string | undefined;
  /** The source of a text that stands in no file: what was given on the command line. */
  source?(path: string): SourceFile | undefined;
  /** True for a file whose text was decrypted on the way: nothing of it may be shown. */
  concealed?(path: string): boolean;
  /** Names in a folder, sorted, or undefined when it is none. */
  list(path: string): readonly string[] | undefined;
  isDirectory(path: string): boolean;
  isExecutable(path: string): boolean;
  /** Runs a program of the controller (executable inventories, vault password scripts). */
  run(path: string, args: readonly string[]): { readonly code: number; readonly stdout: string; readonly stderr: string };
}

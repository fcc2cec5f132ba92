import type { FileReader } from '../source/reader.ts';
import { isVault } from '../vault/vault.ts';
import type { Keyring } from '../vault/keyring.ts';

/** A reader to whom vaulted files are plain text: everything above it need not know which files are encrypted. */
export function vaultReader(files: FileReader, keys: Keyring): FileReader {
  return {
    read(path) {
      const text = files.read(path);
      return text !== undefined && isVault(text) ? keys.decrypt(text) : text;
    },
    list: (path) => files.list(path),
    isDirectory: (path) => files.isDirectory(path),
    isExecutable: (path) => files.isExecutable(path),
    run: (path, args) => files.run(path, args),
  };
}

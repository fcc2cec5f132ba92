import type { FileReader } from '../../source/reader.ts';
import { isVault } from '../../vault/vault.ts';
import type { Keyring } from '../../vault/keyring.ts';

/** A reader to whom vaulted files are plain text: everything above it need not know which files are encrypted. */
export function vaultReader(files: FileReader, keys: Keyring): FileReader {
  const concealed = new Set<string>();
  return {
    read(path) {
      const text = files.read(path);
      if (text === undefined || !isVault(text)) return text;
      concealed.add(path);
      return keys.decrypt(text);
    },
    source: (path) => files.source?.(path),
    concealed: (path) => concealed.has(path),
    list: (path) => files.list(path),
    isDirectory: (path) => files.isDirectory(path),
    isExecutable: (path) => files.isExecutable(path),
    run: (path, args) => files.run(path, args),
  };
}

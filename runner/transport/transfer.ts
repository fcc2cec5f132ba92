import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { quoteWord } from '../task/command.ts';
import { TaskFailure } from '../task/failure.ts';
import type { HostAccess } from './access.ts';
import type { StreamedInput } from './shell.ts';

/** Seconds a download may take. */
const LONGEST = 6 * 3600;
const NO_FILE = 44;

/** A file of the controller as a stream of known size. @throws TaskFailure when it cannot be read */
export async function localFile(path: string): Promise<StreamedInput> {
  const facts = await stat(path).catch((error: unknown) => {
    throw new TaskFailure(`cannot read ${path} on the controller: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (!facts.isFile()) throw new TaskFailure(`${path} on the controller is not a regular file`);
  // Opened when it is asked for: an effect that fails before leaves nothing open.
  return { size: facts.size, chunks: { [Symbol.asyncIterator]: () => createReadStream(path, { highWaterMark: 256 * 1024 })[Symbol.asyncIterator]() } };
}

/** Streams a file of the host into a private temp file beside `localPath`, then renames it: nobody sees half of it. Missing folders are made. */
export async function download(host: HostAccess, path: string, localPath: string, signal: AbortSignal): Promise<void> {
  const temporary = `${localPath}.${randomBytes(6).toString('hex')}.tmp`;
  await mkdir(dirname(localPath), { recursive: true }).catch((error: unknown) => {
    throw new TaskFailure(`cannot make the folder of ${localPath} on the controller: ${error instanceof Error ? error.message : String(error)}`);
  });
  const file = await open(temporary, 'wx', 0o600);
  try {
    try {
      const shell = await host.shell();
      const output = await shell.read(`[ -f ${quoteWord(path)} ] || exit ${NO_FILE}; exec cat <${quoteWord(path)}`, {
        timeout: LONGEST,
        signal,
        onChunk: async (chunk) => {
          for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
        },
      });
      if (output.code === NO_FILE) throw new TaskFailure(`${path} is not a regular file on the host`);
      if (output.code !== 0) throw new TaskFailure(`cannot read ${path}: ${output.stderr.trim()}`, { rc: output.code, stderr: output.stderr });
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, localPath);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

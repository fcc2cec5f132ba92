import type { FileReader } from '../../runner/source/reader.ts';

/** A file system in memory; values that are functions are programs. */
export type Files = Readonly<Record<string, string | ((args: readonly string[]) => { code?: number; stdout?: string; stderr?: string })>>;

/** A FileReader over files in memory. */
export function memoryFiles(files: Files): FileReader {
  const names = Object.keys(files);
  return {
    read: (path) => {
      const file = files[path];
      return typeof file === 'function' ? '#!/bin/sh\n' : file;
    },
    list: (folder) => {
      const below = names.filter((name) => name.startsWith(`${folder}/`)).map((name) => name.slice(folder.length + 1).split('/')[0] ?? '');
      return below.length > 0 ? [...new Set(below)].sort() : undefined;
    },
    isDirectory: (path) => names.some((name) => name.startsWith(`${path}/`)),
    isExecutable: (path) => typeof files[path] === 'function',
    run: (path, args) => {
      const file = files[path];
      return { code: 0, stdout: '', stderr: '', ...(typeof file === 'function' ? file(args) : { code: 126 }) };
    },
  };
}

import { posix } from 'node:path';
import type { Output } from '../task/host.ts';
import type { FakeEntry, FakeFiles } from './fake-files.ts';
import { splitCommands } from '../task/split-commands.ts';

/**
 * Answers the reading commands that modules use for what `Observer` has no method for: `readlink -f PATH`, `ls -A FOLDER`,
 * `find FOLDER -mindepth 1 [-maxdepth N] -exec stat -c FORMAT {} +`. Undefined for anything else.
 */
export function runFileReads(script: string, files: FakeFiles): Output | undefined {
  const commands = splitCommands(script);
  const [words] = commands ?? [];
  if (commands?.length !== 1 || !words) return undefined;
  const [verb, option, path = ''] = words;
  if (verb === 'readlink' && option === '-f' && words.length === 3) {
    const real = files.resolve(path);
    return real === undefined ? { code: 1, stdout: '', stderr: '' } : answer(`${real}\n`);
  }
  if (verb === 'ls' && option === '-A' && words.length === 3) return answer(below(files, path, 1).map((each) => `${posix.basename(each)}\n`).join(''));
  const tree = /^find (\S+) -mindepth 1(?: -maxdepth (\d+))? -exec stat -c (\S+) \{\} \+$/.exec(words.join(' '));
  if (!tree) return undefined;
  const [, root = '', depth, format = ''] = tree;
  return answer(below(files, root, depth === undefined ? Infinity : Number(depth)).map((each) => `${formatted(format, each, files.get(each, false)!)}\n`).join(''));
}

function answer(stdout: string): Output {
  return { code: 0, stdout, stderr: '' };
}

function below(files: FakeFiles, folder: string, depth: number): readonly string[] {
  const root = files.resolve(folder.replace(/(.)\/+$/, '$1')) ?? folder;
  return files.paths(root).filter((each) => each !== root && each.slice(root.length + 1).split('/').length <= depth);
}

const TYPE_BITS: Readonly<Record<FakeEntry['type'], number>> = { file: 0o10, directory: 0o4, link: 0o12, fifo: 0o1, socket: 0o14, block: 0o6, char: 0o2 };

const id = (name: string): string => (name === 'root' ? '0' : '2');

function formatted(format: string, path: string, { type, mode, owner, group, content, mtime }: FakeEntry): string {
  const bits = ((TYPE_BITS[type] << 12) | Number.parseInt(mode, 8)).toString(16);
  
  const fields: Readonly<Record<string, string>> = { f: bits, u: id(owner), g: id(group), U: owner, G: group, s: String(content.length), Y: String(mtime), n: path };
  return format.replace(/%(\w)/g, (whole, field: string) => fields[field] ?? whole);
}

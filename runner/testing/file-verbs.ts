import { posix } from 'node:path';
import { applyMode } from '../util/file-mode.ts';
import type { Output } from '../task/host.ts';
import { commandOptions, splitCommands, VALUED } from '../task/split-commands.ts';
import { fourDigits, type FakeFiles } from './fake-files.ts';
import { own } from '../util/own.ts';

type Verb = (files: FakeFiles, flags: ReadonlyMap<string, string>, operands: readonly string[]) => string | undefined;

/**
 * Carries out a script made of plain file commands (`mkdir -p a && chmod 0755 a`) on the fake file system.
 * Undefined when it holds anything else: then the test has to say what the command does.
 */
export function runFileVerbs(script: string, files: FakeFiles): Output | undefined {
  const lines = splitCommands(script);
  if (lines === undefined || lines.some(([word]) => word === undefined || own(VERBS, word) === undefined)) return undefined;
  for (const [word = '', ...rest] of lines) {
    const { options, operands } = commandOptions(rest, own(VALUED, word));
    const complaint = own(VERBS, word)?.(files, options, operands);
    if (complaint !== undefined) return { code: 1, stdout: '', stderr: `${word}: ${complaint}\n` };
  }
  return { code: 0, stdout: '', stderr: '' };
}

const VERBS: Readonly<Record<string, Verb>> = {
  mkdir(files, flags, paths) {
    for (const path of paths) {
      const there = files.get(path);
      if (there) {
        if (!flags.has('p') || there.type !== 'directory') return `cannot create directory '${path}': File exists`;
      } else if (!flags.has('p') && !files.get(posix.dirname(path))) return `cannot create directory '${path}': No such file or directory`;
      else files.put(files.resolve(path) ?? path, { directory: true });
    }
  },
  install(files, flags, paths) {
    // Without -d it would copy, which nobody here does.
    if (!flags.has('d')) return 'only -d is known';
    for (const path of paths) {
      const there = files.get(path);
      if (there && there.type !== 'directory') return `cannot create directory '${path}': File exists`;
      if (!there) files.put(files.resolve(path) ?? path, { directory: true });
      for (const [flag, verb] of [['m', 'chmod'], ['o', 'chown'], ['g', 'chgrp']] as const) {
        const value = flags.get(flag);
        if (value !== undefined) own(VERBS, verb)?.(files, new Map(), [value, path]);
      }
    }
    return undefined;
  },
  chmod: (files, _flags, [mode = '', ...paths]) => each(files, paths, true, (entry) => {
    entry.mode = /^[0-7]+$/.test(mode) ? fourDigits(mode) : applyMode(mode, entry.mode, entry.type === 'directory');
  }),
  chown: (files, flags, [owner = '', ...paths]) => each(files, paths, !flags.has('h'), (entry) => {
    const [user, group] = owner.split(':');
    if (user) entry.owner = user;
    if (group) entry.group = group;
  }),
  chgrp: (files, flags, [group = '', ...paths]) => each(files, paths, !flags.has('h'), (entry) => void (entry.group = group)),
  ln(files, flags, [target = '', given = '']) {
    const path = files.resolve(given, false) ?? given;
    if (files.get(path, false)) {
      if (!flags.has('f')) return `failed to create link '${path}': File exists`;
      files.remove(path);
    }
    if (flags.has('s')) {
      files.put(path, { link: target });
      return undefined;
    }
    const entry = files.get(target);
    if (!entry) return `failed to access '${target}': No such file or directory`;
    files.hardLink(path, entry);
  },
  touch(files, _flags, paths) {
    for (const path of paths) {
      const entry = files.get(path);
      if (entry) entry.mtime += 1;
      else files.put(files.resolve(path) ?? path, '');
    }
    return undefined;
  },
  rmdir(files, _flags, [path = '']) {
    if (files.paths(path).length > 1) return `failed to remove '${path}': Directory not empty`;
    files.remove(path);
    return undefined;
  },
  rm(files, _flags, paths) {
    for (const path of paths) files.remove(path);
    return undefined;
  },
  mv(files, _flags, [from = '', to = '']) {
    const entry = files.get(from, false);
    if (!entry) return `cannot stat '${from}': No such file or directory`;
    files.remove(to);
    files.hardLink(to, entry);
    files.remove(from);
    return undefined;
  },
  true: () => undefined,
};

function each(files: FakeFiles, paths: readonly string[], follow: boolean, act: (entry: NonNullable<ReturnType<FakeFiles['get']>>) => void): string | undefined {
  for (const path of paths) {
    const entry = files.get(path, follow);
    if (!entry) return `cannot access '${path}': No such file or directory`;
    act(entry);
  }
  return undefined;
}

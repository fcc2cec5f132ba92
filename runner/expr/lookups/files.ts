import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { asBool, asText } from '../arguments.ts';
import { truthy } from '../convert.ts';
import { ExpressionError } from '../errors.ts';
import { joinPath } from '../filters/paths.ts';
import { globFiles } from '../glob.ts';
import type { CallContext, Lookup } from '../scope.ts';
import { splitLines } from '../string-methods.ts';
import { toText } from '../text.ts';
import { isList, isMapping, type Value } from '../value.ts';
import { findFile, requireFile, searchFolders } from './search-path.ts';

/** Reads a file of the controller. @throws ExpressionError */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ExpressionError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function runProgram(command: string, context: CallContext, basedir: string | undefined, lookup: string): string {
  const [cwd] = searchFolders(context, basedir);
  const { status, stdout, signal, error } = spawnSync(command, { shell: '/bin/sh', cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 64 * 1024 * 1024 });
  if (error || status !== 0) throw new ExpressionError(`lookup_plugin.${lookup}(${command}) returned ${status ?? signal ?? (error ? error.message : 'nothing')}`);
  return stdout;
}

function glob(term: string, context: CallContext, basedir: string | undefined): readonly string[] {
  const name = basename(term);
  const folder = name === term ? undefined : findFile(dirname(term), 'files', context, basedir);
  const folders = name === term ? searchFolders(context, basedir).flatMap((each) => [joinPath([each, 'files']), each]) : folder === undefined ? [] : [folder];
  return folders.map((each) => globFiles(joinPath([each, name]))).find((found) => found.length > 0) ?? [];
}

/** Names that a `first_found` term stands for, and whether finding none of them is allowed. */
function candidates(term: Value, options: ReadonlyMap<string, Value>): { readonly names: readonly string[]; readonly skip: boolean } {
  if (isList(term)) {
    const all = term.map((each) => candidates(each, options));
    return { names: all.flatMap((each) => each.names), skip: all.at(-1)?.skip ?? false };
  }
  const option = (name: string): Value | undefined => (isMapping(term) ? term.get(name) : options.get(name));
  const skip = truthy(option('skip') ?? false);
  const files = words(option('files'), /[,;]/);
  const paths = words(option('paths'), /[,:;]/);
  if (paths.length > 0) return { skip, names: paths.flatMap((path) => (files.length > 0 ? files : isMapping(term) ? [] : [toText(term)]).map((file) => joinPath([path, file]))) };
  return { skip, names: files.length > 0 ? files : isMapping(term) ? [] : [toText(term)] };
}

function words(value: Value | undefined, by: RegExp): string[] {
  if (value === undefined || value === null) return [];
  return (isList(value) ? value : [value]).flatMap((each) => toText(each).split(by));
}

/** Lookups that read files and run programs of the controller. */
export function fileLookups(basedir: string | undefined): readonly (readonly [string, Lookup])[] {
  return [
    ['file', (terms, options, context) => terms.map((term) => {
      let text = readText(requireFile(toText(term), 'files', context, basedir, 'file'));
      if (asBool(options.get('lstrip'))) text = text.trimStart();
      return asBool(options.get('rstrip'), true) ? text.trimEnd() : text;
    })],
    ['unvault', (terms, _options, context) => terms.map((term) => {
      const text = readText(requireFile(toText(term), 'files', context, basedir, 'unvault'));
      return text.startsWith('$ANSIBLE_VAULT;') && context.environment.vault ? context.environment.vault(text) : text;
    })],
    ['fileglob', (terms, _options, context) => terms.flatMap((term) => glob(toText(term), context, basedir))],
    ['pipe', (terms, _options, context) => terms.map((term) => runProgram(toText(term), context, basedir, 'pipe').trimEnd())],
    ['lines', (terms, _options, context) => terms.flatMap((term) => splitLines(runProgram(toText(term), context, basedir, 'lines')))],
    ['first_found', (terms, options, context) => {
      const all = terms.length === 0 && options.has('files') ? [candidates('', options)] : terms.map((term) => candidates(term, options));
      for (const name of all.flatMap((each) => each.names)) {
        const found = findFile(name, context.kind ?? 'files', context, basedir);
        if (found !== undefined) return [found];
      }
      if (all.at(-1)?.skip) return [];
      throw new ExpressionError('No file was found when using first_found.');
    }],
    ['env', (terms, options) => terms.map((term) => {
      const [name = ''] = asText(term).split(/\s+/);
      return process.env[name] ?? options.get('default') ?? '';
    })],
  ];
}

import { posix } from 'node:path';
import type { z } from 'zod';
import { sh } from '../../runner/task/command.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { joinRequirements, parsePipFreeze, parseRequirement, parseRequirementsFile, plainPythonName, type PythonRequirement } from '../parse/python-requirement.ts';
import { splitShellWords } from '../parse/shell-words.ts';
import type { pipParams } from './pip-params.ts';

type Params = z.output<typeof pipParams>;

/** What there is of Python's distributions. */
export interface PipSeen {
  /** Words that start pip. */
  readonly pip: readonly string[];
  /** Plain name → version. */
  readonly installed: ReadonlyMap<string, string>;
  /** Plain name → newer version that the index has; asked for `latest` only. */
  readonly outdated: ReadonlyMap<string, string>;
  /** Absolute folder of the virtual environment. */
  readonly environment?: string;
  readonly environmentThere: boolean;
  /** Text of the requirements file. */
  readonly file?: string;
}

/** What is wanted. @throws TaskFailure when name and version contradict each other */
export function requirementsOf({ name, version }: Params, { file }: PipSeen): readonly PythonRequirement[] {
  if (file !== undefined) return parseRequirementsFile(file);
  const wanted = joinRequirements(name ?? []).map(parseRequirement);
  const [only] = wanted;
  if (version === undefined || !only) return wanted;
  if (wanted.length > 1)
    throw new TaskFailure("'version' argument is ambiguous when installing multiple package distributions. Please specify version restrictions next to each package in 'name' argument.");
  if (only.specifiers.length > 0)
    throw new TaskFailure("The 'version' argument conflicts with any version specifier provided along with a package name. Please keep the version specifier, but remove the 'version' argument.");
  return [parseRequirement(`${only.text}${/^\s*\d/.test(version) ? '==' : ''}${version.trim()}`)];
}

/** Looks at pip, the virtual environment and what is installed. */
export async function lookAtPip(given: Params, host: Observer): Promise<PipSeen> {
  const environment = given.virtualenv === undefined ? undefined : await absolute(given, host);
  const file = given.requirements === undefined ? undefined : await readRequirements(given, host);
  const rest = { ...(environment !== undefined && { environment }), ...(file !== undefined && { file }) };
  if (environment !== undefined && (await host.stat(posix.join(environment, 'bin/activate'), { follow: true })) === null) {
    const [program = 'virtualenv'] = splitShellWords(given.virtualenv_command);
    const found = await host.read(sh`command -v ${program}`, ({ code }) => code === 0);
    if (!found) throw new TaskFailure(`Failed to find required executable "${program}": install it, or give 'virtualenv_command: python3 -m venv'`);
    return { pip: [posix.join(environment, 'bin/pip')], installed: new Map(), outdated: new Map(), environmentThere: false, ...rest };
  }
  const pip = await findPip(given, environment, host);
  const chdir = given.chdir ?? '/tmp';
  // Looking must leave no cache, no compiled file and no note of a version check behind.
  const quiet = sh`cd ${chdir} && PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=off PYTHONDONTWRITEBYTECODE=1 ${pip}`;
  const installed = await host.read(sh`${quiet} list --format=freeze 2>/dev/null || ${quiet} freeze`.with({ timeout: 60 }), ({ code, stdout, stderr }) => {
    if (code !== 0) throw new TaskFailure(`${pip.join(' ')} does not tell what is installed: ${(stderr || stdout).trim()}`, { rc: code });
    return parsePipFreeze(stdout);
  });
  const outdated = given.state !== 'latest' ? new Map<string, string>() : await host.read(sh`${quiet} list --outdated --format=json ${indexWords(given.extra_args)}`.with({ timeout: 120 }), ({ code, stdout, stderr }) => {
    if (code !== 0) throw new TaskFailure(`pip cannot ask the index: ${stderr.trim()}`, { rc: code });
    const list = JSON.parse(stdout) as readonly { readonly name: string; readonly latest_version: string }[];
    return new Map(list.map(({ name, latest_version }) => [plainPythonName(name), latest_version]));
  });
  return { pip, installed, outdated, environmentThere: environment !== undefined, ...rest };
}

async function absolute({ virtualenv = '', chdir = '/tmp' }: Params, host: Observer): Promise<string> {
  if (!virtualenv.startsWith('~')) return posix.join(virtualenv.startsWith('/') ? '/' : chdir, virtualenv);
  return virtualenv.replace(/^~/, await host.read(sh`printf %s "$HOME"`, ({ stdout }) => stdout));
}

async function readRequirements({ requirements = '', chdir = '/tmp' }: Params, host: Observer): Promise<string> {
  const path = posix.resolve(chdir, requirements);
  const content = await host.readFile(path);
  if (content === null) throw new TaskFailure(`there is no requirements file ${path} on the host`);
  return content.toString();
}

async function findPip({ executable }: Params, environment: string | undefined, host: Observer): Promise<readonly string[]> {
  if (executable?.startsWith('/') === true) return [executable];
  const names = executable === undefined ? ['pip3', 'pip'] : [executable];
  const places = environment === undefined ? names : names.map((name) => posix.join(environment, 'bin', name));
  const found = await host.read(sh`for p in ${places}; do command -v "$p" && exit 0; done; exit 1`, ({ stdout }) => stdout.trim());
  if (found !== '') return [found.split('\n')[0] ?? found];
  if (environment !== undefined) throw new TaskFailure(`Unable to find pip in the virtualenv, ${environment}, under any of these names: ${names.join(', ')}. Make sure pip is present in the virtualenv.`);
  const module = executable === undefined && (await host.read(sh`python3 -c 'import pip'`, ({ code }) => code === 0));
  if (module) return ['python3', '-m', 'pip'];
  throw new TaskFailure(`Unable to find any of ${names.join(', ')} to use.  pip needs to be installed.`);
}

/** Of further words for pip those that say where its index is. */
function indexWords(extra: string | undefined): readonly string[] {
  const words = splitShellWords(extra ?? '');
  return words.flatMap((word, index) => {
    if (/^--(no-index|pre|index-url=.*|extra-index-url=.*|find-links=.*|trusted-host=.*)$/.test(word)) return [word];
    return /^(-i|-f|--(index-url|extra-index-url|find-links|trusted-host))$/.test(word) ? [word, words[index + 1] ?? ''] : [];
  });
}

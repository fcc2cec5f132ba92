import { satisfiesPythonVersion } from './python-version.ts';

/** What one word for pip asks for. */
export interface PythonRequirement {
  /** As it was written, for pip. */
  readonly text: string;
  /** The name as PEP 503 compares them; undefined when only pip can tell what the word means (a path, a URL without a name). */
  readonly name?: string;
  /** `['>=', '1.2']` … */
  readonly specifiers: readonly (readonly [string, string])[];
}

/** A name of a distribution as PEP 503 compares them. */
export function plainPythonName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

/** Reads one requirement: `name[extra]>=1,<2; marker`, `name @ URL`, `git+https://…#egg=name`, a path. */
export function parseRequirement(text: string): PythonRequirement {
  const plain = text.trim().replace(/\s+--hash=.*$/s, '').replace(/\s*;.*$/s, '');
  const egg = /[#&]egg=([A-Za-z0-9._-]+)/.exec(plain)?.[1] ?? /^([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*@\s/.exec(plain)?.[1];
  if (egg !== undefined) return { text, name: plainPythonName(egg), specifiers: [] };
  const [, file, version] = /(?:^|\/)([A-Za-z0-9_.]+)-(\d[A-Za-z0-9_.!+]*)(?:-[^/]*)?\.whl$/.exec(plain) ?? [];
  if (file !== undefined && version !== undefined) return { text, name: plainPythonName(file), specifiers: [['==', version]] };
  const [, name, rest = ''] = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*\(?(.*?)\)?$/s.exec(plain) ?? [];
  const parts = rest === '' ? [] : rest.split(',').map((part) => /^\s*(===|==|!=|<=|>=|~=|<|>)\s*([^\s]+)\s*$/.exec(part));
  if (name === undefined || parts.some((part) => part === null)) return { text, specifiers: [] };
  return { text, name: plainPythonName(name), specifiers: parts.flatMap((part) => (part ? [[part[1] ?? '', part[2] ?? ''] as const] : [])) };
}

/** Puts specifiers that commas tore apart (`django>1`, `<2`) back to the name before them. */
export function joinRequirements(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  let bracket = false;
  for (const word of words.flatMap((each) => each.split(','))) {
    const last = joined.length - 1;
    if (last >= 0 && (bracket || /^\s*[=<>!~]/.test(word))) joined[last] += `,${word}`;
    else joined.push(word.trim());
    if (word.includes('[')) bracket = true;
    if (word.includes(']')) bracket = false;
  }
  return joined.filter((word) => word !== '');
}

/** What a requirements file asks for; a line that only pip understands (`-r`, `-e`, a path) comes without a name. Comments and options of the index are left out. */
export function parseRequirementsFile(text: string): readonly PythonRequirement[] {
  const lines = text.replace(/\\\r?\n/g, ' ').split(/\r?\n/).map((line) => line.replace(/(^|\s)#.*$/, '').trim());
  return lines.filter((line) => line !== '' && !/^(-i|-f|--(index-url|extra-index-url|no-index|find-links|trusted-host|pre|prefer-binary|no-binary|only-binary|require-hashes))\b/.test(line)).map((line) => (line.startsWith('-') ? { text: line, specifiers: [] } : parseRequirement(line)));
}

/** The installed distributions that `pip list --format=freeze` or `pip freeze` tells: plain name → version. */
export function parsePipFreeze(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, name, version] = /^([^=\s]+)===?(\S+)\s*$/.exec(line) ?? [];
    const other = /^(?:-e\s+)?.*#egg=([A-Za-z0-9._-]+)/.exec(line)?.[1] ?? /^([A-Za-z0-9._-]+) @ /.exec(line)?.[1];
    if (name !== undefined && version !== undefined) found.set(plainPythonName(name), version);
    else if (other !== undefined) found.set(plainPythonName(other), '');
  }
  return found;
}

/** Whether what is installed satisfies a requirement; undefined when only pip can tell. */
export function isSatisfied({ text, name, specifiers }: PythonRequirement, installed: ReadonlyMap<string, string>): boolean | undefined {
  if (name === undefined) return undefined;
  const version = installed.get(name);
  // What a marker (`; python_version < "3.8"`) rules out is rightly missing.
  if (version === undefined && /\s*;\s*\S/.test(text)) return undefined;
  return version !== undefined && specifiers.every(([operator, wanted]) => satisfiesPythonVersion(version, operator, wanted));
}

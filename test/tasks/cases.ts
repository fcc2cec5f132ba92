import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { FakeControllerSpec } from '../../runner/testing/fake-controller.ts';
import type { FakeSpec } from '../../runner/testing/fake-host.ts';
import type { JsonObject } from '../../runner/util/json.ts';

/** One case of a module, as a file beside this one tells it: FAMILY/MODULE/NAME.yml, a case or a list of them. */
interface Case {
  /** Needed in lists only. */
  readonly name?: string;
  readonly params: JsonObject;
  readonly host?: FakeSpec;
  readonly controller?: FakeControllerSpec;
  /** What is planned, in order; each compared by the fields it has: aspect, before, after (`absent` for nothing), run, risk. */
  readonly changes?: readonly JsonObject[];
  /** Whether anything is planned at all. */
  readonly changed?: boolean;
  /** What is asked for contradicts itself: applied, it would be changed again, and that is a failure. */
  readonly unsettled?: boolean;
  /** Scripts that apply runs, in order. */
  readonly ran?: readonly string[];
  /** Files after apply: text, null for none, or some of content, mode, owner, group, type, target. */
  readonly files?: Readonly<Record<string, string | null | JsonObject>>;
  /** Part of what is registered after apply. */
  readonly result?: JsonObject;
  /** Part of the message of the failure, in check mode or, with `fails: apply`, later. */
  readonly error?: string;
  readonly fails?: 'apply';
  /** The case only looks: what its commands change is not told. */
  readonly checkOnly?: boolean;
}

/** A case with its place. */
export interface NamedCase extends Case {
  readonly module: string;
  readonly title: string;
}

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** All cases of all families, in order of their names. */
export function allCases(): readonly NamedCase[] {
  return folders(HERE).filter((family) => family !== 'parse' && family !== 'control').flatMap((family) => folders(join(HERE, family)).flatMap((module) => casesOf(family, module)));
}

function casesOf(family: string, module: string): readonly NamedCase[] {
  return readdirSync(join(HERE, family, module)).filter((name) => name.endsWith('.yml')).sort().flatMap((file) => {
    const name = basename(file, '.yml');
    const content = parse(readFileSync(join(HERE, family, module, file), 'utf8'), { version: '1.1' }) as Case | readonly Case[];
    const list = Array.isArray(content) ? (content as readonly Case[]) : [content as Case];
    return list.map((each, index) => ({ ...each, module, title: each.name === undefined ? `${name}${list.length > 1 ? ` ${index + 1}` : ''}` : `${name}: ${each.name}` }));
  });
}

function folders(path: string): readonly string[] {
  return readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
}

import { problem, warning, type Diagnostic } from '../source/diagnostic.ts';
import type { Span } from '../source/span.ts';
import { didYouMean, nearest } from '../util/suggest.ts';
import type { YamlNode } from '../source/yaml-node.ts';
import { fieldsOf } from '../task/params.ts';
import type { Module } from '../task/registry.ts';
import type { Tree } from '../template/tree.ts';
import { callArgs, splitAction } from './call-args.ts';
import { HANDLER_KEYWORDS, INCLUDE_WORDS, plainName, TASK_KEYWORDS } from './keywords.ts';
import { insteadOf, isAnsibleModule } from './known-modules.ts';
import type { Loading } from './load-context.ts';
import type { Field } from './yaml-fields.ts';

/** The module call of a task, whichever way it is written. */
export interface Call {
  /** The module's word without Ansible's own collections. */
  readonly word: string;
  readonly at: Span;
  /** Undefined for includes and imports. */
  readonly module: Module | undefined;
  readonly args: Tree;
  /** Values as written, for what has to be known at load. */
  readonly nodes: ReadonlyMap<string, YamlNode>;
  readonly argSpans: ReadonlyMap<string, Span>;
  /** `local_action`. */
  readonly local: boolean;
  /** A module of Ansible's that is missing here: the task fails on the hosts its condition leaves. */
  readonly unavailable?: true;
}

/** Where a task stands, as far as its module is concerned. */
interface Standing {
  readonly handlers: boolean;
  /** A condition stands on the task or around it: roles hold tasks for many systems, each with the modules of its own. */
  readonly conditional: boolean;
}

/** Finds the module in a task's fields and reads its parameters; undefined, after diagnostics, when there is none. */
export function readCall(fields: ReadonlyMap<string, Field>, at: Span, { handlers, conditional }: Standing, loading: Loading): Call | undefined {
  const keywords = handlers ? HANDLER_KEYWORDS : TASK_KEYWORDS;
  const candidates = [...fields.keys()].filter((word) => !keywords.has(word) && !word.startsWith('with_'));
  const known = candidates.filter((word) => isModule(word, loading));
  const actions = ['action', 'local_action'].filter((word) => fields.has(word));
  const [first, second] = [...actions, ...known];
  if (first === undefined) {
    const [only, ...more] = conditional ? candidates : [];
    if (only !== undefined && more.length === 0 && isAnsibleModule(only)) return unavailable(only, fields.get(only)?.key.span ?? at, loading);
    return nothing(candidates, keywords, fields, at, loading);
  }
  const parameters = known.length === 1 ? loading.registry.find(first)?.definition.params : undefined;
  for (const word of candidates) {
    if (known.includes(word)) continue;
    const belongs = parameters !== undefined && word in fieldsOf(parameters) ? `it is a parameter of '${first}': indent it below '${first}:'` : undefined;
    loading.report(unknownKeyword(word, keywords, fields.get(word)?.key.span ?? at, 'a task', belongs));
  }
  const field = fields.get(first);
  if (!field) return undefined;
  if (second !== undefined) {
    const span = fields.get(second)?.key.span ?? at;
    loading.report({
      ...problem(
        'conflicting-modules',
        `a task has one module, and this one has both '${first}' and '${second}'`,
        span,
        "make it two tasks: begin the second with '- '",
      ),
      related: [{ message: 'the other one', span: field.key.span }],
    });
    return undefined;
  }
  const args = fields.get('args');
  if (actions.length === 0) return finish(first, field.key.span, field.value, args, false, loading);
  const split = splitAction(field, loading);
  if (!split) return undefined;
  const word = hostsManager(split.word);
  if (!isModule(word, loading)) {
    loading.report(/\{[{%]/.test(word) ? templatedModule(word, split.at) : unknownModule(word, split.at, loading));
    return undefined;
  }
  return finish(word, split.at, split.value, args, first === 'local_action', loading);
}

/** `action: "{{ ansible_pkg_mgr }} name=…"` of old roles: the module of the host's own manager, which is what `package` and `service` call. */
function hostsManager(word: string): string {
  const fact = /^\{\{\s*(?:ansible_(\w+)|ansible_facts\.(\w+)|ansible_facts\[(['"])(\w+)\3\])\s*\}\}$/.exec(word);
  const name = fact?.[1] ?? fact?.[2] ?? fact?.[4];
  return name === 'pkg_mgr' ? 'package' : name === 'service_mgr' ? 'service' : word;
}

function templatedModule(word: string, at: Span): Diagnostic {
  return problem('unknown-module', `which module this is must be known before the run: '${word}' is a template`, at, "write a task for each module, with 'when'; for packages and services there are 'package' and 'service'");
}

function finish(written: string, at: Span, value: YamlNode, extra: Field | undefined, local: boolean, loading: Loading): Call | undefined {
  const word = plainName(written);
  const module = INCLUDE_WORDS.has(word) ? undefined : loading.registry.find(written);
  const args = callArgs({ word, at, value, extra, module }, loading);
  return args && { word, at, module, local, ...args };
}

function isModule(word: string, { registry }: Loading): boolean {
  return INCLUDE_WORDS.has(plainName(word)) || plainName(word) === 'import_playbook' || registry.find(word) !== undefined;
}

/** A task that can load, since its condition may leave it out wherever it could not run. */
function unavailable(word: string, at: Span, loading: Loading): Call {
  const message = `the module '${word}' is not available here: hosts that meet the task's condition will fail at it`;
  loading.report(warning('unavailable-module', message, at, insteadOf(word) ?? 'write it as a task of your own: see docs/custom-tasks.md'));
  return { word, at, module: undefined, args: new Map(), nodes: new Map(), argSpans: new Map([['', at]]), local: false, unavailable: true };
}

/** None of the words is a module: one of them was meant to be. */
function nothing(candidates: readonly string[], keywords: ReadonlySet<string>, fields: ReadonlyMap<string, Field>, at: Span, loading: Loading): undefined {
  const meant = candidates.find(isAnsibleModule) ?? candidates.find((word) => nearest(word, keywords) === undefined) ?? candidates[0];
  if (meant === undefined) {
    loading.report(
      problem(
        'no-module',
        'this task has no module: nothing says what it does',
        at,
        fields.has('when') && fields.size === 1 ? "remove the '- ' before 'when'" : 'add a module, or remove the task',
      ),
    );
    return undefined;
  }
  for (const word of candidates) {
    const span = fields.get(word)?.key.span ?? at;
    loading.report(word === meant ? unknownModule(word, span, loading) : unknownKeyword(word, keywords, span));
  }
  return undefined;
}

function unknownModule(word: string, at: Span, { registry }: Loading): Diagnostic {
  const plain = plainName(word);
  if (isAnsibleModule(plain) && registry.find(plain) === undefined) {
    return problem(
      'unknown-module',
      `Ansible has a module '${word}', but it is not available here`,
      at,
      insteadOf(plain) ?? didYouMean(plain, registry.names, 'write it as a task of your own: see docs/custom-tasks.md'),
    );
  }
  return problem(
    'unknown-module',
    `there is no module '${word}'`,
    at,
    didYouMean(plain, [...registry.names, ...INCLUDE_WORDS], 'a task of your own can be added: see docs/custom-tasks.md'),
  );
}

/** A word that means nothing where it stands. */
export function unknownKeyword(word: string, keywords: Iterable<string>, at: Span, what = 'a task', fallback?: string): Diagnostic {
  return problem('unknown-keyword', `'${word}' is no keyword of ${what}`, at, didYouMean(word, keywords, fallback));
}

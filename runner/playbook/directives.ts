import { problem } from '../source/diagnostic.ts';
import type { YamlNode } from '../source/yaml-node.ts';
import { didYouMean } from '../util/suggest.ts';
import type { Tree } from '../template/tree.ts';
import { conditionsOf } from './conditions.ts';
import { choiceOf } from './choice.ts';
import type { Loading } from './load-context.ts';
import { moduleDefaultsOf } from './module-defaults.ts';
import type { Condition, Directives } from './model.ts';
import { staticText } from './static-text.ts';
import { keyText, isNothing, kindOf, scalarText, type Field } from './yaml-fields.ts';
import { varsOf } from './vars.ts';

type ScalarName = Exclude<keyof Directives, 'environment' | 'when' | 'vars' | 'tags' | 'moduleDefaults' | 'debugger'>;
type Kind = 'flag' | 'text' | 'whole';

/** Keywords that take one value, and what is looked for when it is written out. */
const SCALARS: Readonly<Record<string, readonly [ScalarName, Kind]>> = {
  become: ['become', 'flag'],
  become_user: ['becomeUser', 'text'],
  become_method: ['becomeMethod', 'text'],
  become_exe: ['becomeExe', 'text'],
  become_flags: ['becomeFlags', 'text'],
  remote_user: ['remoteUser', 'text'],
  connection: ['connection', 'text'],
  port: ['port', 'whole'],
  check_mode: ['checkMode', 'flag'],
  diff: ['diff', 'flag'],
  no_log: ['noLog', 'flag'],
  ignore_errors: ['ignoreErrors', 'flag'],
  ignore_unreachable: ['ignoreUnreachable', 'flag'],
  any_errors_fatal: ['anyErrorsFatal', 'flag'],
  run_once: ['runOnce', 'flag'],
  throttle: ['throttle', 'whole'],
  timeout: ['timeout', 'whole'],
  delegate_to: ['delegateTo', 'text'],
  delegate_facts: ['delegateFacts', 'flag'],
};

const DEBUGGER = ['always', 'never', 'on_failed', 'on_unreachable', 'on_skipped'] as const;

/** The keywords one thing has itself. */
export type OwnDirectives = Partial<Pick<Directives, ScalarName | 'debugger'>> & {
  readonly environment: readonly Tree[];
  readonly when: readonly Condition[];
  readonly vars?: ReadonlyMap<string, Tree>;
  readonly tags: readonly string[];
  readonly moduleDefaults: readonly Tree[];
};

/** Nothing inherited and nothing said. */
export const NO_DIRECTIVES: Directives = { environment: [], when: [], vars: [], tags: [], moduleDefaults: [] };

/** No keywords at all. */
export const NOTHING_OWN: OwnDirectives = { environment: [], when: [], tags: [], moduleDefaults: [] };

/** Reads the keywords that inner things take over. */
export function readDirectives(fields: ReadonlyMap<string, Field>, loading: Loading, except: ReadonlySet<string> = new Set()): OwnDirectives {
  const scalars: Partial<Record<ScalarName, Tree>> = {};
  for (const [word, [name, kind]] of Object.entries(SCALARS)) {
    const field = except.has(word) ? undefined : fields.get(word);
    if (!field || isNothing(field.value)) continue;
    checkKind(field, kind, loading);
    scalars[name] = loading.tree(field.value);
  }
  const vars = except.has('vars') ? undefined : fields.get('vars');
  const debuggerUse = choiceOf(fields.get('debugger'), DEBUGGER, 'value of debugger', loading);
  return {
    ...scalars,
    environment: listOf(fields.get('environment')?.value).map((each) => environmentOf(each, loading)),
    when: conditionsOf(fields.get('when'), loading),
    ...(debuggerUse && { debugger: debuggerUse }),
    ...(vars && { vars: varsOf(vars.value, loading) }),
    tags: tagsOf(fields.get('tags')?.value, loading),
    moduleDefaults: listOf(fields.get('module_defaults')?.value).map((each) => moduleDefaultsOf(each, loading)),
  };
}

/** What an inner thing's keywords come to inside an outer one: scalars are the innermost's, lists are accumulated. */
export function inherit(outer: Directives, own: OwnDirectives): Directives {
  const { vars, ...rest } = own;
  return {
    ...outer,
    ...rest,
    environment: [...outer.environment, ...own.environment],
    when: [...outer.when, ...own.when],
    vars: vars && vars.size > 0 ? [...outer.vars, vars] : outer.vars,
    tags: [...new Set([...outer.tags, ...own.tags])],
    moduleDefaults: [...outer.moduleDefaults, ...own.moduleDefaults],
  };
}

/** The same for keywords that have been accumulated already. */
export function joinDirectives(outer: Directives, inner: Directives): Directives {
  return { ...inherit(outer, { ...inner, vars: new Map() }), vars: [...outer.vars, ...inner.vars] };
}

/** Tags: a list, or a text with commas. */
function tagsOf(node: YamlNode | undefined, loading: Loading): string[] {
  return listOf(node).flatMap((each) => {
    const text = typeof (each.kind === 'scalar' ? each.value : undefined) === 'string' ? staticText(each, 'a tag', loading) : scalarText(each);
    if (text === undefined && (each.kind !== 'scalar' || typeof each.value !== 'string')) {
      loading.report(problem('wrong-type', `a tag must be a text, not ${kindOf(each)}`, each.span, 'write tags: [one, two]'));
    }
    return (text ?? '')
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '');
  });
}

/** A list's items; a single value is a list of one. */
export function listOf(node: YamlNode | undefined): readonly YamlNode[] {
  if (node === undefined || isNothing(node)) return [];
  return node.kind === 'sequence' ? node.items : [node];
}

/** Reports a value written out that is of the wrong kind. */
export function checkKind({ key, value }: Field, kind: Kind, loading: Loading): void {
  if (value.kind === 'scalar' && fits(value.value, kind)) return;
  const wanted = { flag: 'yes or no', text: 'a text', whole: 'a number' }[kind];
  const word = value.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
  const shown = word === undefined ? kindOf(value) : `'${word}'`;
  loading.report(
    problem(
      'wrong-type',
      `'${keyText(key)}' must be ${wanted}, not ${shown}`,
      value.span,
      word === undefined ? undefined : didYouMean(word, kind === 'flag' ? ['yes', 'no', 'true', 'false'] : []),
    ),
  );
}

function fits(value: unknown, kind: Kind): boolean {
  if (typeof value === 'string' && /\{[{%]/.test(value)) return true;
  if (kind === 'flag')
    return typeof value === 'boolean' || value === 0 || value === 1 || (typeof value === 'string' && /^(?:yes|no|true|false|on|off|[01yntf])$/i.test(value));
  if (kind === 'whole') return typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value));
  return typeof value === 'string' || typeof value === 'number';
}

function environmentOf(node: YamlNode, loading: Loading): Tree {
  const template = node.kind === 'scalar' && typeof node.value === 'string' && node.value.includes('{{');
  if (node.kind !== 'mapping' && !template)
    loading.report(problem('wrong-type', `'environment' must be a mapping, not ${kindOf(node)}`, node.span, 'write one NAME: value a line'));
  return loading.tree(node);
}

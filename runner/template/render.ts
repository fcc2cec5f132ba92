import { compileExpression } from '../expr/compile.ts';
import { truthy } from '../expr/convert.ts';
import { ExpressionError, UnknownValueError } from '../expr/errors.ts';
import { dictKey } from '../expr/operators.ts';
import type { Environment, Scope } from '../expr/scope.ts';
import type { NameUse } from '../expr/sure-names.ts';
import { OMIT, type Unknown, type Value } from '../expr/value.ts';
import { InputError, problem, warning, type Diagnostic } from '../source/diagnostic.ts';
import { spanAt, type Span } from '../source/span.ts';
import { compiledOnce, compileText, type CompiledText } from './compiled-text.ts';
import { TemplateText, VaultText, type Tree } from './tree.ts';

/**
 * The value of a tree for one scope. Keys of dicts may be templates too; entries whose value is `omit` are left out.
 * @throws UndefinedError, ExpressionError, InputError; whatever `scope.lookup` throws passes through
 */
export function renderTree(tree: Tree, scope: Scope, environment: Environment): Value {
  return rendered(tree, environment, (text) => text.evaluate(scope));
}

/** The same for a variable or what a loop goes over: texts that are written as lists and dicts are such. */
export function renderData(tree: Tree, scope: Scope, environment: Environment): Value {
  return rendered(tree, environment, (text) => text.evaluateAsData(scope));
}

function rendered(tree: Tree, environment: Environment, evaluate: (text: CompiledText) => Value): Value {
  if (tree === null || typeof tree !== 'object') return tree;
  if (tree instanceof TemplateText) return evaluate(compiledText(tree, environment));
  if (tree instanceof VaultText) {
    if (!environment.vault) throw new ExpressionError('this value is encrypted and no vault password was given', spanAt(tree.origin, 0, 1));
    return environment.vault(tree.text);
  }
  if (isLiteral(tree)) return tree as Value;
  if (isTreeList(tree)) return tree.map((each) => rendered(each, environment, evaluate)).filter((each) => each !== OMIT);
  if (!(tree instanceof Map)) return tree;
  const dict = new Map<Value, Value>();
  for (const [key, inner] of tree as ReadonlyMap<Value, Tree>) {
    const value = rendered(inner, environment, evaluate);
    if (value !== OMIT) dict.set(dictKey(key), value);
  }
  return dict;
}

const literals = new WeakMap<object, boolean>();

/** True for a list or dict without a template anywhere in it: it is its own value, however large, and looked through only once. */
function isLiteral(tree: Tree): boolean {
  if (tree === null || typeof tree !== 'object') return tree !== (OMIT as unknown);
  if (tree instanceof TemplateText || tree instanceof VaultText) return false;
  if (!isTreeList(tree) && !(tree instanceof Map)) return (tree as unknown) !== OMIT;
  let literal = literals.get(tree);
  if (literal === undefined) literals.set(tree, (literal = [...tree.values()].every(isLiteral)));
  return literal;
}

function isTreeList(tree: Tree): tree is readonly Tree[] {
  return Array.isArray(tree);
}

const textOnce = compiledOnce<CompiledText>();
const conditionOnce = compiledOnce<ReturnType<typeof compileExpression>>();

function compiledText(text: TemplateText, environment: Environment): CompiledText {
  return textOnce(text, environment, () => compileText(text.text, text.origin, environment));
}

/** Conditions apart from texts: the same object may be read as both. */
const conditionKeys = new WeakMap<TemplateText, object>();

function compiledCondition(condition: TemplateText, environment: Environment): ReturnType<typeof compileExpression> {
  let key = conditionKeys.get(condition);
  if (!key) conditionKeys.set(condition, (key = {}));
  return conditionOnce(key, environment, () => compileExpression(condition.text, condition.origin, environment, 'condition'));
}

/**
 * Whether a bare condition holds. Braces in it count as parentheses; a result that is text counts for its truth and is never
 * evaluated again, but `'True'` and `'False'`, which templates of old make of booleans, are what they say.
 * @throws UndefinedError, ExpressionError, InputError; whatever `scope.lookup` throws passes through
 */
export function evaluateCondition(condition: boolean | TemplateText, scope: Scope, environment: Environment): boolean | Unknown {
  if (typeof condition === 'boolean') return condition;
  // Ansible takes an empty condition for a true one.
  if (condition.text.trim() === '') return true;
  try {
    const value = compiledCondition(condition, environment).evaluate(scope);
    return typeof value === 'string' && /^(?:[Tt]rue|[Ff]alse)$/.test(value) ? value.toLowerCase() === 'true' : truthy(value);
  } catch (error) {
    if (error instanceof UnknownValueError) return error.unknown;
    if (error instanceof ExpressionError) error.span ??= spanAt(condition.origin, 0, condition.text.length);
    throw error;
  }
}

/** Variables that a tree's templates may look up. @throws InputError */
export function freeNames(tree: Tree, environment: Environment): ReadonlySet<string> {
  const names = new Set<string>();
  for (const text of templatesIn(tree)) for (const name of compiledText(text, environment).names) names.add(name);
  return names;
}

/** Variables that a condition may look up. @throws InputError */
export function conditionNames(condition: boolean | TemplateText, environment: Environment): ReadonlySet<string> {
  return typeof condition === 'boolean' || condition.text.trim() === '' ? new Set() : compiledCondition(condition, environment).names;
}

/** A use of a variable, and where it stands. */
export interface SpannedUse {
  readonly name: string;
  readonly span: Span;
}

/** Variables without which rendering a tree certainly fails; texts that cannot be compiled have none. */
export function sureTreeUses(tree: Tree, environment: Environment): readonly SpannedUse[] {
  return templatesIn(tree).flatMap((text) => spanned(text, environment, () => compiledText(text, environment).sure));
}

/** Variables without which evaluating a condition certainly fails. */
export function sureConditionUses(condition: boolean | TemplateText, environment: Environment): readonly SpannedUse[] {
  if (typeof condition === 'boolean' || condition.text.trim() === '') return [];
  return spanned(condition, environment, () => compiledCondition(condition, environment).sure);
}

function spanned({ origin }: TemplateText, { globals }: Environment, uses: () => readonly NameUse[]): SpannedUse[] {
  try {
    return uses().filter(({ name }) => !globals.has(name)).map(({ name, start, end }) => ({ name, span: spanAt(origin, start, end) }));
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}

/** Every problem of a tree's templates that shows without evaluating them. */
export function checkTree(tree: Tree, environment: Environment): Diagnostic[] {
  return templatesIn(tree).flatMap((text) => problems(() => compiledText(text, environment)));
}

/** Every problem of a condition that shows without evaluating it, and a warning when it has braces. */
export function checkCondition(condition: boolean | TemplateText, environment: Environment): Diagnostic[] {
  if (typeof condition === 'boolean' || condition.text.trim() === '') return [];
  const { text, origin } = condition;
  const statement = text.indexOf('{%');
  if (statement !== -1) {
    return [problem('condition-statement', 'a condition is one expression and has no statements', spanAt(origin, statement, statement + 2), 'write the expression without {% %}')];
  }
  const braces = text.indexOf('{{');
  if (braces !== -1 && !text.includes('}}')) return [problem('condition-braces', 'this {{ has no closing }}', spanAt(origin, braces, braces + 2), 'leave it out: a condition is an expression already')];
  const found = problems(() => compiledCondition(condition, environment));
  if (braces === -1 || found.length > 0) return found;
  return [warning('condition-braces', 'a condition is an expression already and needs no braces', spanAt(origin, braces, braces + 2), 'leave out {{ and }}')];
}

function problems(compile: () => unknown): Diagnostic[] {
  try {
    compile();
    return [];
  } catch (error) {
    if (error instanceof InputError) return [...error.diagnostics];
    throw error;
  }
}

/** Every template in a tree. */
export function templatesIn(tree: Tree): TemplateText[] {
  if (tree instanceof TemplateText) return [tree];
  if (tree === null || typeof tree !== 'object') return [];
  if (isTreeList(tree)) return tree.flatMap(templatesIn);
  return tree instanceof Map ? [...(tree as ReadonlyMap<Value, Tree>).values()].flatMap(templatesIn) : [];
}

import type { Arguments, Expression } from '../expr/ast.ts';

/** What a template is made of. */
export type Statement =
  | Text | Output | If | For | SetValue | SetBlock | Macro | CallBlock | FilterBlock | Include | Import | FromImport | Extends | Block | With | Do | Autoescape;

/** Copied as it stands. */
interface Text { readonly kind: 'text'; readonly text: string }
/** `{{ value }}` */
interface Output { readonly kind: 'output'; readonly value: Expression }
/** `{% if %}` with its `elif`s and `else`. */
export interface If { readonly kind: 'if'; readonly branches: readonly { readonly test: Expression; readonly body: Body }[]; readonly otherwise: Body }
/** `{% for target in items if filter recursive %}` */
export interface For {
  readonly kind: 'for';
  readonly target: Target;
  readonly items: Expression;
  readonly filter: Expression | null;
  readonly recursive: boolean;
  readonly body: Body;
  readonly otherwise: Body;
}
/** `{% set target = value %}` */
interface SetValue { readonly kind: 'set'; readonly target: Target; readonly value: Expression }
/** `{% set name %}…{% endset %}`; the filters stand around a placeholder. */
interface SetBlock { readonly kind: 'set-block'; readonly target: Target; readonly filter: Expression | null; readonly body: Body }
/** `{% macro name(params) %}` */
export interface Macro { readonly kind: 'macro'; readonly name: string; readonly params: readonly Parameter[]; readonly body: Body }
/** `{% call(params) target(…) %}` */
export interface CallBlock { readonly kind: 'call'; readonly call: Expression; readonly given: Arguments; readonly params: readonly Parameter[]; readonly body: Body }
/** `{% filter upper %}` */
interface FilterBlock { readonly kind: 'filter'; readonly filter: Expression; readonly body: Body }
/** `{% include 'name' %}` */
export interface Include { readonly kind: 'include'; readonly template: Expression; readonly ignoreMissing: boolean; readonly withContext: boolean }
/** `{% import 'name' as alias %}` */
export interface Import { readonly kind: 'import'; readonly template: Expression; readonly alias: string; readonly withContext: boolean }
/** `{% from 'name' import a as b %}` */
export interface FromImport {
  readonly kind: 'from';
  readonly template: Expression;
  readonly names: readonly (readonly [name: string, alias: string])[];
  readonly withContext: boolean;
}
/** `{% extends 'name' %}` */
interface Extends { readonly kind: 'extends'; readonly template: Expression }
/** `{% block name %}` */
export interface Block { readonly kind: 'block'; readonly name: string; readonly scoped: boolean; readonly body: Body }
/** `{% with a = 1 %}` */
interface With { readonly kind: 'with'; readonly values: readonly (readonly [Target, Expression])[]; readonly body: Body }
/** `{% do list.append(1) %}` */
interface Do { readonly kind: 'do'; readonly value: Expression }
/** `{% autoescape false %}`: nothing is ever escaped here. */
interface Autoescape { readonly kind: 'autoescape'; readonly body: Body }

/** Statements in order. */
export type Body = readonly Statement[];
/** A macro's parameter. */
export interface Parameter { readonly name: string; readonly fallback: Expression | null }
/** What `for` and `set` assign to: a name, a namespace's attribute, or several of them. */
export type Target = { readonly name: string; readonly attribute?: string } | readonly Target[];

/** Every name that a target binds. */
export function targetNames(target: Target): string[] {
  if ('name' in target) return target.attribute === undefined ? [target.name] : [];
  return target.flatMap(targetNames);
}

/** The name under which the text of a block is piped into its filters. */
export const BLOCK_TEXT = ' text';

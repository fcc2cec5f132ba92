import type { Value } from './value.ts';

/** An expression, with its place in the text it was written in (offsets, `end` exclusive). */
export type Expression =
  | Literal | Name | ListLiteral | TupleLiteral | DictLiteral | Attribute | Item | Slice | Call | Filter | Test
  | Unary | Binary | Compare | Logical | Not | Concat | Conditional;

interface At {
  readonly start: number;
  readonly end: number;
}

/** `5`, `'a'`, `none`. */
interface Literal extends At { readonly kind: 'literal'; readonly value: Value }
/** A variable or global. */
interface Name extends At { readonly kind: 'name'; readonly name: string }
/** `[a, b]`. */
interface ListLiteral extends At { readonly kind: 'list'; readonly items: readonly Expression[] }
/** `(a, b)`. */
interface TupleLiteral extends At { readonly kind: 'tuple'; readonly items: readonly Expression[] }
/** `{a: b}`. */
interface DictLiteral extends At { readonly kind: 'dict'; readonly pairs: readonly (readonly [Expression, Expression])[] }
/** `target.name`. */
interface Attribute extends At { readonly kind: 'attribute'; readonly target: Expression; readonly name: string }
/** `target[index]`, `target.0`. */
interface Item extends At { readonly kind: 'item'; readonly target: Expression; readonly index: Expression }
/** `from:to:step` inside brackets. */
interface Slice extends At { readonly kind: 'slice'; readonly from: Expression | null; readonly to: Expression | null; readonly step: Expression | null }
/** Arguments as written in a call, a filter or a test. */
export interface Arguments {
  readonly args: readonly Expression[];
  readonly named: readonly (readonly [string, Expression])[];
  /** `*list` */
  readonly spread: Expression | null;
  /** `**dict` */
  readonly spreadNamed: Expression | null;
}
/** `target(…)`. */
export interface Call extends At, Arguments { readonly kind: 'call'; readonly target: Expression }
/** `target | name(…)`; no target in a `{% filter %}` block. */
export interface Filter extends At, Arguments { readonly kind: 'filter'; readonly target: Expression; readonly name: string; readonly nameAt: At }
/** `target is name(…)`. */
export interface Test extends At, Arguments { readonly kind: 'test'; readonly target: Expression; readonly name: string; readonly nameAt: At }
/** `-a`, `+a`. */
interface Unary extends At { readonly kind: 'unary'; readonly operator: '-' | '+'; readonly operand: Expression }
/** The operators that calculate. */
export type Arithmetic = '+' | '-' | '*' | '/' | '//' | '%' | '**';
/** `a + b`. */
interface Binary extends At { readonly kind: 'binary'; readonly operator: Arithmetic; readonly left: Expression; readonly right: Expression }
/** The operators that compare. */
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';
/** `a < b <= c`: each pair of neighbours must hold. */
export interface Compare extends At { readonly kind: 'compare'; readonly first: Expression; readonly rest: readonly (readonly [Comparison, Expression])[] }
/** `a and b`, `a or b`: gives one of its operands. */
export interface Logical extends At { readonly kind: 'logical'; readonly operator: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
/** `not a`. */
interface Not extends At { readonly kind: 'not'; readonly operand: Expression }
/** `a ~ b ~ c`. */
interface Concat extends At { readonly kind: 'concat'; readonly parts: readonly Expression[] }
/** `value if test else otherwise`. */
export interface Conditional extends At { readonly kind: 'conditional'; readonly test: Expression; readonly value: Expression; readonly otherwise: Expression | null }

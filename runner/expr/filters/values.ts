import { asBool, asString, asText } from '../arguments.ts';
import { truthy } from '../convert.ts';
import { define, type Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import { numeric } from '../numbers.ts';
import { own } from '../../util/own.ts';
import { use } from '../operators.ts';
import { toText, typeName } from '../text.ts';
import { Undefined, type Value } from '../value.ts';

/** Ansible's `bool` filter: what does not say yes is false. */
export function toBoolean(value: Value): Value {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return ['yes', 'on', '1', 'true'].includes(value.toLowerCase());
  const number = numeric(value);
  return number ? ('int' in number ? number.int == 1 : number.float === 1) : false;
}

/** Filters that ask what a value is. */
export const VALUE_FILTERS: readonly Entry[] = [
  ...define('default d', 'default_value? boolean?', (value, [fallback = '', boolean]) =>
    value instanceof Undefined || (asBool(boolean) && !truthy(value)) ? fallback : value),
  ...define('mandatory', 'msg?', (value, [message]) => {
    if (!(value instanceof Undefined)) return value;
    const [, name] = /^('[^']*') is undefined$/.exec(value.hint) ?? [];
    throw new ExpressionError(message === undefined || message === null ? `Mandatory variable ${name === undefined ? '' : `${name} `} not defined.` : toText(message), value.at);
  }),
  ...define('ternary', 'true_val false_val none_val?', (value, [yes = null, no = null, none = null]) => {
    if (value === null && none !== null) return none;
    return truthy(use(value)) ? yes : no;
  }),
  ...define('bool', '', toBoolean),
  ...define('type_debug', '', (value) => (typeof value === 'string' ? 'str' : typeName(value))),
  ...define('comment', 'style? newline? beginning? prefix? prefix_count? decoration? postfix? postfix_count? end?', (value, args) => comment(asString(value), args)),
];

const STYLES: Readonly<Record<string, readonly [beginning: string, decoration: string, end: string]>> = {
  plain: ['', '# ', ''], erlang: ['', '% ', ''], c: ['', '// ', ''], cblock: ['/*', ' * ', ' */'], xml: ['<!--', ' - ', '-->'],
};

function comment(text: string, args: readonly (Value | undefined)[]): string {
  const given = (index: number, fallback: string): string => asText(args[index], fallback);
  const style = own(STYLES, given(0, 'plain'));
  if (!style) throw new ExpressionError(`'${given(0, 'plain')}' is no style of comment`);
  const newline = given(1, '\n');
  const decoration = given(5, style[1]);
  const bare = decoration.trimEnd();
  const beginning = given(2, style[0]);
  const prefix = given(3, bare);
  const end = given(8, style[2]);
  const head = beginning === '' ? '' : beginning + newline;
  const before = prefix === '' ? '' : (prefix === newline ? newline : prefix + newline).repeat(Number(given(4, '1')));
  const body = (decoration + text.split(newline).join(newline + decoration)).split(decoration + newline).join(bare + newline);
  const after = (newline + given(6, bare)).repeat(Number(given(7, '1')));
  return head + before + body + after + (end === '' ? '' : newline + end);
}

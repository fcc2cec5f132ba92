import type { Arguments, Arithmetic, Comparison, Expression } from './ast.ts';
import { interpolated, opensBraces, parseBraces } from './condition-braces.ts';
import type { TokenStream } from './token-stream.ts';
import { makeFloat, makeInt } from './numbers.ts';

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);
/** Words that cannot be the bare argument of a test. */
const AFTER_TEST = new Set(['else', 'or', 'and', 'if', 'in', 'not']);

/** Words that stand between values and are never one. */
const JOINING = new Set(['and', 'or', 'in', 'is', 'if', 'else']);

/** Reads one expression; a conditional one unless told otherwise (the sequence of a `for` has its own `if`). */
export function parseExpression(stream: TokenStream, conditional = true): Expression {
  return stream.nested(() => (conditional ? parseConditional(stream) : parseOr(stream)));
}

/** Reads an expression, or several with commas between them, which make a tuple. `ends` tells where a trailing comma may stand. */
export function parseTuple(stream: TokenStream, options: { conditional?: boolean; parenthesised?: boolean; ends?: () => boolean } = {}): Expression {
  const { start } = stream.current;
  const items: Expression[] = [];
  let tuple = false;
  const atEnd = (): boolean => stream.is('end') || stream.is('op', ')') || (options.ends?.() ?? false);
  for (;;) {
    if (items.length > 0) stream.expect('op', ',');
    if (atEnd()) break;
    items.push(parseExpression(stream, options.conditional));
    if (!stream.is('op', ',')) break;
    tuple = true;
  }
  const [only] = items;
  if (!tuple && only) return only;
  if (!tuple && !options.parenthesised) stream.missing('a value');
  return { kind: 'tuple', items, start, end: stream.lastEnd };
}

function parseConditional(stream: TokenStream): Expression {
  let value = parseOr(stream);
  while (stream.skip('name', 'if')) {
    const test = parseOr(stream);
    const otherwise = stream.skip('name', 'else') ? stream.nested(() => parseConditional(stream)) : null;
    stream.countOperator();
    value = { kind: 'conditional', test, value, otherwise, start: value.start, end: stream.lastEnd };
  }
  return value;
}

function parseOr(stream: TokenStream): Expression {
  let left = parseAnd(stream);
  while (stream.skip('name', 'or')) {
    const right = parseAnd(stream);
    stream.countOperator();
    left = { kind: 'logical', operator: 'or', left, right, start: left.start, end: right.end };
  }
  return left;
}

function parseAnd(stream: TokenStream): Expression {
  let left = parseNot(stream);
  while (stream.skip('name', 'and')) {
    const right = parseNot(stream);
    stream.countOperator();
    left = { kind: 'logical', operator: 'and', left, right, start: left.start, end: right.end };
  }
  return left;
}

function parseNot(stream: TokenStream): Expression {
  const { start } = stream.current;
  if (!stream.skip('name', 'not')) return parseCompare(stream);
  const operand = stream.nested(() => parseNot(stream));
  return { kind: 'not', operand, start, end: operand.end };
}

function parseCompare(stream: TokenStream): Expression {
  const first = parseSum(stream);
  const rest: (readonly [Comparison, Expression])[] = [];
  for (;;) {
    const operator = comparison(stream);
    if (operator === undefined) break;
    stream.countOperator();
    rest.push([operator, parseSum(stream)]);
  }
  return rest.length === 0 ? first : { kind: 'compare', first, rest, start: first.start, end: stream.lastEnd };
}

function comparison(stream: TokenStream): Comparison | undefined {
  const { kind, text } = stream.current;
  if (kind === 'op' && COMPARISONS.has(text)) return stream.next().text as Comparison;
  if (stream.skip('name', 'in')) return 'in';
  const following = stream.peek(1);
  if (!stream.is('name', 'not') || following.kind !== 'name' || following.text !== 'in') return undefined;
  stream.next();
  stream.next();
  return 'not in';
}

function parseSum(stream: TokenStream): Expression {
  return leftToRight(stream, ['+', '-'], parseConcat);
}

function parseConcat(stream: TokenStream): Expression {
  const first = parseProduct(stream);
  const parts = [first];
  while (stream.skip('op', '~')) {
    stream.countOperator();
    parts.push(parseProduct(stream));
  }
  return parts.length === 1 ? first : { kind: 'concat', parts, start: first.start, end: stream.lastEnd };
}

function parseProduct(stream: TokenStream): Expression {
  return leftToRight(stream, ['*', '/', '//', '%'], parsePower);
}

/** Unlike Python's, Jinja's power groups from the left and binds less than a sign. */
function parsePower(stream: TokenStream): Expression {
  return leftToRight(stream, ['**'], parseUnary);
}

function leftToRight(stream: TokenStream, operators: readonly Arithmetic[], operand: (stream: TokenStream) => Expression): Expression {
  let left = operand(stream);
  for (;;) {
    const operator = operators.find((each) => stream.is('op', each));
    if (operator === undefined) return left;
    stream.next();
    stream.countOperator();
    const right = operand(stream);
    left = { kind: 'binary', operator, left, right, start: left.start, end: right.end };
  }
}

function parseUnary(stream: TokenStream, withFilters = true): Expression {
  const { start } = stream.current;
  let node: Expression;
  if (stream.is('op', '-') || stream.is('op', '+')) {
    const operator = stream.next().text === '-' ? '-' : '+';
    const operand = stream.nested(() => parseUnary(stream, false));
    node = { kind: 'unary', operator, operand, start, end: operand.end };
  } else {
    node = parsePrimary(stream);
  }
  node = parsePostfix(stream, node);
  return withFilters ? parseFilters(stream, node) : node;
}

/** Reads a literal, a name, or something in brackets. */
function parsePrimary(stream: TokenStream): Expression {
  const token = stream.current;
  const { start, end } = token;
  if (token.kind === 'name') {
    if (JOINING.has(token.text)) return stream.missing('a value');
    stream.next();
    if (/^[Tt]rue$/.test(token.text)) return { kind: 'literal', value: true, start, end };
    if (/^[Ff]alse$/.test(token.text)) return { kind: 'literal', value: false, start, end };
    if (/^[Nn]one$/.test(token.text)) return { kind: 'literal', value: null, start, end };
    return { kind: 'name', name: token.text, start, end };
  }
  if (token.kind === 'string') {
    let value = '';
    while (stream.is('string')) value += stream.next().text;
    return interpolated(stream, token, parseExpression) ?? { kind: 'literal', value, start, end: stream.lastEnd };
  }
  if (token.kind === 'int') {
    stream.next();
    return { kind: 'literal', value: makeInt(BigInt(token.text.replaceAll('_', ''))), start, end };
  }
  if (token.kind === 'float') {
    stream.next();
    return { kind: 'literal', value: makeFloat(Number(token.text.replaceAll('_', ''))), start, end };
  }
  if (stream.skip('op', '(')) {
    const inner = stream.nested(() => parseTuple(stream, { parenthesised: true }));
    stream.expect('op', ')');
    return { ...inner, start, end: stream.lastEnd };
  }
  if (stream.is('op', '[')) return parseList(stream);
  if (opensBraces(stream)) return parseBraces(stream, parseExpression);
  if (stream.is('op', '{')) return parseDict(stream);
  return stream.missing('a value');
}

function parseList(stream: TokenStream): Expression {
  const { start } = stream.expect('op', '[');
  const items: Expression[] = [];
  while (!stream.is('op', ']')) {
    if (items.length > 0) stream.expect('op', ',');
    if (stream.is('op', ']')) break;
    items.push(parseExpression(stream));
  }
  stream.expect('op', ']');
  return { kind: 'list', items, start, end: stream.lastEnd };
}

function parseDict(stream: TokenStream): Expression {
  const { start, end } = stream.expect('op', '{');
  if (stream.is('op', '{') && stream.current.start === end) stream.fail('braces within braces', 'leave the inner {{ and }} out: what stands between them is an expression already');
  const pairs: (readonly [Expression, Expression])[] = [];
  while (!stream.is('op', '}')) {
    if (pairs.length > 0) stream.expect('op', ',');
    if (stream.is('op', '}')) break;
    const key = parseExpression(stream);
    stream.expect('op', ':');
    pairs.push([key, parseExpression(stream)]);
  }
  stream.expect('op', '}');
  return { kind: 'dict', pairs, start, end: stream.lastEnd };
}

function parsePostfix(stream: TokenStream, target: Expression): Expression {
  let node = target;
  for (;;) {
    if (stream.is('op', '.')) node = parseAttribute(stream, node);
    else if (stream.is('op', '[')) node = parseItem(stream, node);
    else if (stream.is('op', '(')) node = parseCall(stream, node);
    else return node;
    stream.countOperator();
  }
}

function parseAttribute(stream: TokenStream, target: Expression): Expression {
  stream.next();
  const { kind, text, start, end } = stream.current;
  if (kind === 'name') {
    stream.next();
    return { kind: 'attribute', target, name: text, start: target.start, end };
  }
  if (kind !== 'int') return stream.missing('a name or number');
  stream.next();
  const index: Expression = { kind: 'literal', value: makeInt(BigInt(text.replaceAll('_', ''))), start, end };
  return { kind: 'item', target, index, start: target.start, end };
}

function parseItem(stream: TokenStream, target: Expression): Expression {
  const { start } = stream.next();
  const indexes: Expression[] = [];
  while (!stream.is('op', ']')) {
    if (indexes.length > 0) stream.expect('op', ',');
    indexes.push(parseIndex(stream));
  }
  stream.expect('op', ']');
  const [only] = indexes;
  const index: Expression = indexes.length === 1 && only ? only : { kind: 'tuple', items: indexes, start, end: stream.lastEnd };
  return { kind: 'item', target, index, start: target.start, end: stream.lastEnd };
}

function parseIndex(stream: TokenStream): Expression {
  const { start } = stream.current;
  const bound = (): Expression | null => (stream.is('op', ':') || stream.is('op', ']') || stream.is('op', ',') ? null : parseExpression(stream));
  const from = bound();
  if (!stream.skip('op', ':')) return from ?? stream.missing('an index');
  const to = bound();
  const step = stream.skip('op', ':') ? bound() : null;
  return { kind: 'slice', from, to, step, start, end: stream.lastEnd };
}

function parseCall(stream: TokenStream, target: Expression): Expression {
  const given = parseArguments(stream);
  return { kind: 'call', target, ...given, start: target.start, end: stream.lastEnd };
}

/** Reads `(a, b, c=d, *e, **f)`. */
function parseArguments(stream: TokenStream): Arguments {
  const opening = stream.expect('op', '(');
  const args: Expression[] = [];
  const named: (readonly [string, Expression])[] = [];
  let spread: Expression | null = null;
  let spreadNamed: Expression | null = null;
  let comma = false;
  const ensure = (valid: boolean): void => {
    if (!valid) stream.fail('positional arguments stand before named ones', undefined, opening);
  };
  while (!stream.is('op', ')')) {
    if (comma) {
      stream.expect('op', ',');
      if (stream.is('op', ')')) break;
    }
    comma = true;
    if (stream.skip('op', '*')) {
      ensure(!spread && !spreadNamed);
      spread = parseExpression(stream);
    } else if (stream.skip('op', '**')) {
      ensure(!spreadNamed);
      spreadNamed = parseExpression(stream);
    } else if (stream.is('name') && stream.peek(1).kind === 'op' && stream.peek(1).text === '=') {
      ensure(!spreadNamed);
      const name = stream.next().text;
      stream.next();
      named.push([name, parseExpression(stream)]);
    } else {
      ensure(!spread && !spreadNamed && named.length === 0);
      args.push(parseExpression(stream));
    }
  }
  stream.expect('op', ')');
  return { args, named, spread, spreadNamed };
}

const NO_ARGUMENTS: Arguments = { args: [], named: [], spread: null, spreadNamed: null };

function parseFilters(stream: TokenStream, target: Expression): Expression {
  let node = target;
  for (;;) {
    if (stream.skip('op', '|')) node = parseFilter(stream, node);
    else if (stream.skip('name', 'is')) node = parseTest(stream, node);
    else if (stream.is('op', '(')) node = parseCall(stream, node);
    else return node;
    stream.countOperator();
  }
}

/** Reads a filter's name and arguments, the `|` already taken. */
export function parseFilter(stream: TokenStream, target: Expression): Expression {
  if (stream.is('op', '|')) stream.fail("'||' is no operator", "write 'or'");
  const { name, nameAt } = parseDottedName(stream, 'a filter', "name one, as in | default('')");
  const given = stream.is('op', '(') ? parseArguments(stream) : NO_ARGUMENTS;
  return { kind: 'filter', target, name, nameAt, ...given, start: target.start, end: stream.lastEnd };
}

function parseTest(stream: TokenStream, target: Expression): Expression {
  const negated = stream.skip('name', 'not');
  const { name, nameAt } = parseDottedName(stream, 'a test', 'name one, as in: is defined');
  let given = NO_ARGUMENTS;
  const { kind, text } = stream.current;
  if (stream.is('op', '(')) {
    given = parseArguments(stream);
  } else if (kind === 'string' || kind === 'int' || kind === 'float' || (kind === 'op' && (text === '[' || text === '{')) || (kind === 'name' && !AFTER_TEST.has(text))) {
    if (text === 'is' && kind === 'name') stream.fail("tests cannot be chained with 'is'", "join them with 'and'");
    given = { ...NO_ARGUMENTS, args: [parsePostfix(stream, parsePrimary(stream))] };
  }
  const test: Expression = { kind: 'test', target, name, nameAt, ...given, start: target.start, end: stream.lastEnd };
  return negated ? { kind: 'not', operand: test, start: test.start, end: test.end } : test;
}

function parseDottedName(stream: TokenStream, what: string, help: string): { name: string; nameAt: { start: number; end: number } } {
  const first = stream.is('name') ? stream.next() : stream.missing(what, help);
  let name = first.text;
  while (stream.skip('op', '.')) name += `.${stream.expect('name').text}`;
  return { name, nameAt: { start: first.start, end: stream.lastEnd } };
}

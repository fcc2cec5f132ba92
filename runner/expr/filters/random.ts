import { randomInt } from 'node:crypto';
import { asInt, iterate } from '../arguments.ts';
import { truthy } from '../convert.ts';
import { define, type Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import { Mersenne } from '../mersenne.ts';
import { isInteger } from '../numbers.ts';
import { isList, isMapping, type Value } from '../value.ts';

/** Draws numbers below a limit. */
type Draw = (limit: number) => number;

function drawing(seed: Value | undefined): Draw {
  if (seed === undefined || seed === null) return (limit) => randomInt(limit);
  const generator = new Mersenne(seed);
  return (limit) => generator.below(limit);
}

function pick(value: Value, start: Value | undefined, step: Value | undefined, draw: Draw): Value {
  if (isInteger(value)) {
    const from = start === undefined || start === null ? 0 : asInt(start, 0);
    const by = step === undefined || step === null ? 1 : asInt(step, 1) || 1;
    const count = Math.ceil((Number(value) - from) / by);
    if (count <= 0) throw new ExpressionError(`empty range for randrange() (${from}, ${value}, ${Number(value) - from})`);
    return from + by * draw(count);
  }
  if (!isList(value) && typeof value !== 'string') throw new ExpressionError('random can only be used on sequences and integers');
  if ((start !== undefined && truthy(start)) || (step !== undefined && truthy(step))) throw new ExpressionError('start and step can only be used with integer values');
  const all = iterate(value);
  if (all.length === 0) throw new ExpressionError('Cannot choose from an empty sequence');
  return all[draw(all.length)] ?? null;
}

function shuffle(value: Value, seed: Value | undefined): Value {
  const draw = drawing(seed !== undefined && truthy(seed) ? seed : undefined);
  if (typeof value !== 'string' && !isList(value) && !isMapping(value)) return value;
  const list = [...iterate(value)];
  for (let i = list.length - 1; i > 0; i--) {
    const j = draw(i + 1);
    [list[i], list[j]] = [list[j] ?? null, list[i] ?? null];
  }
  return list;
}

/** Filters that draw lots; with a seed, Python's numbers. */
export const RANDOM_FILTERS: readonly Entry[] = [
  ...define('random', 'start? step? seed?', (value, [start, step, seed]) => pick(value, start, step, drawing(seed))),
  ...define('shuffle', 'seed?', (value, [seed]) => shuffle(value, seed)),
];

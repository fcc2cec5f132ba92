import { createHash } from 'node:crypto';
import { numeric } from './numbers.ts';
import { toText } from './text.ts';
import type { Value } from './value.ts';

const SIZE = 624;
const PERIOD = 397;

/** Python's `random.Random(seed)`: the same numbers for the same seed, so that `random(seed=inventory_hostname)` agrees with Ansible. */
export class Mersenne {
  readonly #state = new Uint32Array(SIZE);
  #index = SIZE;

  constructor(seed: Value) {
    const number = numeric(seed);
    this.#seed(number && 'int' in number ? BigInt(number.int) : textSeed(toText(seed)));
  }

  /** A number below `limit`, each as likely. */
  below(limit: number): number {
    const bits = limit.toString(2).length;
    for (;;) {
      const drawn = this.#bits(bits);
      if (drawn < limit) return drawn;
    }
  }

  #bits(count: number): number {
    if (count <= 32) return this.#next() >>> (32 - count);
    const low = this.#next();
    return (this.#next() >>> (64 - count)) * 2 ** 32 + low;
  }

  #seed(value: bigint): void {
    const key: number[] = [];
    for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 32n) key.push(Number(rest & 0xffffffffn));
    if (key.length === 0) key.push(0);
    const state = this.#state;
    state[0] = 19_650_218;
    for (let i = 1; i < SIZE; i++) state[i] = Math.imul(1_812_433_253, mixed(state, i)) + i;
    let [i, j] = [1, 0];
    for (let k = Math.max(SIZE, key.length); k > 0; k--) {
      state[i] = ((state[i] ?? 0) ^ Math.imul(mixed(state, i), 1_664_525)) + (key[j] ?? 0) + j;
      i = this.#advance(i);
      j = (j + 1) % key.length;
    }
    for (let k = SIZE - 1; k > 0; k--) {
      state[i] = ((state[i] ?? 0) ^ Math.imul(mixed(state, i), 1_566_083_941)) - i;
      i = this.#advance(i);
    }
    state[0] = 0x80000000;
  }

  #advance(i: number): number {
    if (i + 1 < SIZE) return i + 1;
    this.#state[0] = this.#state[SIZE - 1] ?? 0;
    return 1;
  }

  #next(): number {
    if (this.#index >= SIZE) this.#twist();
    let y = this.#state[this.#index++] ?? 0;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < SIZE; i++) {
      const y = ((state[i] ?? 0) & 0x80000000) | ((state[(i + 1) % SIZE] ?? 0) & 0x7fffffff);
      state[i] = (state[(i + PERIOD) % SIZE] ?? 0) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#index = 0;
  }
}

function mixed(state: Uint32Array, i: number): number {
  const before = state[i - 1] ?? 0;
  return before ^ (before >>> 30);
}

function textSeed(text: string): bigint {
  const bytes = Buffer.from(text, 'utf8');
  return BigInt(`0x${Buffer.concat([bytes, createHash('sha512').update(bytes).digest()]).toString('hex')}`);
}

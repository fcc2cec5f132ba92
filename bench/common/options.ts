import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What every benchmark takes on its command line. */
export interface BenchOptions {
  /** Fewer sizes and rounds: for a look, not for RESULTS.md. */
  readonly quick: boolean;
  /** The built program that is measured. */
  readonly program: string;
  /** Rounds of an interleaved pass; the benchmark's own number without it. */
  readonly rounds: number | undefined;
  /** Numbers of hosts, where the benchmark has any. */
  readonly hosts: readonly number[] | undefined;
  /** Leave out the contenders that take minutes. */
  readonly alone: boolean;
}

/** Reads the command line: `--quick`, `--alone`, `--rounds N`, `--hosts 10,50`, `--program PATH`. */
export function benchOptions(words: readonly string[] = process.argv.slice(2)): BenchOptions {
  const { values } = parseArgs({
    args: [...words],
    options: { quick: { type: 'boolean', default: false }, alone: { type: 'boolean', default: false }, rounds: { type: 'string' }, hosts: { type: 'string' }, program: { type: 'string' } },
  });
  return {
    quick: values.quick,
    alone: values.alone,
    program: resolve(values.program ?? join(import.meta.dirname, '../../dist/main.cjs')),
    rounds: values.rounds === undefined ? undefined : Number(values.rounds),
    hosts: values.hosts?.split(',').map(Number),
  };
}

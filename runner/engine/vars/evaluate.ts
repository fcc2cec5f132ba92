import { NeedFacts } from '../../vars/need-facts.ts';
import type { Batch } from '../batch.ts';
import { gatherFacts } from './facts.ts';

/** Evaluates something free of effects over a host's variables; when it turns out to need facts, gathers them and evaluates again. */
export async function evaluate<T>(batch: Batch, signal: AbortSignal, work: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof NeedFacts)) throw error;
      await gatherFacts(batch, error.host, signal);
    }
  }
}

import type { WalkEnd } from './walk/walk.ts';

/** When the failure of some hosts stops all: compiled once per batch from the play's keywords. */
export interface FailurePolicy {
  /** True when the batch must stop after this lane ended so. */
  stops(host: string, end: WalkEnd): boolean;
}

/**
 * `any_errors_fatal` (given per end, since tasks can say it too) and `max_fail_percentage`: the batch stops when **more** than
 * that share of its hosts has failed.
 */
export function failurePolicy(hosts: readonly string[], maxFailPercentage: number | undefined, isFatal: (host: string, end: WalkEnd) => boolean): FailurePolicy {
  const failed = new Set<string>();
  return {
    stops(host, end) {
      if (end.kind === 'ended') return end.scope === 'play' || end.scope === 'batch';
      if (end.kind !== 'failed' && end.kind !== 'gate') return false;
      failed.add(host);
      if (isFatal(host, end)) return true;
      return maxFailPercentage !== undefined && (failed.size / hosts.length) * 100 > maxFailPercentage;
    },
  };
}

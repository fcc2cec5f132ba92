import type { WalkEnd } from './walk/walk.ts';

/** What a play does with the ends of its hosts' walks. */
export interface PhaseRules {
  /** Told of a host that is out: failed, unreachable, ended. True when all others must stop as well. */
  leaves(host: string, end: WalkEnd): boolean;
  readonly forceHandlers: boolean;
  /** Hosts of the batch that are still in. */
  active(): readonly string[];
  /** Whether handlers wait for a later phase: `roles` and `tasks` flush together, as in Ansible. */
  readonly flushes: boolean;
}

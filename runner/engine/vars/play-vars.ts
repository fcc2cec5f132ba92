import type { Value } from '../../expr/value.ts';
import type { Play, Role } from '../../playbook/model.ts';
import type { Tree } from '../../template/tree.ts';

/** What a play brings to the variables of its tasks. */
export interface PlayVars {
  readonly play: Play;
  /** `vars_files` by host, weakest first. */
  readonly files: ReadonlyMap<string, readonly ReadonlyMap<string, Tree>[]>;
  readonly prompted: ReadonlyMap<string, Value>;
  /** May facts be gathered when something asks for them? */
  readonly gathers: boolean;
  /** Hosts of the play, failed ones included, of the batch, and of the batch still active. */
  readonly hosts: readonly string[];
  readonly batch: readonly string[];
  active(): readonly string[];
  readonly name: string;
  /** Roles whose variables `include_role` made public, in that order. */
  readonly exported: Role[];
}

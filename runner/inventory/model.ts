import type { Span } from '../source/span.ts';
import type { Tree } from '../template/tree.ts';

/** Variables of one source file or section, with the place for "who set this". */
export interface VarLayer {
  /** For people: `group_vars/web.yml`, `inventory.ini [web:vars]`. */
  readonly origin: string;
  readonly vars: ReadonlyMap<string, Tree>;
  /** Position of its folder among the folders of the same kind: a later folder wins over an earlier one, whatever the group. */
  readonly rank?: number;
  /** It came from an encrypted file: every string in it is a secret. */
  readonly vaulted?: boolean;
}

/** A host as the inventory knows it. Layers are in order of precedence, weakest first. */
export interface Host {
  readonly name: string;
  /** Names of the groups it is directly in (not `all`; `ungrouped` when in no other). */
  readonly groups: Set<string>;
  /** From the inventory's own text. */
  readonly vars: Map<string, Tree>;
  /** Where it was first named. */
  readonly at?: Span;
}

/** A group; `all` and `ungrouped` always exist. */
export interface Group {
  readonly name: string;
  /** Direct members, in the order in which they were named. */
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly parents: Set<string>;
  readonly vars: Map<string, Tree>;
  /** `ansible_group_priority`, default 1. */
  priority: number;
  readonly at?: Span;
}

/** Everything read from the inventory sources. Mutable only through `add_host` and `group_by`. */
export interface Inventory {
  readonly hosts: Map<string, Host>;
  readonly groups: Map<string, Group>;
  /** Paths as given with `-i`; `host,list` for host lists. */
  readonly sources: readonly string[];
  /** Variables from group_vars/ and host_vars/ folders, by folder kind. */
  readonly folders: {
    readonly inventory: FolderVars;
    playbook: FolderVars;
  };
  /** Counts changes of hosts and groups (`change.ts` keeps it), so that what was computed from them can be kept until the next one. */
  version?: number;
}

/** The contents of one or more group_vars/ and host_vars/ folders: name → layers, weakest first. */
export interface FolderVars {
  readonly group: ReadonlyMap<string, readonly VarLayer[]>;
  readonly host: ReadonlyMap<string, readonly VarLayer[]>;
}

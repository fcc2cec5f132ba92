import { childOf, childrenOf, type XmlElement } from './cluster-xml.ts';

/** A member as `clustat -x` sees it. */
interface ClusterMember {
  readonly name: string;
  readonly id: number;
  readonly online: boolean;
  /** The host that was asked. */
  readonly local: boolean;
  readonly rgmanager: boolean;
  readonly estranged: boolean;
}

/** A service of rgmanager. */
export interface ClusterService {
  /** With its kind: `service:IP`, `vm:web`. */
  readonly id: string;
  /** started, stopped, disabled, failed, starting, stopping, recoverable, recovering, checking, migrating, uninitialized. */
  readonly state: string;
  readonly owner: string | null;
  readonly lastOwner: string | null;
  /** Known from EL6.1 on; false before. */
  readonly frozen: boolean;
  readonly partial: boolean;
  readonly restarts: number;
  /** Seconds since 1970. */
  readonly since: number;
}

/** What `clustat -x` says. */
export interface Clustat {
  readonly name: string;
  readonly quorate: boolean;
  readonly members: readonly ClusterMember[];
  readonly services: readonly ClusterService[];
}

/** Reads the elements of `clustat -x`; undefined when they are something else. The service table is absent while rgmanager does not answer. */
export function parseClustat(root: XmlElement): Clustat | undefined {
  if (root.name !== 'clustat') return undefined;
  return {
    name: childOf(root, 'cluster')?.attributes['name'] ?? '',
    quorate: childOf(root, 'quorum')?.attributes['quorate'] === '1',
    members: childrenOf(childOf(root, 'nodes'), 'node').map(({ attributes }) => ({
      name: attributes['name'] ?? '',
      id: Number(attributes['nodeid'] ?? 0),
      online: attributes['state'] === '1',
      local: attributes['local'] === '1',
      rgmanager: attributes['rgmanager'] === '1',
      estranged: attributes['estranged'] === '1',
    })),
    services: childrenOf(childOf(root, 'groups'), 'group').map(({ attributes }) => ({
      id: attributes['name'] ?? '',
      state: attributes['state_str'] ?? '',
      owner: named(attributes['owner']),
      lastOwner: named(attributes['last_owner']),
      ...flags(attributes['flags_str'] ?? '', Number(attributes['flags'] ?? 0)),
      restarts: Number(attributes['restarts'] ?? 0),
      since: Number(attributes['last_transition'] ?? 0),
    })),
  };
}

function named(owner: string | undefined): string | null {
  return owner === undefined || owner === '' || owner === 'none' ? null : owner;
}

/** rgmanager's bits: 1 frozen, 2 partial. */
function flags(text: string, bits: number): { readonly frozen: boolean; readonly partial: boolean } {
  return { frozen: text.includes('frozen') || (bits & 1) === 1, partial: text.includes('partial') || (bits & 2) === 2 };
}

/** A service's name as people say it: without `service:`, which clusvcadm understands by itself. */
export function serviceName(id: string): string {
  return id.replace(/^service:/, '');
}

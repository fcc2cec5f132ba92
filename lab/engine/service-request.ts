import type { Cluster } from './cluster.ts';
import type { FenceDomain } from './fencing.ts';
import type { ServiceRecord } from './wire.ts';

/** What clusvcadm gets back: rgmanager's code and the id of the node the service ended on. */
export interface ServiceReply {
  readonly code: number;
  readonly owner: number;
}

/** rgmanager's reply codes, as clusvcadm prints and exits with them. */
const REPLY = {
  success: 0,
  failure: -1,
  serviceFailed: -2,
  noService: -4,
  invalid: -8,
  noQuorum: -9,
  alreadyRunning: -10,
  frozen: -11,
  targetDead: -12,
  fencing: -13,
  backOnOwner: -17,
} as const;

/** Operations of clusvcadm, as the tool's letters. */
export type ServiceOperation = 'e' | 'd' | 's' | 'R' | 'r' | 'Z' | 'U';

/** Carries out what clusvcadm asks for and waits for the result. `target` 0: any node. */
export async function serviceRequest(cluster: Cluster, fence: FenceDomain, operation: ServiceOperation, name: string, target: number): Promise<ServiceReply> {
  const record = cluster.services[name];
  const owner = record?.owner ?? 0;
  const refused = refusal(cluster, fence, operation, record, target);
  if (refused !== undefined || record === undefined) return { code: refused ?? REPLY.noService, owner };
  const wanted = ask(cluster, operation, name, record, target);
  if (wanted === undefined) return { code: REPLY.success, owner };
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    await new Promise((wake) => setTimeout(wake, 30));
    const now = cluster.services[name];
    if (now === undefined) return { code: REPLY.noService, owner: 0 };
    if (now.state === 'failed') return { code: REPLY.serviceFailed, owner: 0 };
    if (wanted === 'rest' && (now.state === 'stopped' || now.state === 'disabled')) return { code: REPLY.success, owner: 0 };
    if (wanted === 'started' && now.state === 'stopped') return { code: REPLY.failure, owner: 0 };
    if (wanted === 'started' && now.state === 'started') {
      const back = operation === 'r' && now.owner === owner && target !== owner;
      return { code: back ? REPLY.backOnOwner : REPLY.success, owner: now.owner };
    }
  }
  return { code: REPLY.failure, owner: 0 };
}

function refusal(cluster: Cluster, fence: FenceDomain, operation: ServiceOperation, record: ServiceRecord | undefined, target: number): number | undefined {
  if (!cluster.quorate()) return REPLY.noQuorum;
  if (record === undefined || record.state === 'removed') return REPLY.noService;
  if (fence.blocked()) return REPLY.fencing;
  if (record.frozen && operation !== 'U' && operation !== 'Z') return REPLY.frozen;
  if (record.state === 'failed' && operation !== 'd') return REPLY.serviceFailed;
  if (operation === 'r' && record.state === 'disabled') return REPLY.invalid;
  if (target !== 0 && !cluster.resourceMembers().includes(target)) return REPLY.targetDead;
  if (operation === 'e' && record.state === 'started') return REPLY.alreadyRunning;
  return undefined;
}

/** Writes the record that makes it happen; tells what to wait for, undefined for nothing. */
function ask(cluster: Cluster, operation: ServiceOperation, name: string, record: ServiceRecord, target: number): 'started' | 'rest' | undefined {
  const running = record.owner !== 0 && ['started', 'starting'].includes(record.state);
  const others = cluster.resourceMembers().filter((id) => id !== record.owner);
  const goesTo = target || (operation === 'r' ? others[0] : undefined) || record.owner || cluster.id;
  switch (operation) {
    case 'Z':
    case 'U':
      cluster.put(name, { frozen: operation === 'Z' });
      return undefined;
    case 'd':
    case 's': {
      const rest = operation === 'd' ? 'disabled' : 'stopped';
      if (running) cluster.put(name, { state: 'stopping', next: { rest } });
      else cluster.put(name, { state: rest, owner: 0, next: rest === 'stopped' ? { rest } : undefined });
      return 'rest';
    }
    case 'e':
      cluster.put(name, { state: 'starting', owner: target || cluster.id, next: undefined });
      return 'started';
    case 'R':
    case 'r':
      if (running && operation === 'r' && target === record.owner) return 'started';
      cluster.put(name, running ? { state: 'stopping', next: { start: goesTo } } : { state: 'starting', owner: goesTo, next: undefined });
      return 'started';
  }
}

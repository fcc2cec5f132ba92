import type { Cluster } from './cluster.ts';
import { clusterId } from './config.ts';
import type { FenceDomain } from './fencing.ts';

/** The state of the cluster as one node sees it, as lines of words: what the simulated tools print from. */
export function dump(cluster: Cluster, fence: FenceDomain): string {
  const { config } = cluster;
  const members = cluster.members();
  const running = cluster.resourceMembers();
  const lines = [
    `cluster ${config.name} ${clusterId(config.name)} ${cluster.generation}`,
    `config ${config.version}`,
    `two_node ${config.twoNode ? 1 : 0}`,
    `votes ${cluster.expectedVotes()} ${cluster.totalVotes()} ${cluster.quorum()} ${cluster.quorate() ? 1 : 0}`,
    `self ${cluster.id} ${cluster.nodeName(cluster.id)} ${cluster.loaded.addresses.get(cluster.id) ?? ''}`,
    `rgmanager ${cluster.rgmanager ? 1 : 0} ${cluster.rgmanager && !fence.blocked() ? 1 : 0}`,
    `fence ${cluster.fenceJoined ? 1 : 0} ${fence.master()} ${cluster.victims.size > 0 ? 'fencing' : 'none'}`,
    `fenced ${cluster.fenceMembers().join(' ')}`,
    `victims ${[...cluster.victims.keys()].join(' ')}`,
  ];
  for (const node of config.nodes) {
    const peer = cluster.peers.get(node.id);
    const self = node.id === cluster.id;
    const member = members.includes(node.id);
    const joined = Math.floor((self ? cluster.joinedAt : (peer?.joinedAt ?? 0)) / 1000);
    const incarnation = self ? 4 : (peer?.incarnation ?? 0);
    const status = member ? 'M' : 'X';
    const address = cluster.loaded.addresses.get(node.id) ?? '-';
    const flags = `${self ? 1 : 0} ${running.includes(node.id) ? 1 : 0}`;
    lines.push(`node ${node.id} ${node.name} ${status} ${incarnation} ${member ? joined : 0} ${address} ${node.votes} ${flags}`);
  }
  for (const [name, record] of Object.entries(cluster.services).sort(([left], [right]) => (left < right ? -1 : 1))) {
    if (record.state === 'removed') continue;
    const owner = cluster.nodeName(record.owner);
    lines.push(`service ${name} ${record.state} ${owner} ${cluster.nodeName(record.last)} ${record.restarts} ${record.transition} ${record.frozen ? 1 : 0}`);
  }
  for (const [id, { master, how }] of fence.history) lines.push(`history ${id} ${master} ${how}`);
  return `${lines.join('\n')}\n`;
}

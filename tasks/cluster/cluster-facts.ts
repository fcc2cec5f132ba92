import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Text, params } from '../../runner/task/params.ts';
import type { JsonObject } from '../../runner/util/json.ts';
import { serviceName, type Clustat } from '../parse/clustat.ts';
import { configVersion, fingerprintOf } from '../parse/cluster-canon.ts';
import { parseXml, type XmlResult } from '../parse/cluster-xml.ts';
import { parseCmanNodes, parseCmanStatus, parseFenceStatus, type CmanNode, type CmanStatus, type FenceStatus } from '../parse/cman.ts';
import { lookClustat } from './look-cluster.ts';

interface Seen {
  readonly clustat: Clustat | undefined;
  readonly status: CmanStatus | undefined;
  readonly nodes: readonly CmanNode[];
  readonly fence: FenceStatus | undefined;
  readonly file: XmlResult | undefined;
}

/** What a node knows of its cluster. */
export default defineTask<{ path: string }, Seen>({
  name: 'cluster_facts',
  summary: 'What a node knows of its cman/rgmanager cluster: members, quorum, services and their owners, fencing, versions.',
  description: `Never fails because the cluster is down: \`running\` is false then. Gives \`name\`, \`quorate\`, \`nodes\` (by name: id, online, local,
rgmanager), \`services\` (by name: state, owner, last_owner, frozen), \`config_version\` that runs, \`config\` of the file (version, fingerprint:
equal on nodes whose files mean the same), \`fence\` (joined, members, victims, waiting), votes and addresses. For \`until\`, \`assert\` and gates.`,
  examples: `- name: Wait until both nodes are members
  cluster_facts:
  register: cluster
  until: cluster.nodes.values() | selectattr('rgmanager') | list | length == 2
  retries: 30
  delay: 2
`,
  params: params({ path: Text.default('/etc/cluster/cluster.conf').describe('The configuration file.') }),
  volatile: true,
  async probe({ path }, host) {
    const [clustat, status, nodes, fence, content] = await Promise.all([
      lookClustat(host),
      host.read(sh`cman_tool status`, parseCmanStatus),
      host.read(sh`cman_tool nodes`, parseCmanNodes),
      host.read(sh`fence_tool ls`, parseFenceStatus),
      host.readFile(path),
    ]);
    return { clustat, status, nodes, fence, file: content === null ? undefined : await parseXml(content.toString()) };
  },
  plan: () => [],
  result: (_, seen) => factsOf(seen),
});

/** The result, from all that was seen. */
function factsOf({ clustat, status, nodes, fence, file }: Seen): JsonObject {
  const members =
    clustat?.members.map(({ name, id, online, local, rgmanager, estranged }) => [name, { id, online, local, rgmanager, estranged }] as const) ??
    nodes.map(
      ({ name, id, state }) =>
        [name, { id, online: state === 'member', local: name === status?.nodeName, rgmanager: false, estranged: state === 'disallowed' }] as const,
    );
  const services = (clustat?.services ?? []).map(
    ({ id, state, owner, lastOwner, frozen, partial, restarts, since }) =>
      [serviceName(id), { state, owner, last_owner: lastOwner, frozen, partial, restarts, since }] as const,
  );
  const root = file && 'root' in file ? file.root : undefined;
  return {
    running: status !== undefined || clustat !== undefined,
    name: clustat?.name ?? status?.name ?? root?.attributes['name'] ?? null,
    quorate: clustat?.quorate ?? status?.quorate ?? false,
    rgmanager: clustat?.members.some(({ local, rgmanager }) => local && rgmanager) ?? false,
    nodes: Object.fromEntries(members),
    online: members.filter(([, { online }]) => online).map(([name]) => name),
    services: Object.fromEntries(services),
    config_version: status?.configVersion ?? null,
    config: root ? { version: configVersion(root) ?? 0, fingerprint: fingerprintOf(root) } : null,
    fence: fence
      ? { joined: status !== undefined && fence.members.includes(status.nodeId), members: [...fence.members], victims: fence.victims, waiting: fence.waiting }
      : null,
    ...(status && {
      node_name: status.nodeName,
      node_id: status.nodeId,
      expected_votes: status.expectedVotes,
      total_votes: status.totalVotes,
      quorum: status.quorum,
      two_node: status.flags.includes('2node'),
      multicast: [...status.multicast],
      addresses: [...status.addresses],
    }),
  };
}

import { ipv4Number } from '../parse/cidr.ts';
import { childOf, childrenOf, type XmlElement } from '../parse/cluster-xml.ts';
import { doubled, hint } from './name-list.ts';
import { checkResources } from './resource-check.ts';

/** How strictly to look. */
export interface CheckOptions {
  /** Names may also be defined in the file that is not known yet. */
  readonly partial: boolean;
  readonly fencing: 'optional' | 'required';
}

/** What is wrong with a configuration, in words; the schema alone accepts most of it. Empty when it is right. */
export function checkCluster(root: XmlElement, options: CheckOptions): readonly string[] {
  const rm = childOf(root, 'rm');
  return [
    ...checkName(root),
    ...checkNodes(root),
    ...checkVotes(root),
    ...checkFencing(root, options),
    ...checkDomains(root, rm),
    ...checkResources(rm, options.partial),
  ];
}

function checkName(root: XmlElement): readonly string[] {
  const name = root.attributes['name'] ?? '';
  const problems = [];
  if (name === '') problems.push('the cluster has no name');
  // cman keeps 16 bytes with the end; longer names are cut and then differ.
  if (name.length > 15) problems.push(`the cluster's name '${name}' is longer than 15 characters`);
  const multicast = childOf(childOf(root, 'cman'), 'multicast')?.attributes['addr'];
  const first = multicast === undefined ? 239 : Math.floor((ipv4Number(multicast) ?? 0) / 2 ** 24);
  if (!multicast?.includes(':') && (first < 224 || first > 239)) problems.push(`'${multicast}' is not a multicast address`);
  return problems;
}

function nodesOf(root: XmlElement): readonly XmlElement[] {
  return childrenOf(childOf(root, 'clusternodes'), 'clusternode');
}

function checkNodes(root: XmlElement): readonly string[] {
  const nodes = nodesOf(root);
  const problems: string[] = [];
  if (nodes.length === 0) problems.push('there are no cluster nodes');
  for (const name of doubled(nodes.map(({ attributes }) => (attributes['name'] ?? '').toLowerCase()))) problems.push(`node '${name}' is listed twice`);
  for (const id of doubled(nodes.map(({ attributes }) => attributes['nodeid'] ?? ''))) problems.push(`nodeid ${id} is used twice`);
  for (const { attributes } of nodes) {
    const name = attributes['name'] ?? '';
    if (name === '' || /\s/.test(name)) problems.push(`'${name}' is not a name for a node`);
    if (name.startsWith('NEEDNAME-')) problems.push(`node '${name}' still has the placeholder of ccs_tool for a name`);
    if (/^(localhost|127\.)/.test(name)) problems.push(`node '${name}' is loopback: cman refuses it`);
    if (!/^[1-9]\d*$/.test(attributes['nodeid'] ?? '')) problems.push(`node '${name}' needs a nodeid of 1 or more, not '${attributes['nodeid'] ?? ''}'`);
    if (!/^[1-9]\d*$/.test(attributes['votes'] ?? '1')) problems.push(`node '${name}' needs a vote of 1 or more, not '${attributes['votes']}'`);
  }
  return problems;
}

function checkVotes(root: XmlElement): readonly string[] {
  const cman = childOf(root, 'cman')?.attributes ?? {};
  const nodes = nodesOf(root);
  const votes = nodes.reduce((sum, { attributes }) => sum + Number(attributes['votes'] ?? 1), 0);
  const expected = cman['expected_votes'];
  if (expected !== undefined && !/^[1-9]\d*$/.test(expected)) return [`expected_votes must be 1 or more, not '${expected}'`];
  if (cman['two_node'] !== '1') {
    const quorumDisk = childOf(root, 'quorumd') !== undefined;
    return expected !== undefined && !quorumDisk && Number(expected) > votes ? [`expected_votes is ${expected}, but all nodes together have ${votes}`] : [];
  }
  const problems = [];
  if (nodes.length !== 2) problems.push(`two_node is set, but there ${nodes.length === 1 ? 'is 1 node' : `are ${nodes.length} nodes`}`);
  if (expected !== '1') problems.push(`two_node needs expected_votes 1, not ${expected ?? 'the sum of the votes'}`);
  if (nodes.some(({ attributes }) => (attributes['votes'] ?? '1') !== '1')) problems.push('two_node needs one vote for each node');
  return problems;
}

/** XML ids: the schema makes device names ids, so they are unique and start with a letter. */
const ID = /^[A-Za-z_][\w.-]*$/;

function checkFencing(root: XmlElement, { partial, fencing }: CheckOptions): readonly string[] {
  const devices = childrenOf(childOf(root, 'fencedevices'), 'fencedevice').map(({ attributes }) => attributes);
  const names = devices.map((device) => device['name'] ?? '');
  const problems = doubled(names).map((name) => `fence device '${name}' is listed twice`);
  for (const device of devices) {
    if (!ID.test(device['name'] ?? '')) problems.push(`'${device['name'] ?? ''}' is not a name for a fence device: it must start with a letter`);
    if (!device['agent']) problems.push(`fence device '${device['name'] ?? ''}' has no agent`);
  }
  for (const node of nodesOf(root)) {
    const name = node.attributes['name'] ?? '';
    const methods = childrenOf(childOf(node, 'fence'), 'method');
    const used = [...methods, ...childrenOf(node, 'unfence')]
      .flatMap((method) => childrenOf(method, 'device'))
      .map(({ attributes }) => attributes['name'] ?? '');
    for (const method of doubled(methods.map(({ attributes }) => attributes['name'] ?? ''))) problems.push(`node '${name}' has two fence methods '${method}'`);
    if (!partial)
      for (const device of used)
        if (!names.includes(device)) problems.push(`node '${name}' is fenced by '${device}', which is no fence device${hint(device, names)}`);
    if (fencing === 'required' && !methods.some((method) => childrenOf(method, 'device').length > 0))
      problems.push(`node '${name}' has no fence device: when it dies, nothing is recovered`);
  }
  return problems;
}

function checkDomains(root: XmlElement, rm: XmlElement | undefined): readonly string[] {
  const domains = childrenOf(childOf(rm, 'failoverdomains'), 'failoverdomain');
  const nodes = nodesOf(root).map(({ attributes }) => attributes['name'] ?? '');
  const problems = doubled(domains.map(({ attributes }) => attributes['name'] ?? '')).map((name) => `failover domain '${name}' is listed twice`);
  for (const domain of domains) {
    const members = childrenOf(domain, 'failoverdomainnode').map(({ attributes }) => attributes);
    const name = domain.attributes['name'] ?? '';
    if (members.length === 0) problems.push(`failover domain '${name}' has no members`);
    for (const twice of doubled(members.map((member) => member['name'] ?? ''))) problems.push(`failover domain '${name}' has the member '${twice}' twice`);
    for (const member of members) {
      const node = member['name'] ?? '';
      if (!nodes.includes(node)) problems.push(`failover domain '${name}' has the member '${node}', which is no cluster node${hint(node, nodes)}`);
      const priority = Number(member['priority'] ?? 1);
      if (!(priority >= 1 && priority <= 100)) problems.push(`failover domain '${name}': the priority of '${node}' must be from 1 to 100`);
    }
  }
  return problems;
}

import { DOMParser, type Element } from '@xmldom/xmldom';

/** One node of cluster.conf, with its fence methods in order. */
export interface NodeConfig {
  readonly name: string;
  readonly id: number;
  readonly votes: number;
  readonly methods: readonly (readonly Readonly<Record<string, string>>[])[];
}

/** One service of cluster.conf with what it consists of. */
export interface ServiceConfig {
  readonly name: string;
  readonly autostart: boolean;
  readonly recovery: string;
  /** Node names, best first; empty when the service has no failover domain. */
  readonly preferred: readonly string[];
  readonly restricted: boolean;
  readonly resources: readonly { readonly kind: string; readonly attributes: Readonly<Record<string, string>> }[];
}

/** What the simulated daemons take from cluster.conf. */
export interface ClusterConfig {
  readonly name: string;
  readonly version: number;
  readonly twoNode: boolean;
  readonly expectedVotes: number | undefined;
  readonly nodes: readonly NodeConfig[];
  readonly fenceDevices: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly services: readonly ServiceConfig[];
  /** Seconds, as in the file or EL6's default. */
  readonly postJoinDelay: number;
  readonly postFailDelay: number;
  readonly overrideTime: number;
  readonly tokenMilliseconds: number;
}

/** Parses text as XML. @throws Error with `line N: reason` when it is not well-formed. */
export function parseXml(text: string): Element {
  const failures: string[] = [];
  const parser = new DOMParser({ onError: (level, message) => level !== 'warning' && failures.push(message) });
  try {
    const root = parser.parseFromString(text, 'text/xml').documentElement;
    if (root !== null && failures.length === 0) return root;
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error));
  }
  throw new Error(failures[0]?.split('\n')[0] ?? 'no element');
}

/** The elements of that name below an element, at any depth. */
function elements(root: Element, name: string): readonly Element[] {
  return [...root.getElementsByTagName(name)];
}

/** The elements directly in an element. */
export function children(parent: Element): readonly Element[] {
  return [...parent.childNodes].filter((node): node is Element => node.nodeType === 1);
}

/** An element's attributes as a record. */
function attributes(element: Element): Readonly<Record<string, string>> {
  return Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]));
}

/** Reads cluster.conf the way cman does: what is missing gets its default, what is unknown is passed over. */
export function readClusterConfig(text: string): ClusterConfig {
  const root = parseXml(text);
  const cman = elements(root, 'cman')[0];
  const daemon = elements(root, 'fence_daemon')[0];
  const expected = cman?.getAttribute('expected_votes');
  const seconds = (name: string, otherwise: number): number => Number(daemon?.getAttribute(name) ?? otherwise);
  return {
    name: root.getAttribute('name') ?? '',
    version: Number.parseInt(root.getAttribute('config_version') ?? '', 10) || 0,
    twoNode: cman?.getAttribute('two_node') === '1',
    expectedVotes: expected ? Number(expected) : undefined,
    nodes: elements(root, 'clusternode').map(nodeConfig),
    fenceDevices: new Map(elements(root, 'fencedevice').map((device) => [device.getAttribute('name') ?? '', attributes(device)])),
    services: elements(root, 'service').map((service) => serviceConfig(root, service)),
    postJoinDelay: seconds('post_join_delay', 6),
    postFailDelay: seconds('post_fail_delay', 0),
    overrideTime: seconds('override_time', 3),
    tokenMilliseconds: Number(elements(root, 'totem')[0]?.getAttribute('token') ?? 10_000),
  };
}

function nodeConfig(node: Element): NodeConfig {
  return {
    name: node.getAttribute('name') ?? '',
    id: Number(node.getAttribute('nodeid') ?? 0),
    votes: Number(node.getAttribute('votes') ?? 1),
    methods: elements(node, 'method').map((method) => elements(method, 'device').map(attributes)),
  };
}

function serviceConfig(root: Element, service: Element): ServiceConfig {
  const domain = elements(root, 'failoverdomain').find((each) => each.getAttribute('name') === service.getAttribute('domain'));
  const members = domain === undefined ? [] : elements(domain, 'failoverdomainnode');
  return {
    name: service.getAttribute('name') ?? service.getAttribute('ref') ?? '',
    autostart: service.getAttribute('autostart') !== '0',
    recovery: service.getAttribute('recovery') ?? 'restart',
    preferred: [...members].sort((left, right) => priority(left) - priority(right)).map((member) => member.getAttribute('name') ?? ''),
    restricted: domain?.getAttribute('restricted') === '1',
    resources: children(service).map((element) => resolveReference(root, element)),
  };
}

function priority(member: Element): number {
  return Number(member.getAttribute('priority') ?? 0);
}

/** `<ip ref="10.0.0.1"/>` in a service stands for the element of that name or address in `<resources>`. */
function resolveReference(root: Element, element: Element): ServiceConfig['resources'][number] {
  const reference = element.getAttribute('ref');
  const shared = elements(root, 'resources').flatMap(children);
  const target = shared.find((each) => each.tagName === element.tagName && [each.getAttribute('name'), each.getAttribute('address')].includes(reference));
  return { kind: element.tagName, attributes: { ...(target && attributes(target)), ...attributes(element) } };
}

/** The number cman makes of a cluster's name: FNV-1a folded to 16 bits. */
export function clusterId(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return ((hash >>> 16) ^ (hash & 0xffff)) & 0xffff;
}

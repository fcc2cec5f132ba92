import { element, type XmlElement } from '../parse/cluster-xml.ts';
import type { ConfParams } from './conf-params.ts';

type Given = Readonly<Record<string, unknown>>;

/** The configuration a task describes, as elements; a node whose fencing is not given has no `fence` yet. config_version is left out. */
export function desiredTree(params: ConfParams): XmlElement {
  const two = params.two_node ?? params.nodes.length === 2;
  const expected = params.expected_votes ?? (two ? 1 : undefined);
  const cman = element(
    'cman',
    { two_node: two ? '1' : undefined, expected_votes: text(expected), ...values(params.cman) },
    params.multicast === undefined ? [] : [element('multicast', { addr: params.multicast })],
  );
  const { attributes, failover_domains, resources, services } = params.rm;
  return element('cluster', { name: params.name }, [
    ...(Object.keys(cman.attributes).length + cman.children.length > 0 ? [cman] : []),
    ...(Object.keys(params.totem).length > 0 ? [element('totem', values(params.totem))] : []),
    ...(Object.keys(params.fence_daemon).length > 0 ? [element('fence_daemon', values(params.fence_daemon))] : []),
    element('clusternodes', {}, params.nodes.map(nodeElement)),
    element(
      'fencedevices',
      {},
      params.fence_devices.map((device) => element('fencedevice', values(device))),
    ),
    element('rm', values(attributes), [
      element('failoverdomains', {}, failover_domains.map(domainElement)),
      element('resources', {}, resources.map(resourceElement)),
      ...services.map(serviceElement),
    ]),
  ]);
}

/** What ccs_tool writes for a node nothing is known of: a method that has no device. */
export const EMPTY_FENCE = element('fence', {}, [element('method', { name: 'single' })]);

function nodeElement(node: ConfParams['nodes'][number], index: number): XmlElement {
  const device = (given: Given): XmlElement => element('device', values(given));
  return element('clusternode', { name: node.name, votes: text(node.votes), nodeid: text(node.nodeid ?? index + 1), ...values(node.attributes) }, [
    ...(node.altname === undefined ? [] : [element('altname', { name: node.altname })]),
    ...(node.fence === undefined
      ? []
      : [
          element(
            'fence',
            {},
            node.fence.map(({ method, devices }) => element('method', { name: method }, devices.map(device))),
          ),
        ]),
    ...(node.unfence === undefined ? [] : [element('unfence', {}, node.unfence.map(device))]),
  ]);
}

function domainElement({ name, ordered, restricted, nofailback, nodes }: ConfParams['rm']['failover_domains'][number]): XmlElement {
  const flags = { ordered: ordered ? '1' : '0', restricted: restricted ? '1' : '0', nofailback: nofailback ? '1' : '0' };
  return element(
    'failoverdomain',
    { name, nofailback: flags.nofailback, ordered: flags.ordered, restricted: flags.restricted },
    nodes.map((node) => element('failoverdomainnode', { name: node.name, priority: text(node.priority) })),
  );
}

function serviceElement({ name, autostart, exclusive, recovery, domain, attributes, resources }: ConfParams['rm']['services'][number]): XmlElement {
  return element(
    'service',
    { autostart: autostart ? '1' : '0', domain, exclusive: exclusive ? '1' : '0', name, recovery, ...values(attributes) },
    resources.map(resourceElement),
  );
}

/** The attribute that `{kind: VALUE}` for short means. */
function shortFor(kind: string): string {
  return kind === 'ip' ? 'address' : 'ref';
}

function resourceElement(entry: Given): XmlElement {
  const [kind = '', given] = Object.entries(entry)[0] ?? [];
  if (typeof given === 'string') return element(kind, { [shortFor(kind)]: given });
  const { resources = [], ...attributes } = given as Given;
  return element(kind, values(attributes), (resources as readonly Given[]).map(resourceElement));
}

function values(given: Given): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => [key, attribute(key, value)]),
  );
}

/** YAML reads `on` as true. ip takes anything but "no" and "0" for on, "off" included: the seed of that trap is not written. */
function attribute(key: string, value: unknown): string {
  if (typeof value === 'boolean') return key === 'monitor_link' ? (value ? 'on' : '0') : value ? '1' : '0';
  return String(value as string | number);
}

function text(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

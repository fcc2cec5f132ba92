import { childOf, childrenOf, element, isElement, type XmlElement, type XmlNode } from '../parse/cluster-xml.ts';
import { EMPTY_FENCE } from './conf-tree.ts';

/** A merged configuration, and what the file has beside what the task says. */
export interface Merged {
  readonly root: XmlElement;
  /** Labels of elements and attributes the task does not name: kept, or removed with `prune`. */
  readonly unmanaged: readonly string[];
}

const MANAGED = ['cman', 'totem', 'fence_daemon', 'clusternodes', 'fencedevices', 'rm'];
const VOTING = ['two_node', 'expected_votes'];

/**
 * Joins what a task says with what a file has. Nodes become exactly what is said. Fence devices, domains, resources and services that are
 * said become exactly that; others stay, as do elements and attributes that are not named at all, unless `prune`.
 */
export function mergeCluster(existing: XmlElement | undefined, desired: XmlElement, prune: boolean): Merged {
  const unmanaged: string[] = [];
  const keep = <T>(items: readonly T[], label: (item: T) => string): readonly T[] => {
    unmanaged.push(...items.map(label));
    return prune ? [] : items;
  };
  const attributesOf = (old: XmlElement | undefined, wanted: XmlElement | undefined, owned: readonly string[] = []): Record<string, string> => {
    const extra = Object.entries(old?.attributes ?? {}).filter(([key]) => !(key in (wanted?.attributes ?? {})) && !owned.includes(key));
    return { ...wanted?.attributes, ...Object.fromEntries(keep(extra, ([key]) => `${old?.name}@${key}`)) };
  };
  const single = (name: string, owned: readonly string[] = []): readonly XmlElement[] => {
    const [old, wanted] = [childOf(existing, name), childOf(desired, name)];
    if (!old && !wanted) return [];
    if (old && !wanted && owned.length === 0) return keep([old], () => name);
    const oldChildren = keep(
      childrenOf(old).filter((child) => !childOf(wanted, child.name)),
      (child) => `${name}/${child.name}`,
    );
    const joined = element(name, attributesOf(old, wanted, owned), [...(wanted?.children ?? []), ...oldChildren]);
    return Object.keys(joined.attributes).length + joined.children.length > 0 ? [joined] : [];
  };
  const named = (old: readonly XmlElement[], wanted: readonly XmlElement[]): readonly XmlElement[] => {
    const keys = new Set(wanted.map(identity));
    return [
      ...wanted,
      ...keep(
        old.filter((each) => !keys.has(identity(each))),
        label,
      ),
    ];
  };
  const list = (name: string, parents: readonly [XmlElement | undefined, XmlElement | undefined]): XmlElement =>
    element(name, {}, named(childrenOf(childOf(parents[0], name)), childrenOf(childOf(parents[1], name))));

  const [oldRm, rm] = [childOf(existing, 'rm'), childOf(desired, 'rm')];
  const groups = ['failoverdomains', 'resources'];
  const oldNodes = childrenOf(childOf(existing, 'clusternodes'), 'clusternode');
  const others = keep(
    childrenOf(existing).filter(({ name }) => !MANAGED.includes(name)),
    label,
  );
  const comments: readonly XmlNode[] = prune ? [] : (existing?.children ?? []).filter((child) => !isElement(child));
  const root = element('cluster', attributesOf(existing && element('cluster', existing.attributes), desired, ['config_version']), [
    ...comments,
    ...single('cman', VOTING),
    ...single('totem'),
    ...single('fence_daemon'),
    ...others,
    element(
      'clusternodes',
      {},
      childrenOf(childOf(desired, 'clusternodes')).map((node) => withFence(node, oldNodes, prune)),
    ),
    list('fencedevices', [existing, desired]),
    element('rm', attributesOf(oldRm, rm), [
      ...groups.map((name) => list(name, [oldRm, rm])),
      ...named(
        childrenOf(oldRm).filter(({ name }) => !groups.includes(name)),
        childrenOf(rm).filter(({ name }) => !groups.includes(name)),
      ),
    ]),
  ]);
  return { root, unmanaged };
}

/** Fencing that the task does not speak of is not thrown away. */
function withFence(node: XmlElement, oldNodes: readonly XmlElement[], prune: boolean): XmlElement {
  const old = prune ? undefined : oldNodes.find((each) => each.attributes['name'] === node.attributes['name']);
  const fence = childOf(node, 'fence') ?? childOf(old, 'fence') ?? EMPTY_FENCE;
  const unfence = childOf(node, 'unfence') ?? childOf(old, 'unfence');
  return element(node.name, node.attributes, [...childrenOf(node, 'altname'), fence, ...(unfence ? [unfence] : [])]);
}

function identity({ name, attributes }: XmlElement): string {
  return `${name} ${attributes['name'] ?? attributes['address'] ?? attributes['ref'] ?? ''}`;
}

function label(item: XmlElement): string {
  return identity(item).trim();
}

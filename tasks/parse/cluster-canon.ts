import { isElement, type XmlElement, type XmlNode } from './cluster-xml.ts';

/** Elements whose children's order means nothing: each is found by its name. Inside a service, a method or a device the order is kept. */
const UNORDERED = new Set(['cluster', 'clusternodes', 'fencedevices', 'rm', 'failoverdomains', 'failoverdomain', 'resources', 'logging']);

/** Empty groups that mean the same as nothing. */
const VOID = new Set(['fencedevices', 'failoverdomains', 'resources', 'fence', 'rm', 'unfence']);

/** A text equal for two configurations that mean the same: attributes in any order, members of lists in any order, comments and config_version left out. */
export function canonicalCluster(root: XmlElement): string {
  return JSON.stringify(canonical(root, true));
}

function canonical(node: XmlElement, top: boolean): unknown {
  const attributes = Object.entries(node.attributes)
    .filter(([key]) => !(top && key === 'config_version'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const kept = node.children.filter((child: XmlNode) => !('comment' in child) && !(isElement(child) && VOID.has(child.name) && isVoid(child)));
  const children = kept.map((child) => (isElement(child) ? canonical(child, false) : child));
  if (UNORDERED.has(node.name)) children.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return [node.name, attributes, children];
}

function isVoid({ attributes, children }: XmlElement): boolean {
  return Object.keys(attributes).length === 0 && children.filter(isElement).every((child) => VOID.has(child.name) && isVoid(child));
}

/** A short text that tells two configurations apart (64-bit FNV-1a of the canonical form): for comparing nodes, not for security. */
export function fingerprintOf(root: XmlElement): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(canonicalCluster(root))) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

/** The number of a config_version; undefined when it is none (the schema lets "abc" pass). */
export function configVersion(root: XmlElement | undefined): number | undefined {
  const text = root?.attributes['config_version'];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

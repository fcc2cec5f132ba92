import { ipv4Number } from '../parse/cidr.ts';
import { childOf, childrenOf, type XmlElement } from '../parse/cluster-xml.ts';
import { doubled, hint } from './name-list.ts';
import { own } from '../../runner/util/own.ts';

/** Kinds of resources of EL6 and the attributes none of them works without. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  ip: ['address'],
  script: ['name', 'file'],
  fs: ['name', 'mountpoint', 'device'],
  clusterfs: ['name', 'mountpoint', 'device'],
  netfs: ['name', 'mountpoint', 'host', 'export'],
  nfsclient: ['name', 'target'],
  nfsexport: ['name'],
  nfsserver: ['name'],
  lvm: ['name', 'vg_name'],
  vm: ['name'],
  apache: ['name'],
  mysql: ['name'],
  'postgres-8': ['name'],
  named: ['name'],
  openldap: ['name'],
  samba: ['name'],
  'tomcat-6': ['name'],
  'tomcat-5': ['name'],
  smb: ['name'],
  oracledb: ['name'],
  orainstance: ['name'],
  oralistener: ['name'],
  SAPInstance: ['InstanceName'],
  SAPDatabase: ['SID'],
  ASEHAagent: ['name'],
  action: ['name'],
  checkquorum: ['name'],
  'bind-mount': ['name', 'source', 'mountpoint'],
  drbd: ['name', 'resource'],
};
const RECOVERY = ['restart', 'relocate', 'disable', 'restart-disable'];

/** What is wrong with the services and resources of a configuration. */
export function checkResources(rm: XmlElement | undefined, partial: boolean): readonly string[] {
  const domains = childrenOf(childOf(rm, 'failoverdomains'), 'failoverdomain').map(({ attributes }) => attributes['name'] ?? '');
  const shared = childrenOf(childOf(rm, 'resources'));
  const services = childrenOf(rm).filter(({ name }) => name === 'service' || name === 'vm');
  const problems = doubled(services.map(({ name, attributes }) => `${name} '${attributes['name'] ?? attributes['ref'] ?? ''}'`)).map(
    (each) => `${each} is listed twice`,
  );
  for (const resource of shared) problems.push(...checkResource(resource, 'resources', shared, partial));
  for (const service of services) {
    const { name = service.attributes['ref'] ?? '', domain, recovery } = service.attributes;
    const what = `${service.name} '${name}'`;
    if (name === '') problems.push(`a ${service.name} has no name`);
    if (domain !== undefined && !partial && !domains.includes(domain))
      problems.push(`${what} names the failover domain '${domain}', which does not exist${hint(domain, domains)}`);
    if (recovery !== undefined && !RECOVERY.includes(recovery))
      problems.push(`${what} has recovery '${recovery}'; it must be one of ${RECOVERY.slice(0, 3).join(', ')}`);
    for (const resource of childrenOf(service)) problems.push(...checkResource(resource, what, shared, partial));
  }
  const addresses = [...shared, ...services]
    .flatMap((each) => all(each))
    .filter(({ name }) => name === 'ip')
    .flatMap(({ attributes }) => attributes['address'] ?? [])
    .map((address) => address.split('/')[0] ?? '');
  problems.push(...doubled(addresses).map((address) => `address ${address} is used by two resources`));
  return problems;
}

function all(node: XmlElement): readonly XmlElement[] {
  return [node, ...childrenOf(node).flatMap(all)];
}

function checkResource(resource: XmlElement, where: string, shared: readonly XmlElement[], partial: boolean): readonly string[] {
  const { name: kind, attributes } = resource;
  const required = own(KINDS, kind);
  const below = childrenOf(resource).flatMap((child) => checkResource(child, where, shared, partial));
  if (required === undefined)
    return [`${where} has a resource of the unknown kind '${kind}'${hint(kind, Object.keys(KINDS)).replace(/; known:.*/, '')}`, ...below];
  const { ref } = attributes;
  if (ref !== undefined) {
    const key = kind === 'ip' ? 'address' : 'name';
    const known = shared.filter((each) => each.name === kind).map((each) => each.attributes[key] ?? '');
    return partial || known.includes(ref) ? below : [`${where} refers to ${kind} '${ref}', which is not among the resources${hint(ref, known)}`, ...below];
  }
  const missing = required.filter((key) => (attributes[key] ?? '').trim() === '');
  const problems = missing.map((key) => `${where}: ${kind}${attributes['name'] ? ` '${attributes['name']}'` : ''} needs '${key}'`);
  if (kind === 'ip' && missing.length === 0 && !isAddress(attributes['address'] ?? '')) problems.push(`${where}: '${attributes['address']}' is not an address`);
  return [...problems, ...below];
}

function isAddress(text: string): boolean {
  const [host = '', prefix] = text.split('/');
  const six = host.includes(':');
  const limit = six ? 128 : 32;
  if (prefix !== undefined && !(/^\d+$/.test(prefix) && Number(prefix) <= limit)) return false;
  return six ? /^[0-9A-Fa-f:]+(%\w+)?$/.test(host) : ipv4Number(host) !== undefined;
}

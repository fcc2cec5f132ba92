import type { Element } from '@xmldom/xmldom';
import { children } from './config.ts';
import { own } from '../../runner/util/own.ts';

/** Which attributes an element takes, which of them it must have, and which elements may be in it. */
interface Rule {
  readonly needs?: readonly string[];
  readonly takes?: string;
  readonly holds?: string;
}

const RESOURCES =
  'ip fs script apache clusterfs netfs nfsclient nfsexport nfsserver ' +
  'lvm vm mysql postgres-8 named openldap samba tomcat-6 SAPInstance SAPDatabase oracledb ASEHAagent';
const POLICY = '__independent_subtree __enforce_timeouts __max_failures __failure_expire_time';
const SERVICE =
  'name ref domain autostart exclusive nfslock nfs_client_cache recovery depend depend_mode max_restarts restart_expire_time priority ' + POLICY;

/** What EL6.0 accepts in cluster.conf, in our own words; an element without a rule may hold and carry anything. */
const RULES: Readonly<Record<string, Rule>> = {
  cluster: {
    needs: ['name', 'config_version'],
    holds: 'cman totem quorumd fence_daemon fence_xvmd dlm gfs_controld group logging clusternodes fencedevices rm clvmd uidgid',
  },
  cman: {
    takes:
      'two_node expected_votes upgrading disallowed quorum_dev_poll shutdown_timeout ccsd_poll debug_mask port cluster_id hash_cluster_id ' +
      'nodename broadcast keyfile disable_openais',
    holds: 'multicast',
  },
  clusternodes: { holds: 'clusternode' },
  clusternode: { needs: ['name', 'nodeid'], takes: 'votes weight', holds: 'altname fence unfence multicast' },
  fence: { holds: 'method' },
  method: { needs: ['name'], holds: 'device' },
  fencedevices: { holds: 'fencedevice' },
  fencedevice: { needs: ['name', 'agent'] },
  fence_daemon: { takes: 'post_join_delay post_fail_delay override_path override_time clean_start skip_undefined' },
  totem: { takes: 'consensus join token fail_recv_const token_retransmits_before_loss_const rrp_mode secauth keyfile', holds: 'interface' },
  rm: {
    takes: 'log_level status_child_max status_poll_interval transition_throttling central_processing log_facility',
    holds: 'failoverdomains events resources service vm',
  },
  failoverdomains: { holds: 'failoverdomain' },
  failoverdomain: { needs: ['name'], takes: 'ordered restricted nofailback', holds: 'failoverdomainnode' },
  failoverdomainnode: { needs: ['name'], takes: 'priority' },
  resources: { holds: RESOURCES },
  service: { takes: SERVICE, holds: `${RESOURCES} service action` },
  ip: { takes: `address family monitor_link nfslock sleeptime ref ${POLICY}` },
};

/** Elements and attributes EL6.0 knows but whose attributes no rule lists one by one. */
const OPEN = new Set(['fencedevice', 'device', 'cluster', ...RESOURCES.split(' ').filter((name) => name !== 'ip')]);

/** What the schema of EL6.0 rejects, as `LINE: element NAME: Relax-NG validity error : …`; nothing when it is valid. */
export function schemaErrors(root: Element): readonly string[] {
  if (root.tagName !== 'cluster') return [report(root, `Expecting element cluster, got ${root.tagName}`)];
  return [...check(root), ...identities(root)];
}

function check(element: Element): readonly string[] {
  const rule = own(RULES, element.tagName) ?? {};
  const known = new Set([...(rule.needs ?? []), ...(rule.takes ?? '').split(' ')]);
  const holds = rule.holds?.split(' ');
  const errors = (rule.needs ?? [])
    .filter((name) => !element.hasAttribute(name))
    .map((name) => report(element, `Element ${element.tagName} failed to validate attributes (${name})`));
  if (element.tagName === 'service' && !element.hasAttribute('name') && !element.hasAttribute('ref')) {
    errors.push(report(element, 'Element service failed to validate attributes'));
  }
  if (own(RULES, element.tagName) !== undefined && !OPEN.has(element.tagName)) {
    const unknown = [...element.attributes].filter(({ name }) => !known.has(name));
    errors.push(...unknown.map(({ name }) => report(element, `Invalid attribute ${name} for element ${element.tagName}`)));
  }
  if (element.tagName === 'clusternode' && element.hasAttribute('nodeid') && !/^\+?0*[1-9]\d*$/.test(element.getAttribute('nodeid') ?? '')) {
    errors.push(report(element, `Type positiveInteger doesn't allow value '${element.getAttribute('nodeid') ?? ''}'`));
  }
  for (const child of children(element)) {
    if (holds !== undefined && !holds.includes(child.tagName)) errors.push(report(child, `Did not expect element ${child.tagName} there`));
    else errors.push(...check(child));
  }
  return errors;
}

/** Names of fence devices are XML identities: unique, starting with a letter, and every device must refer to one. */
function identities(root: Element): readonly string[] {
  const seen = new Set<string>();
  const errors: string[] = [];
  for (const device of root.getElementsByTagName('fencedevice')) {
    const name = device.getAttribute('name') ?? '';
    if (!/^[A-Za-z_]/.test(name)) errors.push(report(device, `xsd:ID does not allow value '${name}'`));
    if (seen.has(name)) errors.push(report(device, `ID ${name} already defined`));
    seen.add(name);
  }
  for (const device of root.getElementsByTagName('device')) {
    const name = device.getAttribute('name') ?? '';
    if (device.parentNode?.nodeName === 'method' && !seen.has(name)) errors.push(report(device, `IDREF attribute name references an unknown ID "${name}"`));
  }
  return errors;
}

function report(element: Element, message: string): string {
  return `${element.lineNumber ?? 0}: element ${element.tagName}: Relax-NG validity error : ${message}`;
}

import type { JsonObject } from '../../runner/util/json.ts';
import { keyValues } from './facts-script.ts';
import { own } from '../../runner/util/own.ts';

/** One sign of a technology. The first one that counts decides type and role; all of them are listed. */
interface Sign {
  readonly tech: string;
  readonly role: 'guest' | 'host';
}

const PRODUCTS: Readonly<Record<string, string>> = {
  KVM: 'kvm',
  'KVM Server': 'kvm',
  Bochs: 'kvm',
  AHV: 'kvm',
  'VMware Virtual Platform': 'VMware',
  'VMware7,1': 'VMware',
  'OpenStack Compute': 'openstack',
  'OpenStack Nova': 'openstack',
  'RHEV Hypervisor': 'RHEV',
  VirtualBox: 'virtualbox',
};
const BIOSES: Readonly<Record<string, string>> = { Xen: 'xen', 'innotek GmbH': 'virtualbox', 'Amazon EC2': 'kvm', DigitalOcean: 'kvm', Hetzner: 'kvm' };
const VENDORS: Readonly<Record<string, string>> = {
  QEMU: 'kvm',
  'Amazon EC2': 'kvm',
  DigitalOcean: 'kvm',
  Google: 'kvm',
  Scaleway: 'kvm',
  Nutanix: 'kvm',
  KubeVirt: 'KubeVirt',
  'Microsoft Corporation': 'VirtualPC',
  'Parallels Software International Inc.': 'parallels',
  'OpenStack Foundation': 'openstack',
  oVirt: 'oVirt',
};

/** Whether a host is a guest or has guests, and of what: containers first, then firmware, processor and modules. */
export function virtualFacts(sections: ReadonlyMap<string, string>): JsonObject {
  const signs = [...containerSigns(sections), ...machineSigns(sections)];
  const first = signs[0];
  const tech = (role: Sign['role']): string[] => [...new Set(signs.filter((sign) => sign.role === role).map((sign) => sign.tech))].sort();
  const guests = tech('guest');
  const contained = guests.some((name) => ['docker', 'lxc', 'podman', 'openvz', 'containerd', 'systemd-nspawn'].includes(name));
  return {
    virtualization_type: first?.tech ?? 'NA',
    virtualization_role: first?.role ?? 'NA',
    virtualization_tech_guest: contained && !guests.includes('container') ? [...guests, 'container'].sort() : guests,
    virtualization_tech_host: tech('host'),
  };
}

function containerSigns(sections: ReadonlyMap<string, string>): readonly Sign[] {
  const cgroup = sections.get('/proc/1/cgroup') ?? '';
  const paths = new Set((sections.get('paths') ?? '').split('\n'));
  const environment = /^container=(.+)$/m.exec(sections.get('container') ?? '')?.[1];
  const systemd = sections.get('/run/systemd/container')?.trim();
  const openvz = paths.has('/proc/vz') && !paths.has('/proc/lve');
  const found: readonly (readonly [boolean, string])[] = [
    [/\/docker(?:\/|-[0-9a-f]+\.scope)/.test(cgroup), 'docker'],
    [/\/lxc\/|\/machine\.slice\/machine-lxc/.test(cgroup), 'lxc'],
    [cgroup.includes('/system.slice/containerd.service'), 'containerd'],
    [environment?.startsWith('lxc') === true, 'lxc'],
    [environment?.startsWith('podman') === true, 'podman'],
    [environment !== undefined, 'container'],
    [openvz && !paths.has('/proc/bc'), 'openvz'],
    [systemd !== undefined && systemd !== '', systemd ?? ''],
    [paths.has('/.dockerenv') || paths.has('/.dockerinit'), 'docker'],
  ];
  return [
    ...found.filter(([holds]) => holds).map(([, tech]) => ({ tech, role: 'guest' as const })),
    ...(openvz && paths.has('/proc/bc') ? [{ tech: 'openvz', role: 'host' as const }] : []),
  ];
}

function guest(tech: string | undefined | false): readonly Sign[] {
  return tech ? [{ tech, role: 'guest' }] : [];
}

function host(tech: string | false): readonly Sign[] {
  return tech ? [{ tech, role: 'host' }] : [];
}

function machineSigns(sections: ReadonlyMap<string, string>): readonly Sign[] {
  const { product_name = '', sys_vendor = '', product_family, bios_vendor = '' } = keyValues(sections.get('virtdmi') ?? '');
  const paths = new Set((sections.get('paths') ?? '').split('\n'));
  const cpu = sections.get('virtcpu') ?? '';
  const modules = new Set((sections.get('/proc/modules') ?? '').split('\n').map((line) => line.split(' ')[0] ?? ''));
  const xenHost = (sections.get('/proc/xen/capabilities') ?? '').includes('control_d');
  return [
    ...(paths.has('/proc/xen') ? (xenHost ? host('xen') : guest('xen')) : []),
    ...guest(own(PRODUCTS, product_name)),
    ...guest(sys_vendor === 'Red Hat' && product_family === 'RHV' && 'RHV'),
    ...guest(own(BIOSES, bios_vendor)),
    ...guest(own(VENDORS, sys_vendor)),
    ...guest(product_name.startsWith('VMware') && 'VMware'),
    ...guest(/QEMU Virtual CPU|emulated by qemu/.test(cpu) && 'kvm'),
    ...guest(/User Mode Linux|UML/.test(cpu) && 'uml'),
    ...guest(cpu.includes('PowerVM Lx86') && 'powervm_lx86'),
    ...guest(cpu.includes('IBM/S390') && 'PR/SM'),
    ...host(modules.has('kvm') && 'kvm'),
    ...host(modules.has('vboxdrv') && 'virtualbox'),
    ...guest(modules.has('virtio') && 'kvm'),
    ...host(paths.has('/dev/kvm') && 'kvm'),
  ];
}

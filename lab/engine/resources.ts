import type { ServiceConfig } from './config.ts';
import type { HostAccess } from './host-access.ts';

type Resource = ServiceConfig['resources'][number];

/** Starts what a service consists of, in order; false when one of them would not start. */
export async function startResources(host: HostAccess, service: ServiceConfig): Promise<boolean> {
  for (const resource of service.resources) if (!(await start(host, resource))) return false;
  return true;
}

/** Stops what a service consists of, last first. Stopping what does not run is fine. */
export async function stopResources(host: HostAccess, service: ServiceConfig): Promise<boolean> {
  let fine = true;
  for (const resource of service.resources.toReversed()) fine = (await stop(host, resource)) && fine;
  return fine;
}

/** Whether everything a service consists of is still there. */
export async function resourcesHealthy(host: HostAccess, service: ServiceConfig): Promise<boolean> {
  for (const resource of service.resources) {
    if (resource.kind !== 'ip') continue;
    const { address } = target(resource);
    const [found] = await addresses(host, (each) => each.address === address);
    if (found === undefined || (!/^(no|0)$/.test(resource.attributes['monitor_link'] ?? '') && !found.up)) return false;
  }
  return true;
}

async function start(host: HostAccess, resource: Resource): Promise<boolean> {
  if (resource.kind === 'script') return (await host.run([resource.attributes['file'] ?? '', 'start'])).code === 0;
  if (resource.kind !== 'ip') return true;
  const { address, bits } = target(resource);
  if ((await addresses(host, (each) => each.address === address)).length > 0) return true;
  const [home] = await addresses(host, (each) => each.up && each.address !== address && sameNet(each.address, address, each.bits));
  if (home === undefined) {
    await host.log('rgmanager', `Failed to start ${address}: no interface in its network`);
    return false;
  }
  const cidr = `${address}/${bits ?? home.bits}`;
  await host.log('rgmanager', `Adding IPv4 address ${cidr} to ${home.device}`);
  const added = await host.machine(['ip', '-4', 'addr', 'add', cidr, 'dev', home.device]);
  // Tell the neighbours at once, or they would go on talking to the node that had it before.
  if (added.code === 0) void host.machine(['arping', '-q', '-c', '2', '-U', '-I', home.device, address]);
  return added.code === 0;
}

async function stop(host: HostAccess, resource: Resource): Promise<boolean> {
  if (resource.kind === 'script') return (await host.run([resource.attributes['file'] ?? '', 'stop'])).code === 0;
  if (resource.kind !== 'ip') return true;
  const { address } = target(resource);
  const [held] = await addresses(host, (each) => each.address === address);
  if (held === undefined) return true;
  await host.log('rgmanager', `Removing IPv4 address ${address}/${held.bits} from ${held.device}`);
  const removed = await host.machine(['ip', '-4', 'addr', 'del', `${address}/${held.bits}`, 'dev', held.device]);
  // Shorter than everything else: nothing in the lab has anything to finish in that time.
  const wait = (await host.seconds(Number(resource.attributes['sleeptime'] ?? 10))) * 100;
  await new Promise((wake) => setTimeout(wake, wait));
  return removed.code === 0;
}

interface HeldAddress {
  readonly device: string;
  readonly address: string;
  readonly bits: number;
  readonly up: boolean;
}

async function addresses(host: HostAccess, wanted: (held: HeldAddress) => boolean): Promise<readonly HeldAddress[]> {
  const [listed, links] = await Promise.all([host.machine(['ip', '-o', '-4', 'addr', 'show']), host.machine(['ip', '-o', 'link', 'show'])]);
  const states = [...links.stdout.matchAll(/^\d+: ([^:@]+)[^<]*<([^>]*)>/gm)];
  const up = new Set(states.filter((link) => link[2]?.split(',').includes('LOWER_UP')).map((link) => link[1]));
  return [...listed.stdout.matchAll(/^\d+: (\S+)\s+inet (\d+(?:\.\d+){3})\/(\d+)/gm)]
    .map(([, device = '', address = '', bits]) => ({ device, address, bits: Number(bits), up: up.has(device) }))
    .filter(wanted);
}

function target(resource: Resource): { readonly address: string; readonly bits: string | undefined } {
  const [address = '', bits] = (resource.attributes['address'] ?? '').split('/');
  return { address, bits };
}

/** Whether two addresses share a network of that many bits. */
function sameNet(left: string, right: string, bits: number): boolean {
  const size = 2 ** (32 - bits);
  return Math.floor(asNumber(left) / size) === Math.floor(asNumber(right) / size);
}

function asNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

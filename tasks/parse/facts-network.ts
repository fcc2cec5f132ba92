import type { Json, JsonObject } from '../../runner/util/json.ts';
import { ipv4Number, ipv4Text, maskOf, networkOf } from './cidr.ts';
import { namedBlocks } from './facts-script.ts';
import { own } from '../../runner/util/own.ts';

/** What sysfs calls the kinds of interfaces. */
const TYPES: Readonly<Record<string, string>> = { 1: 'ether', 32: 'infiniband', 512: 'ppp', 772: 'loopback', 65534: 'tunnel' };

type Facts = Record<string, Json>;

/** Interfaces with their addresses, and the ways out. */
export function networkFacts(sections: ReadonlyMap<string, string>): JsonObject {
  const links = new Map<string, Facts>(namedBlocks(sections.get('links') ?? '').map(({ name, fields }) => [name, link(name, fields)]));
  const all4: string[] = [];
  const all6: string[] = [];
  const aliases = new Map<string, { readonly fact: JsonObject; readonly alias: string; readonly device: string }>();
  for (const line of (sections.get('addresses') ?? '').split('\n')) {
    const words = line.trim().split(/\s+/);
    const device = words[1]?.replace(/@.*/, '') ?? '';
    const [, , family, given = ''] = words;
    if (family !== 'inet' && family !== 'inet6') continue;
    const [address = '', length] = given.split('/');
    const peer = words[4] === 'peer' ? words[5]?.split('/')[1] : undefined;
    const prefix = length ?? peer ?? (family === 'inet' ? '32' : '128');
    if (family === 'inet6') {
      push(at(links, device), 'ipv6', { address, prefix, scope: words[words.indexOf('scope') + 1] ?? 'global' });
      if (address !== '::1') all6.push(address);
      continue;
    }
    // The label is the last word before what newer iproutes append after a backslash.
    const shown = words.includes('\\') ? words.slice(0, words.indexOf('\\')) : words.map((word) => word.replace(/\\$/, ''));
    const flagged = shown.slice(4);
    const label = flagged.find((word) => word === device || word.startsWith(`${device}:`)) ?? device;
    const value = ipv4Number(address) ?? 0;
    const broadcast = words[4] === 'brd' ? (words[5] ?? '') : '';
    const fact = { address, broadcast, netmask: ipv4Text(maskOf(Number(prefix))), network: ipv4Text(networkOf(value, Number(prefix))), prefix };
    const home = at(links, label);
    if (home['ipv4'] === undefined && !words.includes('secondary')) home['ipv4'] = fact;
    else push(home, 'ipv4_secondaries', fact);
    if (label !== device && words.includes('secondary')) push(at(links, device), 'ipv4_secondaries', fact);
    if (!address.startsWith('127.')) all4.push(address);
    aliases.set(address, { fact, alias: label, device });
  }
  const byName = Object.fromEntries([...links].map(([name, facts]) => [name.replaceAll(/[-:]/g, '_'), facts]));
  return {
    interfaces: [...links.keys()],
    ...byName,
    all_ipv4_addresses: all4,
    all_ipv6_addresses: all6,
    default_ipv4: defaultRoute(sections.get('route4') ?? '', links, (address) => aliases.get(address)),
    default_ipv6: defaultRoute(sections.get('route6') ?? '', links, () => undefined),
  };
}

function at(links: Map<string, Facts>, name: string): Facts {
  const known = links.get(name) ?? {};
  links.set(name, known);
  return known;
}

function push(facts: Facts, key: string, value: Json): void {
  facts[key] = [...((facts[key] as readonly Json[] | undefined) ?? []), value];
}

function link(name: string, fields: readonly (readonly [string, string])[]): Facts {
  const one: Partial<Record<string, string>> = Object.fromEntries(fields);
  const { address = '', mtu, operstate, type, flags, speed, pciid, module } = one;
  const words = (key: string): string[] => (one[key] ?? '').split(/\s+/).filter(Boolean);
  return {
    device: name,
    ...(address !== '' && address !== '00:00:00:00:00:00' && { macaddress: address }),
    ...(mtu !== undefined && { mtu: Number(mtu) }),
    ...(operstate !== undefined && { active: operstate !== 'down' }),
    ...(type !== undefined && { type: own(TYPES, type) ?? 'unknown' }),
    ...(pciid !== undefined && { pciid }),
    ...(module !== undefined && { module }),
    ...(speed !== undefined && { speed: Number(speed) }),
    ...(flags !== undefined && { promisc: (Number(flags) & 0x100) > 0 }),
    ...(one['bridge'] === '1' && {
      type: 'bridge',
      interfaces: fields.filter(([key]) => key === 'port').map(([, port]) => port),
      id: one['bridge_id'] ?? '',
      stp: one['stp_state'] === '1',
    }),
    ...(one['bonding'] === '1' && {
      type: 'bonding',
      slaves: words('slaves'),
      mode: words('mode')[0] ?? '',
      miimon: words('miimon')[0] ?? '',
      lacp_rate: words('lacp_rate')[0] ?? '',
      ...(one['primary'] !== undefined && { primary: one['primary'] }),
    }),
  };
}

function defaultRoute(
  text: string,
  links: ReadonlyMap<string, Facts>,
  addressOf: (address: string) => { readonly fact: JsonObject; readonly alias: string } | undefined,
): JsonObject {
  const words = (text.split('\n')[0] ?? '').trim().split(/\s+/);
  const after = (word: string): string | undefined => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined);
  const [device, address, gateway] = [after('dev'), after('src'), after('via')];
  if (device === undefined) return {};
  const facts = links.get(device);
  const known = address === undefined ? undefined : addressOf(address);
  const six = (facts?.['ipv6'] as readonly { address: string; prefix: string; scope: string }[] | undefined)?.find((each) => each.address === address);
  return {
    interface: device,
    ...(address !== undefined && { address }),
    ...(gateway !== undefined && { gateway }),
    ...(known && { ...known.fact, alias: known.alias }),
    ...(six && { prefix: six.prefix, scope: six.scope }),
    ...(facts?.['macaddress'] !== undefined && { macaddress: facts['macaddress'] }),
    ...(facts?.['mtu'] !== undefined && { mtu: facts['mtu'] }),
    type: facts?.['type'] ?? 'unknown',
  };
}

import type { Json, JsonObject } from '../../runner/util/json.ts';
import { unescapeMount } from './fstab.ts';
import { keyValues, namedBlocks } from './facts-script.ts';

type Sections = ReadonlyMap<string, string>;

/** Memory, processors, mounts, block devices, firmware, time since boot. */
export function hardwareFacts(sections: Sections): JsonObject {
  const uptime = Number.parseFloat(sections.get('/proc/uptime') ?? '');
  const [one, five, fifteen] = (sections.get('/proc/loadavg') ?? '').split(' ').map(Number);
  return {
    ...memory(sections.get('/proc/meminfo') ?? ''),
    ...processors(sections.get('/proc/cpuinfo') ?? '', Number(sections.get('nproc') ?? 0)),
    mounts: mounts(sections),
    devices: devices(sections.get('blocks') ?? ''),
    ...firmware(keyValues(sections.get('dmi') ?? '')),
    ...(Number.isFinite(uptime) && { uptime_seconds: Math.trunc(uptime) }),
    ...(fifteen !== undefined && { loadavg: { '1m': one ?? 0, '5m': five ?? 0, '15m': fifteen } }),
  };
}

/** Megabytes, rounded down. */
function memory(text: string): JsonObject {
  const megabytes = (key: string): number => Math.floor(Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1024);
  const kilobytes = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  const [total, free, swap, swapFree] = [megabytes('MemTotal'), megabytes('MemFree'), megabytes('SwapTotal'), megabytes('SwapFree')];
  const reclaimable = kilobytes('Cached') + kilobytes('Buffers');
  const nocache = Math.floor((kilobytes('MemFree') + reclaimable) / 1024);
  return {
    memtotal_mb: total,
    memfree_mb: free,
    swaptotal_mb: swap,
    swapfree_mb: swapFree,
    memory_mb: {
      real: { total, free, used: total - free },
      nocache: { free: nocache, used: total - nocache },
      swap: { total: swap, free: swapFree, used: swap - swapFree, cached: megabytes('SwapCached') },
    },
  };
}

function processors(text: string, nproc: number): JsonObject {
  const list: string[] = [];
  const sockets = new Map<string, number>();
  let models = 0;
  let physical = '';
  let siblings = 0;
  for (const line of text.split('\n')) {
    const [key = '', value = ''] = line.split(/\s*:\s*/, 2);
    if (/^(?:model name|Processor|vendor_id|cpu|Vendor|processor)$/.test(key) && value !== '') list.push(value);
    if (key === 'model name' || key === 'Processor' || key === 'cpu') models += 1;
    if (key === 'physical id') sockets.set((physical = value), sockets.get(value) ?? 1);
    if (key === 'cpu cores') sockets.set(physical, Number(value));
    if (key === 'siblings') siblings = Number(value);
  }
  const indexes = text.match(/^processor\s*:/gm)?.length ?? 0;
  const count = sockets.size > 0 ? sockets.size : Math.max(models, indexes, 1);
  const cores = [...sockets.values()][0] ?? 1;
  const threads = siblings > 0 ? Math.max(1, Math.floor(siblings / cores)) : 1;
  return {
    processor: list,
    processor_count: count,
    processor_cores: cores,
    processor_threads_per_core: threads,
    processor_vcpus: count * cores * threads,
    processor_nproc: nproc || indexes,
  };
}

/** The size of a file system from `stat -f -c '%S %b %f %a %c %d'`; nothing for one that has none. */
export function mountSize([block = 0, total = 0, , available = 0, inodes = 0, inodesFree = 0]: readonly number[]): JsonObject {
  if (block === 0) return {};
  return {
    size_total: block * total,
    size_available: block * available,
    block_size: block,
    block_total: total,
    block_available: available,
    block_used: total - available,
    inode_total: inodes,
    inode_available: inodesFree,
    inode_used: inodes - inodesFree,
  };
}

function mounts(sections: Sections): readonly Json[] {
  const sizes = new Map(
    (sections.get('mounts') ?? '')
      .split('\n')
      .map((line) => line.split(' '))
      .map(([at = '', ...numbers]) => [at, numbers.map(Number)]),
  );
  const uuids = new Map(
    (sections.get('uuids') ?? '')
      .split('\n')
      .map((line) => line.split(' '))
      .map(([uuid = '', link = '']) => [link.split('/').at(-1) ?? '', uuid]),
  );
  return (sections.get('/proc/mounts') ?? '').split('\n').flatMap((line): Json[] => {
    const [device = '', at = '', fstype = '', options = ''] = line.split(' ');
    if (!(device.startsWith('/') || device.includes(':/')) || fstype === 'none') return [];
    const base = { device: unescapeMount(device), mount: unescapeMount(at), fstype, options, uuid: uuids.get(device.split('/').at(-1) ?? '') ?? 'N/A' };
    return [{ ...base, ...mountSize(sizes.get(at) ?? []) }];
  });
}

/** Bytes as people write them, with two digits. */
function humanSize(bytes: number): string {
  const units = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${value.toFixed(2)} ${units[unit]}`;
}

function devices(text: string): JsonObject {
  return Object.fromEntries(
    namedBlocks(text).map(({ name, fields }) => {
      const one = Object.fromEntries(fields);
      const sectorSize = one['logical_block_size'] ?? one['hw_sector_size'] ?? '512';
      const partitions = fields
        .filter(([key]) => key === 'partition')
        .map(([, value]) => value.split(' '))
        .map(([part = '', size = '0', start = '0']) => [part, { sectors: size, sectorsize: Number(sectorSize), size: humanSize(Number(size) * 512), start }]);
      return [
        name,
        {
          virtual: one['virtual'] === '1' ? 1 : 0,
          model: one['model']?.trim() ?? null,
          vendor: one['vendor']?.trim() ?? null,
          removable: one['removable'] ?? '0',
          rotational: one['rotational'] ?? '1',
          scheduler_mode: /\[([^\]]+)\]/.exec(one['scheduler'] ?? '')?.[1] ?? one['scheduler'] ?? '',
          sectors: one['size'] ?? '0',
          sectorsize: sectorSize,
          size: humanSize(Number(one['size'] ?? 0) * 512),
          holders: fields.filter(([key]) => key === 'holder').map(([, value]) => value),
          partitions: Object.fromEntries(partitions) as JsonObject,
          host: '',
        },
      ];
    }),
  );
}

const FORM_FACTORS = [
  'Unknown',
  'Other',
  'Unknown',
  'Desktop',
  'Low Profile Desktop',
  'Pizza Box',
  'Mini Tower',
  'Tower',
  'Portable',
  'Laptop',
  'Notebook',
  'Hand Held',
  'Docking Station',
  'All In One',
  'Sub Notebook',
  'Space-saving',
  'Lunch Box',
  'Main Server Chassis',
  'Expansion Chassis',
  'Sub Chassis',
  'Bus Expansion Chassis',
  'Peripheral Chassis',
  'RAID Chassis',
  'Rack Mount Chassis',
  'Sealed-case PC',
  'Multi-system',
  'CompactPCI',
  'AdvancedTCA',
  'Blade',
];

function firmware(dmi: Readonly<Record<string, string>>): JsonObject {
  const type = dmi['chassis_type'];
  const keys = [
    'bios_date',
    'bios_vendor',
    'bios_version',
    'board_asset_tag',
    'board_name',
    'board_serial',
    'board_vendor',
    'board_version',
    'chassis_asset_tag',
    'chassis_serial',
    'chassis_vendor',
    'chassis_version',
    'product_name',
    'product_serial',
    'product_uuid',
    'product_version',
  ];
  return {
    ...Object.fromEntries(keys.map((key) => [key, dmi[key] ?? 'NA'])),
    system_vendor: dmi['sys_vendor'] ?? 'NA',
    form_factor: type === undefined ? 'NA' : (FORM_FACTORS[Number(type)] ?? `unknown (${type})`),
  };
}

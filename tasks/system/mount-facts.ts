import { z } from 'zod';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { Amount, Flag, Text, Texts, params } from '../../runner/task/params.ts';
import type { Json, JsonObject } from '../../runner/util/json.ts';
import { mountSize } from '../parse/facts-hardware.ts';
import { fstabLines, printedMounts, type MountLine } from '../parse/mount-lines.ts';
import { globRegex } from '../parse/shell-glob.ts';

const DYNAMIC = ['/etc/mtab', '/proc/mounts', '/etc/mnttab'];
const STATIC = ['/etc/fstab', '/etc/vfstab', '/etc/filesystems'];

const schema = params({
  devices: Texts.optional().describe('Shell patterns of devices and remote file systems; all without it.'),
  fstypes: Texts.optional().describe('Shell patterns of types of file systems; all without it.'),
  sources: Texts.default(['all']).describe(`Files that list mounts, best first; \`dynamic\` stands for ${DYNAMIC.join(', ')} and what mount_binary says, \`static\` for ${STATIC.join(', ')}, \`all\` for both.`),
  mount_binary: Text.nullable().default('mount').describe('Program that prints what is mounted; nothing for none.'),
  timeout: Amount.optional().describe('Seconds to wait for the size of each file system; as long as it takes without it.'),
  on_timeout: z.enum(['error', 'warn', 'ignore']).default('error').describe('What it means when one does not answer in time.'),
  include_aggregate_mounts: Flag.optional().describe('Tell of all mounts in `aggregate_mounts`, also of several on one mount point; without it a warning says that there are some.'),
});
type Params = z.output<typeof schema>;

interface Seen {
  readonly mounts: readonly { readonly mount: string; readonly facts: JsonObject }[];
  readonly warnings: readonly string[];
}

/** What is mounted, and what shall be, as facts. */
export default defineTask<Params, Seen>({
  name: 'mount_facts',
  summary: 'Puts the mounts of the host into `ansible_facts.mount_points`. Changes nothing.',
  description: 'Of each mount point the first line that tells of it counts. Files are read as fstab is written; those of AIX and Solaris are not.',
  examples: `
- mount_facts: { fstypes: [nfs, nfs4], timeout: 10, on_timeout: warn }
- debug: { msg: "{{ ansible_facts.mount_points['/srv'].size_available }}" }
`,
  params: schema,
  volatile: true,
  async probe(given, host) {
    const lines = await linesOf(given, host);
    const { warnings } = lines;
    const fits = (patterns: readonly string[] | undefined, text: string): boolean => patterns === undefined || patterns.length === 0 || patterns.some((pattern) => globRegex(pattern).test(text));
    const uuids = await host.read(sh`for x in /dev/disk/by-uuid/*; do [ -L "$x" ] && echo "\${x##*/} $(readlink -f "$x")"; done; :`, ({ stdout }) => stdout.split('\n').map((line) => line.split(' ')));
    const byDevice = new Map(uuids.map(([uuid = '', device = '']) => [device, uuid]));
    const byUuid = new Map(uuids.map(([uuid = '', device = '']) => [uuid, device]));
    const wanted = lines.found.map(({ source, entry }) => {
      const uuid = /^UUID=(.*)$/.exec(entry.device)?.[1];
      return { source, entry, uuid, device: uuid === undefined ? entry.device : (byUuid.get(uuid) ?? entry.device) };
    }).filter(({ entry, device }) => fits(given.devices, device) && fits(given.fstypes, entry.fstype));
    const sizes = await sizesOf([...new Set(wanted.map(({ entry }) => entry.mount))], given, warnings, host);
    const mounts = wanted.map(({ source, entry, uuid, device }) => ({
      mount: entry.mount,
      facts: {
        device: entry.device, mount: entry.mount, fstype: entry.fstype, ...entry.more, ...sizes.get(entry.mount), uuid: uuid ?? byDevice.get(device) ?? null,
        ansible_context: { source, source_data: entry.line },
      },
    }));
    return { mounts, warnings };
  },
  plan: () => [],
  result({ include_aggregate_mounts: all }, { mounts, warnings }) {
    const points = new Map<string, Json>();
    for (const { mount, facts } of mounts) if (!points.has(mount)) points.set(mount, facts);
    return { ansible_facts: { mount_points: Object.fromEntries(points), aggregate_mounts: all === true ? mounts.map(({ facts }) => facts) : [] }, ...(warnings.length > 0 && { warnings: [...warnings] }) };
  },
});

async function linesOf({ sources, mount_binary, include_aggregate_mounts: all }: Params, host: Observer): Promise<{ found: { source: string; entry: MountLine }[]; warnings: string[] }> {
  const names = new Set(sources.flatMap((source) => {
    if (source === '') throw new TaskFailure('sources contains an empty string');
    const dynamic = [...DYNAMIC, ...(mount_binary === null ? [] : [mount_binary])];
    return source === 'all' ? [...dynamic, ...STATIC] : source === 'dynamic' ? dynamic : source === 'static' ? STATIC : [source];
  }));
  const warnings: string[] = [];
  const found = await Promise.all([...names].map(async (source) => {
    const entries = source === mount_binary ? await host.read(sh`${source}`, ({ code, stdout }) => (code === 0 ? printedMounts(stdout) : failed(source, code))) : await host.read(sh`cat ${source}`, ({ stdout }) => fstabLines(stdout));
    const points = entries.map(({ mount }) => mount);
    const repeated = source === mount_binary || all !== undefined ? [] : new Set(points.filter((point, index) => points.indexOf(point) !== index));
    for (const point of repeated) warnings.push(`mount_facts: ignoring repeat mounts for ${point}. You can disable this warning by configuring the 'include_aggregate_mounts' option as True or False.`);
    return entries.map((entry) => ({ source, entry }));
  }));
  return { found: found.flat(), warnings };
}

function failed(program: string, code: number): never {
  throw new TaskFailure(code === 127 ? `Failed to find required executable "${program}"` : `Failed to execute ${program}: exit code ${code}`, { rc: code });
}

/** Sizes by mount point; those that have none are left out. */
async function sizesOf(points: readonly string[], { timeout, on_timeout }: Params, warnings: string[], host: Observer): Promise<ReadonlyMap<string, JsonObject>> {
  if (points.length === 0) return new Map();
  const limit = timeout === undefined ? sh`stat` : sh`timeout -s KILL ${timeout} stat`;
  const script = sh`for m in ${points}; do s=$(${limit} -f -c '%S %b %f %a %c %d' -- "$m" 2>/dev/null); echo "$? $s"; done`;
  const answers = await host.read(timeout === undefined ? script : script.with({ timeout: timeout * points.length + 30 }), ({ stdout }) => stdout.split('\n'));
  return new Map(points.flatMap((point, index) => {
    const [code = '', ...numbers] = (answers[index] ?? '').split(' ');
    if (code === '137' || code === '124') {
      const message = `Timed out getting mount size for mount ${point}`;
      if (on_timeout === 'error') throw new TaskFailure(message);
      if (on_timeout === 'warn') warnings.push(message);
    }
    return code === '0' ? [[point, mountSize(numbers.map(Number))] as const] : [];
  }));
}

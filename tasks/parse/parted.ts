import { own } from '../../runner/util/own.ts';
/** A partition as `parted -m` lists it; sizes in bytes. */
export interface Partition {
  readonly number: number;
  readonly begin: number;
  readonly end: number;
  readonly size: number;
  readonly fstype: string;
  readonly name: string;
  readonly flags: readonly string[];
}

/** A disk and its partitions. */
export interface Disk {
  readonly device: string;
  readonly size: number;
  readonly logical: number;
  readonly physical: number;
  /** Kind of partition table; `unknown` for none. */
  readonly table: string;
  readonly model: string;
  readonly partitions: readonly Partition[];
}

const bytes = (text = ''): number => Number(text.replace(/B$/, ''));

/** Reads `parted -s -m DEVICE unit B print`; undefined when there is no disk in it. */
export function parseParted(text: string): Disk | undefined {
  const rows = text.split('\n').map((line) => line.replace(/;\s*$/, '').split(':'));
  const disk = rows.find((row) => row[0]?.startsWith('/'));
  if (!disk) return undefined;
  // The path of a device may have colons in it: counted from the end.
  const [size, , logical, physical, table = '', model = ''] = disk.slice(-7);
  return {
    device: disk.slice(0, -7).join(':'), size: bytes(size), logical: Number(logical), physical: Number(physical), table, model,
    partitions: rows.filter((row) => /^\d+$/.test(row[0] ?? '') && row.length >= 6).map(([number, begin, end, length, fstype = '', name = '', flags = '']) => ({
      number: Number(number), begin: bytes(begin), end: bytes(end), size: bytes(length), fstype, name, flags: flags.split(', ').map((flag) => flag.trim()).filter(Boolean),
    })),
  };
}

const UNITS: Readonly<Record<string, number>> = {
  b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3, tib: 1024 ** 4, s: 512,
};

/** The bytes of a unit of parted; undefined for one that is relative to the disk. */
export function unitBytes(unit: string): number | undefined {
  return own(UNITS, unit.toLowerCase());
}

/** A place on a disk in bytes: `100%`, `1GiB`, `512` (megabytes), `-1MiB` from the end. Undefined for what cannot be told. */
export function placeInBytes(text: string, disk: number, unit: string): number | undefined {
  const [, sign, number = '', given = ''] = /^(-?)\s*(\d+(?:\.\d+)?)\s*([A-Za-z%]*)$/.exec(text.trim()) ?? [];
  if (number === '') return undefined;
  const factor = given === '%' ? disk / 100 : unitBytes(given === '' ? unit : given);
  const place = factor === undefined ? undefined : Number(number) * factor;
  return place === undefined ? undefined : sign === '-' ? disk - place : place;
}

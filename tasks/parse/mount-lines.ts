import type { JsonObject } from '../../runner/util/json.ts';
import { unescapeMount } from './fstab.ts';

/** One mount as a line of a file, or of a program, says it. */
export interface MountLine {
  readonly line: string;
  readonly device: string;
  readonly mount: string;
  readonly fstype: string;
  /** What else the line says: options, dump and passno where they are there. */
  readonly more: JsonObject;
}

/** Lines of /etc/fstab, /etc/mtab and /proc/mounts; none when some line has another form. */
export function fstabLines(text: string): readonly MountLine[] {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  const found: MountLine[] = [];
  for (const line of lines) {
    const [device, mount, fstype, options, dump, passno] = line.split(/\s+/).map(unescapeMount);
    if (device === undefined || mount === undefined || fstype === undefined || options === undefined) return [];
    found.push({ line, device, mount, fstype, more: { options, ...whole('dump', dump), ...whole('passno', passno) } });
  }
  return found;
}

function whole(name: string, text: string | undefined): JsonObject {
  return text !== undefined && /^\d+$/.test(text) ? { [name]: Number(text) } : {};
}

/** What `mount` prints: `DEVICE on MOUNT type FSTYPE (OPTIONS)`; none when some line has another form. */
export function printedMounts(text: string): readonly MountLine[] {
  const found: MountLine[] = [];
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, device, mount, fstype, options] = /^(\S+) on (\S+) type (\S+) \((.+)\)$/.exec(line) ?? [];
    if (device === undefined || mount === undefined || fstype === undefined || options === undefined) return [];
    found.push({ line, device, mount, fstype, more: { options } });
  }
  return found;
}

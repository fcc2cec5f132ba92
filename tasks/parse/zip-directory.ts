/** One file or folder in an archive. */
export interface ArchiveEntry {
  /** Path in it; of a folder with a slash at the end. */
  readonly name: string;
  readonly size: number;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;

/** The central directory of a zip file; undefined for anything else. */
export function readZipDirectory(bytes: Buffer): readonly ArchiveEntry[] | undefined {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + 22 > bytes.length || bytes.readUInt32LE(end) !== END) return undefined;
  const entries: ArchiveEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== ENTRY) return undefined;
    const [name, extra, comment] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32)];
    entries.push({ name: bytes.toString('utf8', at + 46, at + 46 + name), size: bytes.readUInt32LE(at + 24) });
    at += 46 + name + extra + comment;
  }
  return entries;
}

/** The listing of `unzip -v`. */
export function parseUnzipListing(text: string): readonly ArchiveEntry[] {
  return text.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+\S+\s+\d+\s+-?\d+%\s+\S+\s+\S+\s+[0-9a-f]{8}\s+(.+)$/.exec(line);
    return found ? [{ name: found[2] ?? '', size: Number(found[1]) }] : [];
  });
}

/** The word that makes tar read what is compressed so, by its first bytes or, where they are not known, by its name. */
export function compressionOf(name: string, head?: Buffer): readonly string[] {
  const hex = head?.subarray(0, 6).toString('hex') ?? '';
  if (hex.startsWith('1f8b') || (head === undefined && /\.(tgz|gz)$/.test(name))) return ['-z'];
  if (hex.startsWith('425a68') || (head === undefined && /\.(tbz2?|bz2)$/.test(name))) return ['-j'];
  if (hex.startsWith('fd377a585a') || (head === undefined && /\.(txz|xz)$/.test(name))) return ['-J'];
  return hex.startsWith('28b52ffd') || (head === undefined && /\.(tzst|zst)$/.test(name)) ? ['--zstd'] : [];
}

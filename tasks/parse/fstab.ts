/** What a line of fstab says. */
export interface MountEntry {
  readonly src: string;
  readonly name: string;
  readonly fstype: string;
  readonly opts: string;
  readonly dump: string;
  readonly passno: string;
}

const escaped = (word: string): string => word.replaceAll('\\', '\\134').replaceAll(' ', '\\040').replaceAll('&', '\\046');

/** Text with `\040` and the like put back. */
export function unescapeMount(word: string): string {
  return word.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

function fieldsOf(line: string): readonly string[] | undefined {
  const text = line.trim();
  const fields = text.split(/\s+/);
  return text === '' || text.startsWith('#') || fields.length < 4 || fields.length > 6 ? undefined : fields;
}

/** Whether a line is about this mount point; swap areas have none and are told apart by what is used. */
function isAbout(fields: readonly string[], name: string, src: string | undefined): boolean {
  const [device, point, fstype] = fields;
  return point === escaped(name) && !(src !== undefined && point === 'none' && fstype === 'swap' && device !== src);
}

/** The text with the entry in it, in the place of an older one for its mount point. */
export function setFstab(text: string, entry: MountEntry): string {
  const line = [entry.src, entry.name, entry.fstype, entry.opts, entry.dump, entry.passno].map(escaped).join(' ');
  const lines = linesOf(text);
  const differs = (fields: readonly string[]): boolean => fields.length < 6 || fields.join(' ') !== line;
  let found = false;
  const next = lines.map((each) => {
    const fields = fieldsOf(each);
    if (!fields || !isAbout(fields, entry.name, entry.src)) return each;
    found = true;
    return differs(fields) ? line : each;
  });
  const all = found ? next : [...next, line];
  return found && next.every((each, index) => each === lines[index]) ? text : all.map((each) => `${each}\n`).join('');
}

/** The text without the entry of a mount point. */
export function dropFstab(text: string, name: string, src: string | undefined): string {
  const lines = linesOf(text);
  const left = lines.filter((each) => {
    const fields = fieldsOf(each);
    return !fields || !isAbout(fields, name, src);
  });
  return left.length === lines.length ? text : left.map((each) => `${each}\n`).join('');
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** What is mounted: mount point → source, of several on one point the last; a bind mount's source is its folder in the file system. */
export function parseMountinfo(text: string): ReadonlyMap<string, { readonly source: string; readonly root: string; readonly fstype: string }> {
  const found = new Map<string, { source: string; root: string; fstype: string }>();
  for (const line of text.split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const [root, point] = left.split(' ').slice(3);
    const [fstype, source] = right.split(' ');
    if (root === undefined || point === undefined || fstype === undefined || source === undefined) continue;
    found.set(unescapeMount(point), { source: unescapeMount(source), root: unescapeMount(root), fstype });
  }
  return found;
}

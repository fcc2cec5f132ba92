/** A version of a Python distribution, taken apart as PEP 440 says. */
interface Version {
  readonly epoch: number;
  /** Without zeros at its end. */
  readonly release: readonly number[];
  /** Kind and number of a pre-release. */
  readonly pre?: readonly [string, number];
  readonly post?: number;
  readonly dev?: number;
  readonly local: readonly string[];
}

const PATTERN =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|rc|c)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/;

function parseVersion(text: string): Version | undefined {
  const [all, epoch, release = '', kind, preNumber, short, post, postNumber, dev, devNumber, local] = PATTERN.exec(text.trim().toLowerCase()) ?? [];
  if (all === undefined) return undefined;
  const numbers = release.split('.').map(Number);
  while (numbers.length > 1 && numbers.at(-1) === 0) numbers.pop();
  const pre = kind === undefined ? undefined : ([kind.startsWith('a') ? 'a' : kind.startsWith('b') ? 'b' : 'rc', Number(preNumber)] as const);
  return {
    epoch: Number(epoch ?? 0),
    release: numbers,
    ...(pre && { pre }),
    ...(short !== undefined ? { post: Number(short) } : post !== undefined && { post: Number(postNumber) }),
    ...(dev !== undefined && { dev: Number(devNumber) }),
    local: local === undefined ? [] : local.split(/[-_.]/),
  };
}

function compareLists<T>(a: readonly T[], b: readonly T[], none: T, compare: (a: T, b: T) => number): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = compare(a[index] ?? none, b[index] ?? none);
    if (order !== 0) return order;
  }
  return 0;
}

const numbers = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

/** `1.0.dev1` < `1.0a1` < `1.0` < `1.0.post1`. */
function preKey({ pre, post, dev }: Version): readonly [string, number] {
  if (pre) return pre;
  return post === undefined && dev !== undefined ? ['', 0] : ['z', 0];
}

function localOrder(a: string, b: string): number {
  const [x, y] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (x && y) return numbers(Number(a), Number(b));
  if (x !== y) return a === '' ? -1 : b === '' ? 1 : x ? 1 : -1;
  return a === b ? 0 : a < b ? -1 : 1;
}

function compare(a: Version, b: Version, local = true): number {
  const [[aKind, aPre], [bKind, bPre]] = [preKey(a), preKey(b)];
  return (
    numbers(a.epoch, b.epoch) ||
    compareLists(a.release, b.release, 0, numbers) ||
    (aKind === bKind ? numbers(aPre, bPre) : aKind < bKind ? -1 : 1) ||
    numbers(a.post ?? -1, b.post ?? -1) ||
    numbers(a.dev ?? Infinity, b.dev ?? Infinity) ||
    (local ? compareLists(a.local, b.local, '', localOrder) : 0)
  );
}

/** True when the release of `seen` begins with that of `wanted` (`==1.2.*`). */
function startsWith(seen: Version, wanted: string): boolean {
  const prefix = parseVersion(wanted);
  const parts = /^v?(?:\d+!)?([\d.]+)/.exec(wanted)?.[1]?.split('.').map(Number) ?? [];
  return prefix !== undefined && prefix.epoch === seen.epoch && parts.every((part, index) => (seen.release[index] ?? 0) === part);
}

/** Whether an installed version satisfies one specifier such as `>=1.2` or `==2.*`; false for what is no version. */
export function satisfiesPythonVersion(installed: string, operator: string, wanted: string): boolean {
  if (operator === '===') return installed.toLowerCase() === wanted.toLowerCase();
  const seen = parseVersion(installed);
  const prefix = wanted.endsWith('.*') ? wanted.slice(0, -2) : undefined;
  const want = parseVersion(prefix ?? wanted);
  if (!seen || !want) return false;
  const order = compare(seen, want, want.local.length > 0);
  const sameBase = numbers(seen.epoch, want.epoch) === 0 && compareLists(seen.release, want.release, 0, numbers) === 0;
  switch (operator) {
    case '==':
      return prefix === undefined ? order === 0 : startsWith(seen, prefix);
    case '!=':
      return prefix === undefined ? order !== 0 : !startsWith(seen, prefix);
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '<':
      return compare(seen, want) < 0 && !(sameBase && want.pre === undefined && want.dev === undefined && (seen.pre !== undefined || seen.dev !== undefined));
    case '>':
      return compare(seen, want) > 0 && !(sameBase && ((want.post === undefined && seen.post !== undefined) || seen.local.length > 0));
    case '~=':
      return order >= 0 && startsWith(seen, /^v?(?:\d+!)?\d+(?:\.\d+)*(?=\.\d+)/i.exec(wanted)?.[0] ?? wanted);
    default:
      return false;
  }
}

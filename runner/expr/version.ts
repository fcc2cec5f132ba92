import { ExpressionError } from './errors.ts';
import { own } from '../util/own.ts';

/** A version as parts that are compared one after the other. */
type Part = number | string;

/** Reads a version of one kind into an order; throws when it is none. */
type Compare = (a: string, b: string) => number;

/** Kinds of versions that can be compared. */
export const VERSION_TYPES: ReadonlyMap<string, Compare> = new Map([
  ['loose', (a, b) => compareLoose(looseParts(a), looseParts(b))],
  ['strict', (a, b) => compareStrict(strictParts(a), strictParts(b))],
  ['semver', compareSemantic],
  ['semantic', compareSemantic],
  ['pep440', (a, b) => comparePep(pepParts(a), pepParts(b))],
]);

/** Order of two versions; what goes wrong is said the way Ansible says it. */
export function compareVersions(a: string, b: string, compare: Compare): number {
  try {
    return compare(a, b);
  } catch (error) {
    if (error instanceof ExpressionError) throw new ExpressionError(`Version comparison failed: ${error.message}`);
    throw error;
  }
}

function looseParts(version: string): Part[] {
  return (version.match(/\d+|[a-z]+|[^\da-z.]+/g) ?? []).map((part) => (/^\d/.test(part) ? Number(part) : part));
}

function compareLoose(a: readonly Part[], b: readonly Part[]): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const [x = 0, y = 0] = [a[at], b[at]];
    if (x === y) continue;
    if (typeof x !== typeof y) throw new ExpressionError(`'<' not supported between instances of '${typeof x === 'string' ? 'str' : 'int'}' and '${typeof y === 'string' ? 'str' : 'int'}'`);
    return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

function strictParts(version: string): { numbers: number[]; pre: [string, number] | undefined } {
  const [, major, minor, , patch, , kind, count] = /^(\d+)\.(\d+)(\.(\d+))?(([ab])(\d+))?$/.exec(version) ?? [];
  if (major === undefined) throw new ExpressionError(`invalid version number '${version}'`);
  return { numbers: [Number(major), Number(minor), Number(patch ?? 0)], pre: kind === undefined ? undefined : [kind, Number(count)] };
}

function compareStrict(a: ReturnType<typeof strictParts>, b: ReturnType<typeof strictParts>): number {
  const order = compareLoose(a.numbers, b.numbers);
  if (order !== 0 || (!a.pre && !b.pre)) return order;
  if (!a.pre || !b.pre) return a.pre ? -1 : 1;
  return compareLoose(a.pre, b.pre);
}

const SEMANTIC = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

function compareSemantic(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => {
    const match = SEMANTIC.exec(version);
    if (!match) throw new ExpressionError(`invalid semantic version '${version}'`);
    return { numbers: match.slice(1, 4).map(Number), pre: match[4]?.split('.') };
  });
  const order = compareLoose(a?.numbers ?? [], b?.numbers ?? []);
  if (order !== 0 || (!a?.pre && !b?.pre)) return order;
  if (!a?.pre || !b?.pre) return a?.pre ? -1 : 1;
  for (let at = 0; at < a.pre.length && at < b.pre.length; at++) {
    const [x = '', y = ''] = [a.pre[at], b.pre[at]];
    if (x === y) continue;
    const [xNumber, yNumber] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    // Numbers come before words.
    if (xNumber !== yNumber) return xNumber ? -1 : 1;
    return (xNumber ? Number(x) < Number(y) : x < y) ? -1 : 1;
  }
  return a.pre.length - b.pre.length;
}

const PEP = /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z\d]+(?:[-_.][a-z\d]+)*))?$/i;
const PRE: Readonly<Record<string, string>> = { a: 'a', alpha: 'a', b: 'b', beta: 'b', c: 'rc', rc: 'rc', pre: 'rc', preview: 'rc' };

/** Parts in the order in which PEP 440 compares them; absent ones stand before or after all present ones as it says. */
function pepParts(version: string): Part[][] {
  const match = PEP.exec(version.trim());
  if (!match) throw new ExpressionError(`Invalid version: '${version}'`);
  const [, epoch = '0', release = '', preKind, preCount = '', postBare, postKind, postCount = '', dev, devCount = '', local] = match;
  const isDevOnly = preKind === undefined && postBare === undefined && postKind === undefined && dev !== undefined;
  const pre: Part[] = preKind === undefined ? (isDevOnly ? [-1] : [1]) : [0, own(PRE, preKind.toLowerCase()) ?? '', Number(preCount)];
  const post: Part[] = postBare === undefined && postKind === undefined ? [-1] : [0, Number(postBare ?? postCount)];
  return [
    [Number(epoch)],
    release.replace(/(?:\.0+)*$/, '').split('.').map(Number),
    pre,
    post,
    dev === undefined ? [1] : [0, Number(devCount)],
    local === undefined ? [-1] : [0, ...local.toLowerCase().split(/[-_.]/).flatMap((part): Part[] => (/^\d+$/.test(part) ? [1, Number(part)] : [0, part]))],
  ];
}

function comparePep(a: readonly Part[][], b: readonly Part[][]): number {
  for (const [index, part] of a.entries()) {
    const order = compareLoose(part, b[index] ?? []);
    if (order !== 0) return order;
  }
  return 0;
}

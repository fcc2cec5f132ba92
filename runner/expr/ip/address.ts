/** The two families of addresses. */
export type Version = 4 | 6;

/** Bits of an address of each family. */
export const WIDTH: Readonly<Record<Version, number>> = { 4: 32, 6: 128 };

/** An address as the number it stands for, or undefined when the text is none of that family. */
export function readAddress(text: string, version: Version): bigint | undefined {
  return version === 4 ? readFour(text) : readSix(text);
}

/** The shortest usual form of an address. */
export function showAddress(value: bigint, version: Version): string {
  return version === 4 ? showFour(value) : showSix(value);
}

/** An address as its groups of `size` bits, the highest first. */
export function groups(value: bigint, count: number, size: number): number[] {
  return Array.from({ length: count }, (_, index) => Number(BigInt.asUintN(size, value >> BigInt(size * (count - 1 - index)))));
}

function readFour(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function readSix(text: string): bigint | undefined {
  const [, head = text, tail] = /^(.*:)(\d+(?:\.\d+){3})$/.exec(text) ?? [];
  const four = tail === undefined ? undefined : readFour(tail);
  if (tail !== undefined && four === undefined) return undefined;
  const whole = four === undefined ? text : `${head}${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}`;
  const [left = '', right, ...more] = whole.split('::');
  if (more.length > 0) return undefined;
  const words = (side: string): string[] => (side === '' ? [] : side.split(':'));
  const [high, low] = [words(left), words(right ?? '')];
  const missing = 8 - high.length - low.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...high, ...Array.from({ length: missing }, () => '0'), ...low];
  return all.every((word) => /^[\da-f]{1,4}$/i.test(word)) ? all.reduce((value, word) => (value << 16n) | BigInt(`0x${word}`), 0n) : undefined;
}

function showFour(value: bigint): string {
  return groups(value, 4, 8).join('.');
}

/** As `inet_ntop` writes it: the longest run of zeros left out, addresses that carry an IPv4 address with its dots. */
function showSix(value: bigint): string {
  const words = groups(value, 8, 16);
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (words[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
  }
  const carriesFour = best.at === 0 && (best.length === 6 || (best.length === 5 && words[5] === 0xffff));
  const hex = [...(carriesFour ? words.slice(0, 6) : words).map((word) => word.toString(16)), ...(carriesFour ? [showFour(BigInt.asUintN(32, value))] : [])];
  if (best.at === -1) return hex.join(':');
  return `${hex.slice(0, best.at).join(':')}::${hex.slice(best.at + best.length).join(':')}`;
}

/** An IPv4 address as a number, or undefined when the text is none. */
export function ipv4Number(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  const bytes = match.slice(1).map(Number);
  return bytes.some((byte) => byte > 255) ? undefined : bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** A number as an IPv4 address. */
export function ipv4Text(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** The netmask of a prefix length, as a number. */
export function maskOf(prefix: number): number {
  return prefix === 0 ? 0 : 2 ** 32 - 2 ** (32 - prefix);
}

/** The prefix length of a netmask in dots, or undefined when it is none. */
export function prefixOf(mask: string): number | undefined {
  const value = ipv4Number(mask);
  return value === undefined ? undefined : Array.from({ length: 33 }, (_, prefix) => prefix).find((prefix) => maskOf(prefix) === value);
}

/** The first address of the network an address belongs to. */
export function networkOf(address: number, prefix: number): number {
  return address - (address % 2 ** (32 - prefix));
}

/** Whether two addresses are in the same network of that prefix length. */
export function sameNetwork(a: string, b: string, prefix: number): boolean {
  const [one, two] = [ipv4Number(a), ipv4Number(b)];
  return one !== undefined && two !== undefined && networkOf(one, prefix) === networkOf(two, prefix);
}

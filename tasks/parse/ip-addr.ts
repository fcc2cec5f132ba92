/** An address of an interface. */
export interface InterfaceAddress {
  readonly interface: string;
  readonly address: string;
  readonly prefix: number;
  readonly family: 'inet' | 'inet6';
  readonly secondary: boolean;
  readonly broadcast?: string;
  readonly scope: string;
}

/** Reads `ip -o addr`, in the form of EL6's iproute too. */
export function parseAddresses(stdout: string): readonly InterfaceAddress[] {
  return stdout.split('\n').flatMap((line) => {
    const match = /^\d+:\s+(\S+?)(?:@\S+)?\s+(inet6?)\s+([0-9a-fA-F.:]+)(?:\s+peer\s+\S+?)?(?:\/(\d+))?\s+(.*)$/.exec(line);
    if (!match) return [];
    const [, name = '', family = '', address = '', prefix, rest = ''] = match;
    const broadcast = /\bbrd (\S+)/.exec(rest)?.[1];
    return [
      {
        interface: name,
        address,
        prefix: Number(prefix ?? /\/(\d+)/.exec(line)?.[1] ?? (family === 'inet' ? 32 : 128)),
        family: family as 'inet' | 'inet6',
        secondary: /\bsecondary\b/.test(rest),
        scope: /\bscope (\S+)/.exec(rest)?.[1] ?? 'global',
        ...(broadcast !== undefined && { broadcast }),
      },
    ];
  });
}

/** Names of the interfaces that are up, with carrier, in `ip -o link`. */
export function parseUpLinks(stdout: string): readonly string[] {
  return stdout.split('\n').flatMap((line) => {
    const match = /^\d+:\s+(\S+?)(?:@\S+)?:\s+<([^>]*)>/.exec(line);
    const flags = match?.[2]?.split(',') ?? [];
    return match?.[1] !== undefined && flags.includes('UP') && !flags.includes('NO-CARRIER') ? [match[1]] : [];
  });
}

import type { Output } from '../../runner/task/host.ts';

/** The config_version that runs, from `cman_tool version` (`6.2.0 config 2`); undefined while cman does not. */
export function parseCmanVersion({ code, stdout }: Output): number | undefined {
  const match = /\bconfig (\d+)/.exec(stdout);
  return code === 0 && match ? Number(match[1]) : undefined;
}

/** What `cman_tool status` says. */
export interface CmanStatus {
  readonly name: string;
  readonly configVersion: number;
  readonly nodes: number;
  readonly expectedVotes: number;
  readonly totalVotes: number;
  /** Votes needed. */
  readonly quorum: number;
  readonly quorate: boolean;
  readonly flags: readonly string[];
  readonly ports: readonly number[];
  readonly nodeName: string;
  readonly nodeId: number;
  readonly multicast: readonly string[];
  readonly addresses: readonly string[];
}

/** Reads `cman_tool status`; undefined while cman does not run (exit code 1). Values have trailing blanks. */
export function parseCmanStatus({ code, stdout }: Output): CmanStatus | undefined {
  if (code !== 0) return undefined;
  const fields = new Map(
    stdout
      .split('\n')
      .map((line) => /^([^:]+):\s*(.*?)\s*$/.exec(line))
      .filter((match) => match !== null)
      .map(([, key = '', value = '']) => [key, value]),
  );
  const text = (key: string): string => fields.get(key) ?? '';
  const words = (key: string): string[] => text(key).split(/\s+/).filter(Boolean);
  return {
    name: text('Cluster Name'),
    configVersion: Number(text('Config Version')),
    nodes: Number(text('Nodes')),
    expectedVotes: Number(text('Expected votes')),
    totalVotes: Number(text('Total votes')),
    quorum: Number.parseInt(text('Quorum'), 10),
    quorate: !text('Quorum').includes('Activity blocked'),
    flags: words('Flags'),
    ports: words('Ports Bound').map(Number),
    nodeName: text('Node name'),
    nodeId: Number(text('Node ID')),
    multicast: words('Multicast addresses'),
    addresses: words('Node addresses'),
  };
}

/** One line of `cman_tool nodes`. */
export interface CmanNode {
  readonly id: number;
  readonly name: string;
  /** M member, X not, d disallowed. */
  readonly state: 'member' | 'absent' | 'disallowed';
  readonly incarnation: number;
  readonly joined?: string;
}

/** Reads `cman_tool nodes`. */
export function parseCmanNodes({ stdout }: Output): readonly CmanNode[] {
  return stdout.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+([MXd])\s+(\d+)\s+(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s+)?(\S+)\s*$/.exec(line);
    if (!match) return [];
    const [, id, letter, incarnation, joined, name = ''] = match;
    return [
      {
        id: Number(id),
        name,
        state: letter === 'M' ? 'member' : letter === 'd' ? 'disallowed' : 'absent',
        incarnation: Number(incarnation),
        ...(joined !== undefined && { joined }),
      } as const,
    ];
  });
}

/** What `fence_tool ls` says. */
export interface FenceStatus {
  readonly members: readonly number[];
  readonly victims: number;
  /** none, quorum, messages or fencing. */
  readonly waiting: string;
}

/** Reads `fence_tool ls`; undefined while fenced does not run (exit code 1, no text). */
export function parseFenceStatus({ code, stdout }: Output): FenceStatus | undefined {
  if (code !== 0 || !stdout.includes('fence domain')) return undefined;
  const members = /^members[ \t]+(.*)$/m.exec(stdout)?.[1] ?? '';
  return {
    members: members.split(/\s+/).filter(Boolean).map(Number),
    victims: Number(/^victim count[ \t]+(\d+)/m.exec(stdout)?.[1] ?? 0),
    waiting: /^wait state[ \t]+(\S+)/m.exec(stdout)?.[1] ?? 'none',
  };
}

import type { ConfParams } from './conf-params.ts';

/** What a file has. */
export interface Held {
  readonly version: number;
  readonly fingerprint: string;
}

/** All that bears on the config_version a file is to have. */
export interface VersionFacts {
  /** Fingerprint of the content that is wanted. */
  readonly wanted: string;
  /** This host's file. */
  readonly own: Held | undefined;
  readonly running: number | undefined;
  readonly params: Pick<ConfParams, 'peers' | 'peers_versions' | 'at_least'>;
}

/**
 * The config_version for this host's file, the same on every node that knows the same of the others: the highest known where somebody has the
 * wanted content at that version already, else one above. cman takes only a version above the running one, and raising it for nothing
 * would make every run a change.
 */
export function targetVersion({ wanted, own, running, params: { peers, peers_versions, at_least } }: VersionFacts): number {
  const held: readonly Held[] = [...(own ? [own] : []), ...peers];
  const highest = Math.max(0, running ?? 0, at_least, ...peers_versions, ...held.map(({ version }) => version));
  if (held.some(({ version, fingerprint }) => version === highest && fingerprint === wanted && version > 0)) return highest;
  // Only numbers are known of the others: where this content is right and someone is ahead, it is taken that they have it as well.
  const ahead = Math.max(at_least, ...peers_versions);
  const blind = peers.length === 0 && own?.fingerprint === wanted && ahead === highest && (running ?? 0) <= own.version;
  return blind ? highest : highest + 1;
}

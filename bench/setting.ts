import type { Peer } from './peers/peer.ts';

/** What a section of the bench is given. */
export interface Setting {
  readonly plimsoll: Peer;
  /** The file of its command. */
  readonly cli: string;
  /** Plimsoll first, then every peer that takes part. */
  readonly all: readonly Peer[];
  /** Names of peers that were sought and are not on this machine. */
  readonly missing: readonly string[];
  /** Runs of each kind instead of the section's own number; null for that. */
  readonly runs: number | null;
  /** The length of a run instead of the section's own; null for that. */
  readonly seconds: number | null;
  /** The length of the soak. */
  readonly minutes: number;
  /** Says what is under way. */
  readonly say: (line: string) => void;
}

import type { MayBeNewer } from '../newer-parts.ts';
import type { Fingerprint, InterruptSignal } from '../run/record.ts';
import type { SignalTotals } from '../run/signal.ts';

/** The two sides of a duet: what it was, and what it is now. */
export const sides = ['base', 'head'] as const;

/** One of them. */
export type Side = (typeof sides)[number];

/** The same of both sides. */
export interface OfBoth<Value> {
  readonly base: Value;
  readonly head: Value;
}

/** The same of each of several that take turns. */
export type OfEach<Name extends string, Value> = { readonly [name in Name]: Value };

/** Makes the same of each. */
export function ofEach<Name extends string, Value>(
  names: readonly Name[],
  of: (name: Name) => Value,
): OfEach<Name, Value> {
  return Object.fromEntries(names.map(name => [name, of(name)])) as OfEach<Name, Value>;
}

/** What a side is: a commit that Plimsoll builds and starts, or an API that runs already. */
export type Contestant =
  | { readonly kind: 'ref'; readonly ref: string; readonly commit: string }
  | {
      readonly kind: 'url';
      readonly url: string;
      /** Further instances of it, which take turns like the first. */
      readonly others?: readonly string[] | undefined;
    };

/** The URLs of all instances of a side; none of a commit. */
export function urlsOf(side: Contestant): readonly string[] {
  return side.kind === 'url' ? [side.url, ...(side.others ?? [])] : [];
}

/** What one endpoint showed on one side over the measured slots of a restart. */
export interface SideReading {
  /** Due, however they ended. */
  readonly requests: number;
  /** Failed or unfinished. */
  readonly errors: number;
  /** Response times that the quantiles are of: expected answers, and requests that waited in vain. */
  readonly samples: number;
  /** How many of these waited in vain: an answer to them would have taken longer. */
  readonly unanswered: number;
  /** Response times in µs; null of no expected answer. */
  readonly p50Us: number | null;
  readonly p95Us: number | null;
  readonly p99Us: number | null;
  /**
   * The geometric mean of the times above p90 and up to p98, in µs, which scatters less than p95 alone. Null where requests that
   * waited in vain are among them, or there are too few; records of before it was kept have none.
   */
  readonly tailUs?: number | null | undefined;
  /** What the answers said of themselves; left out where the scenario does not ask. */
  readonly signals?: SignalTotals | undefined;
}

/** One endpoint over a restart's measured slots; where a side has several instances, of all of them together. */
export interface DuetReading extends OfBoth<SideReading> {
  readonly endpoint: string;
  /** Each instance by itself, in the order of the sides; left out where each side is one. */
  readonly instances?: OfBoth<readonly SideReading[]> | undefined;
}

/** Each instance of a side by itself. */
export function instancesOf(reading: DuetReading, side: Side): readonly SideReading[] {
  return reading.instances?.[side] ?? [reading[side]];
}

/** How a machine fared in the turns of one side, as shares; null where the system does not tell. */
export interface MachineStrain {
  /** Of the time for which its cores worked or would have, what the host of a virtual machine gave to others. */
  readonly stolen: number | null;
  /** Of the turns, for how long a control group around Plimsoll, as that of a container, was kept from its cores. */
  readonly throttled: number | null;
  /** Of the turns, for how long some task of the machine waited for a core. */
  readonly waited: number | null;
}

/** One restart of a duet: both sides started afresh, warmed up, and loaded in turn for a number of slot pairs. */
export interface Restart {
  /** From 1. */
  readonly number: number;
  readonly startedAt: string;
  /** The side that was started, connected and given the lower port first: by coin. */
  readonly first: Side;
  /** The side that ran in the first of the two folders, by coin; left out of URLs, and of records of before it was drawn. */
  readonly firstFolder?: Side | undefined;
  /** Which of its builds each side ran, from 1; left out likewise. */
  readonly builds?: OfBoth<number> | undefined;
  readonly warmUpMs: number;
  /** False where the median was not seen to be flat before the measurement began. */
  readonly isWarm: boolean;
  /** For how long the two sides were loaded, together, without warm-up. */
  readonly loadMs: number;
  /** From the start of the servers to the end of the last answer. */
  readonly wallMs: number;
  readonly endpoints: readonly DuetReading[];
  /** CPU time of the servers that Plimsoll started, for each request, in µs; null where it is not known. */
  readonly cpuUsPerRequest: OfBoth<number> | null;
  /** The p99 of how late the generator itself sent in the measured slots, in µs. */
  readonly sendLagP99Us: OfBoth<number>;
  /**
   * The median response time in the last third of the turns over that in the first third, all endpoints together; null of too few
   * answers. Records of before it was kept have none.
   */
  readonly turnRise?: OfBoth<number | null> | undefined;
  /** How the machine fared in the measured turns of each side; records of before it was kept have none. */
  readonly machine?: OfBoth<MachineStrain> | undefined;
  /**
   * Base against itself: the turns of its own, of each two in a row one by coin as `base` and the other as `head`. Records of before it was kept
   * have none.
   */
  readonly control?: readonly DuetReading[] | undefined;
}

/** A restart that was measured and does not count, since the machine itself kept both sides from running. */
export interface DroppedRestart {
  /** The number that it would have had, and that the one after it has. */
  readonly number: number;
  readonly startedAt: string;
  readonly machine: OfBoth<MachineStrain>;
}

/** What is compared again and again: fresh starts of two builds, or rounds of two APIs that run already. */
export type RepeatKind = 'restart' | 'round';

/** How a duet was laid out. */
export interface DuetLayout {
  readonly repeat: RepeatKind;
  readonly slotMs: number;
  readonly pairsPerRestart: number;
  /** The steady load of the side whose turn it is: journeys per second, or users. */
  readonly load:
    | { readonly model: 'open'; readonly rate: number }
    | { readonly model: 'closed'; readonly users: number };
  /** The most restarts, which are those of the last look. */
  readonly mostRestarts: number;
}

/** One planned look at the restarts so far. */
export interface Look {
  readonly restarts: number;
  /** The chance of a false accusation, all cells together, that it may add. */
  readonly spend: number;
  /** The chance with which one cell's upper bound at this look lies below the truth. */
  readonly boundTail: number;
}

/** Where a duet was continued: what was measured before, and when it went on. */
export interface DuetContinuation {
  /** So many restarts had been measured. */
  readonly after: number;
  readonly startedAt: string;
}

/** How a duet ended. */
export type DuetEnd =
  | { readonly state: 'decided' }
  | { readonly state: 'interrupted'; readonly signal: InterruptSignal }
  /** One sentence: which side could not be measured, and why. */
  | {
      readonly state: 'broken';
      readonly reason: string;
      /**
       * This machine spoiled one restart after another, or no side gave one expected answer; left out where a side or its
       * load broke off.
       */
      readonly cause?: 'spoiled' | 'noneAnswered' | undefined;
    };

/** A duet as it is stored. */
export interface DuetRecord extends MayBeNewer {
  readonly schemaVersion: 2;
  readonly header: {
    readonly id: string;
    readonly scenario: string;
    readonly digest: string;
    readonly file: string | null;
    readonly startedAt: string;
    readonly durationMs: number;
    readonly command: string;
    readonly seed: number;
    readonly fingerprint: Fingerprint;
  };
  readonly contestants: OfBoth<Contestant>;
  readonly layout: DuetLayout;
  readonly restarts: readonly Restart[];
  /** In the order in which they were measured; left out where there are none. */
  readonly dropped?: readonly DroppedRestart[] | undefined;
  /** In order; left out of a duet that was measured in one go. */
  readonly continued?: readonly DuetContinuation[] | undefined;
  readonly end: DuetEnd;
}

/** What is known on a machine of how far starts of the same build differ; from a calibration. */
export interface StartSpread {
  /** Standard deviation of the log ratio of p50 or p95 between starts, of whichever it is greater. */
  readonly value: number;
  /** Its 95 % upper bound. */
  readonly upper: number;
  readonly starts: number;
}

import type { Change } from '../judgement/regression.ts';
import type { NewerParts } from '../newer-parts.ts';
import type { Calibration, DuetTerms } from './calibration.ts';
import type { OfBoth, RepeatKind, Side } from './duet.ts';
import type { InstanceLabels, StartMargin } from './duet-reason.ts';

/** The greatest upper bound of the required times of a duet. */
export interface WidestBound {
  readonly endpoint: string;
  /** The name of the metric. */
  readonly metric: string;
  /** A relative change. */
  readonly high: number;
  /** Of the whole interval, both of whose ends are bounds. */
  readonly confidence: number;
}

/** How far the evidence of a duet reaches, what explains it, and what a reader should know besides. */
export type DuetNote =
  /** So few restarts that nothing is decided before `first`. */
  | {
      readonly kind: 'undecided';
      readonly measured: number;
      readonly most: number;
      readonly first: number;
      readonly repeat: RepeatKind;
    }
  /**
   * After which numbers of restarts it was judged; `later` ones wait for a further look. So many builds of a side ran; null where
   * each side kept its folder.
   */
  | {
      readonly kind: 'looks';
      readonly measured: number;
      readonly most: number;
      readonly looks: readonly number[];
      readonly later: number;
      readonly repeat: RepeatKind;
      readonly builds: number | null;
    }
  /** After which numbers of restarts it was continued; the looks that are planned for that, and what they may spend. */
  | {
      readonly kind: 'continued';
      readonly after: readonly number[];
      readonly looks: readonly number[];
      readonly spend: number;
      readonly repeat: RepeatKind;
    }
  /** The greatest change that the required times leave open: so many of them have a bound. */
  | {
      readonly kind: 'reach';
      readonly widest: WidestBound;
      readonly bounded: number;
      readonly required: number;
    }
  /** The restarts of which some time lies so far from the others that it counts for half of that or less. */
  | {
      readonly kind: 'disturbed';
      readonly numbers: readonly number[];
      readonly of: number;
      readonly repeat: RepeatKind;
    }
  /**
   * The time of which head's restarts lie far out for the worse most clearly; by coin it would be so in as many with that
   * chance.
   */
  | {
      readonly kind: 'slowAtTimes';
      readonly endpoint: string;
      readonly metric: string;
      readonly excess: { readonly above: number; readonly below: number; readonly pValue: number };
      readonly repeat: RepeatKind;
    }
  /** The required time whose restarts correlate most with the one before, and whether chance hardly explains so much. */
  | {
      readonly kind: 'neighbors';
      readonly endpoint: string;
      readonly metric: string;
      readonly correlation: number;
      readonly isClear: boolean;
      readonly repeat: RepeatKind;
    }
  /** What is found holds for two instances, and what their starts alone may make. */
  | { readonly kind: 'instances'; readonly margin: StartMargin }
  /** What is found of the builds rests on the labels of instances, which leave the widest bound of a required time open. */
  | {
      readonly kind: 'labels';
      readonly labels: InstanceLabels;
      readonly repeat: RepeatKind;
      readonly widest: WidestBound | null;
      /** At most so often builds that are equally good are accused by an error rate. */
      readonly shareLevel: number;
    }
  /** Instances of which every request failed. */
  | {
      readonly kind: 'failedInstances';
      readonly instances: readonly { readonly side: Side; readonly url: string }[];
    }
  /** CPU time a request: medians of both sides, and the change. */
  | { readonly kind: 'cpu'; readonly medianUs: OfBoth<number>; readonly change: Change }
  /**
   * A side that is near saturation in its turns, which empty its queues again and again: by how much its times rise from the
   * first to the last third of a turn, and the cores that it keeps busy meanwhile; null where not known.
   */
  | {
      readonly kind: 'nearSaturation';
      readonly sides: readonly {
        readonly side: Side;
        readonly rise: number | null;
        readonly cores: number | null;
      }[];
      readonly slotMs: number;
    }
  /**
   * How the machine fared in the turns of both sides, as shares: medians of the restarts; null where it does not tell. So many restarts were dropped,
   * in which more than `most` was stolen or throttled in the turns of each side.
   */
  | {
      readonly kind: 'strain';
      readonly stolen: OfBoth<number> | null;
      readonly throttled: OfBoth<number> | null;
      readonly waited: OfBoth<number> | null;
      readonly dropped: number;
      readonly most: number;
      readonly repeat: RepeatKind;
    }
  /** In so many restarts the median was not seen to be flat before the measurement began. */
  | {
      readonly kind: 'cold';
      readonly count: number;
      readonly of: number;
      readonly repeat: RepeatKind;
    }
  /** In so many restarts the generator sent late. */
  | {
      readonly kind: 'sentLate';
      readonly count: number;
      readonly of: number;
      readonly worstMs: number;
      readonly repeat: RepeatKind;
    }
  /** It broke off, for a reason that the record holds. */
  | { readonly kind: 'brokeOff'; readonly reason: string }
  /** Restarts that told nothing of either side, and why; each reason once. */
  | {
      readonly kind: 'playedAgain';
      readonly count: number;
      readonly reasons: readonly string[];
      readonly repeat: RepeatKind;
    }
  /** So many heads were compared with one base in the same restarts, each by itself. */
  | { readonly kind: 'sharedBase'; readonly heads: number }
  /** Both sides are the same commit. */
  | { readonly kind: 'sameCommit'; readonly commit: string }
  /** There are uncommitted changes, and they are in neither side. */
  | { readonly kind: 'uncommitted' }
  /** The logs of the APIs were too short for so much of their output. */
  | { readonly kind: 'logCut'; readonly bytes: number }
  | { readonly kind: 'calibration'; readonly calibration: Calibration; readonly terms: DuetTerms }
  /** A calibration would tell how far starts of these URLs differ; `isHere` is false where none can, from this machine. */
  | { readonly kind: 'uncalibrated'; readonly isHere: boolean }
  /** The calibration holds parts that this version does not know. */
  | { readonly kind: 'newerCalibration'; readonly newer: NewerParts }
  | { readonly kind: 'damagedCalibration'; readonly file: string };

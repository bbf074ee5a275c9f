import type { RepeatKind, Side, StartSpread } from './duet.ts';

/** By how much two running instances of one build may differ by their starts alone. */
export interface StartMargin {
  /** A relative change. */
  readonly most: number;
  /** Of the log ratio of a quantile between starts: the standard deviation that the margin follows from. */
  readonly deviation: number;
  /** Where the deviation comes from: measured, or taken for APIs on this machine or on others. */
  readonly from:
    | { readonly kind: 'calibration'; readonly spread: StartSpread }
    | { readonly kind: 'thisMachine' | 'otherMachine' };
  /** How many endpoints may differ. */
  readonly endpoints: number;
  /** How many instances of each side the margin is of the means of; left out of one. */
  readonly instances?: number;
}

/** By what the builds behind several instances are told apart: all ways to call so many of them head. */
export interface InstanceLabels {
  /** Of each side. */
  readonly instances: number;
  readonly draws: number;
  /** At most so often builds that are equally fast are accused, by any time. */
  readonly level: number;
}

/** What would settle an open comparison. */
export type Settling =
  /** Nothing is known of how many restarts would; a higher rate or a quieter machine would. */
  | { readonly kind: 'steadier' }
  /** So many restarts at this spread; `isOver` where the duet plays no more of them. */
  | { readonly kind: 'restarts'; readonly needed: number; readonly isOver: boolean }
  /** More restarts than there are, by so little that a higher rate would do as well. */
  | { readonly kind: 'higherRate'; readonly needed: number; readonly most: number }
  /** No number of restarts near the most there are. */
  | { readonly kind: 'outOfReach'; readonly most: number };

type OfCell =
  /**
   * A change for the worse, established, and not surely less than the tolerance; `isEarly` where an earlier look than the last
   * found it, whose estimates are too great on the average, since only great ones are found so early.
   */
  | { readonly kind: 'worse'; readonly tolerance: number; readonly isEarly: boolean }
  /** The same of two instances: established as more than their starts may make. */
  | {
      readonly kind: 'worseThanStarts';
      readonly tolerance: number;
      readonly margin: StartMargin;
      readonly isEarly: boolean;
    }
  /**
   * The same of several instances a side: established of their builds by the labels of the instances. The shift between the
   * builds is at most `high`, a relative change.
   */
  | {
      readonly kind: 'worseByInstances';
      readonly tolerance: number;
      readonly labels: InstanceLabels;
      readonly high: number | null;
    }
  /** A share that is not tolerated is worse, established: any change of `floor` and `fewestMore` requests counts. */
  | {
      readonly kind: 'worseShare';
      readonly floor: number;
      readonly fewestMore: number;
      readonly isEarly: boolean;
    }
  /** A slowing of two instances, established, that their starts alone may have made. */
  | { readonly kind: 'mayBeStart'; readonly margin: StartMargin }
  /** A slowing of these instances, established, that their labels do not establish of their builds. */
  | { readonly kind: 'mayBeInstances'; readonly labels: InstanceLabels; readonly pValue: number }
  /** A slowing, established, and surely less than the tolerance; `margin` is that of two instances. */
  | {
      readonly kind: 'tolerated';
      readonly tolerance: number;
      readonly margin: StartMargin | null;
    }
  /** Established as faster, or as fewer errors. */
  | { readonly kind: 'improved' }
  /** Not established, and surely less than the tolerance; `already` says at how many restarts that was so, where it was earlier. */
  | {
      readonly kind: 'bounded';
      readonly tolerance: number;
      readonly already: number | null;
    }
  /** Not established, and as much as the tolerance is not excluded. `of` restarts were looked at. */
  | {
      readonly kind: 'open';
      readonly tolerance: number;
      readonly of: number;
      readonly settling: Settling;
    }
  /** A share that is surely less than the tolerance, and likely to be worse: not passed before the last look. */
  | { readonly kind: 'held'; readonly tolerance: number; readonly nextLook: number | null }
  /**
   * Surely less than the tolerance on the whole, but so many restarts in which head, and in which base, was far slower than in
   * the others: by coin, head would be so in as many with this chance.
   */
  | {
      readonly kind: 'slowAtTimes';
      readonly tolerance: number;
      readonly excess: { readonly above: number; readonly below: number; readonly pValue: number };
      readonly nextLook: number | null;
    }
  /** Worse by a change that independent restarts would establish; but by this correlation, they resemble the ones before. */
  | { readonly kind: 'alike'; readonly correlation: number; readonly nextLook: number | null }
  /** Too few restarts for a verdict, of which the first is given after so many. */
  | { readonly kind: 'waiting'; readonly measured: number; readonly first: number }
  /** No request of it was due on these sides. */
  | { readonly kind: 'noneDue'; readonly sides: readonly Side[] }
  /** No restart had requests of both sides. */
  | { readonly kind: 'neverBothSides' }
  /** All requests of these sides failed. */
  | { readonly kind: 'allFailed'; readonly sides: readonly Side[] }
  /** So many requests of both sides timed out that the quantile is the time they were given. */
  | { readonly kind: 'timedOut' }
  /** Too few samples a side: needed in a restart, and had on average. */
  | { readonly kind: 'tooFewSamples'; readonly needed: number; readonly samples: number };

/**
 * Why a duet's finding has its status; `repeat` says what restarts are called. What the finding says itself is not said
 * again: its metric, both values, the change with its interval, and the evidence.
 */
export type DuetReason = OfCell & { readonly repeat: RepeatKind };

/** Why a duet is over. */
export type DuetEndReason = { readonly repeat: RepeatKind } & (
  | { readonly kind: 'failed' }
  /** Every required comparison is settled. */
  | { readonly kind: 'settled' }
  /** So many comparisons are open, and not even the most restarts are likely to settle them. */
  | { readonly kind: 'hopeless'; readonly open: number }
  /** There are no more restarts than those that were measured. */
  | { readonly kind: 'usedUp'; readonly measured: number }
);

import type { NewerParts } from '../newer-parts.ts';
import type { Acceptance } from '../run/record.ts';
import type { Mismatch } from './baseline.ts';
import type { RegressionPolicy } from './regression-policy.ts';
import type { Unfit, WhichRun } from './regression-reason.ts';

/** How strong the evidence of a comparison is, what would make it stronger, and what was left out. */
export type ComparisonNote =
  /** An earlier run, and so many others, hold parts that this version does not know. */
  | { readonly kind: 'newer'; readonly where: string; readonly newer: NewerParts; readonly others: number }
  | { readonly kind: 'passedOver'; readonly why: Unfit }
  /** Commits since the baseline accept what is worse, so that it only warns; who and why is that of the newest. */
  | { readonly kind: 'accepted'; readonly commits: readonly string[]; readonly acceptance: Acceptance }
  /** A commit since the baseline means to accept something, but nothing of what fails: the metrics that it would have to name. */
  | {
      readonly kind: 'acceptsNothing';
      readonly commit: string;
      readonly value: string;
      readonly scenario: string;
      readonly metrics: readonly string[];
    }
  /** A commit of a pull request that the gate of its base judges means to accept something, which is not its own to accept. */
  | { readonly kind: 'ownAcceptance'; readonly commit: string; readonly value: string }
  /**
   * So many of a run's requests went out more than a millisecond late. What that added to the baseline's times was taken
   * off; what it added to those of an older record is unknown.
   */
  | {
      readonly kind: 'sentLate';
      readonly which: WhichRun;
      readonly late: number;
      readonly requests: number;
      readonly effect: 'takenOff' | 'unknown';
    }
  /** Endpoints that one of the two runs alone has. */
  | { readonly kind: 'onlyIn'; readonly which: WhichRun; readonly endpoints: readonly string[] }
  /** The baseline is of another machine or workload, so that a change past the bar only warns. */
  | {
      readonly kind: 'unlike';
      readonly mismatch: Mismatch;
      readonly bar: RegressionPolicy['stored'];
    }
  /** Too few runs to tell how far runs of the same code differ; `fewest` would do. */
  | {
      readonly kind: 'fewRuns';
      readonly runs: number;
      readonly bar: RegressionPolicy['stored'];
      readonly fewest: number;
    }
  /**
   * How often unchanged code fails is not known of so few runs: of its times where the spread between runs and starts is not
   * known either, of its error rates whatever is known. So many runs would tell of each.
   */
  | {
      readonly kind: 'rateUnknown';
      readonly runs: number;
      readonly spread: 'unknown' | 'starts' | 'runs';
      readonly fewest: { readonly ofTimes: number; readonly ofShares: number };
    }
  /** Enough runs: the changes that would be seen with the probability `power`, from the least to the greatest of all comparisons. */
  | {
      readonly kind: 'manyRuns';
      readonly runs: number;
      readonly detectable: { readonly least: number; readonly most: number };
      readonly power: number;
    }
  /** Several runs of this machine would be stronger evidence, above all `fewest`. */
  | { readonly kind: 'moreRunsTell'; readonly fewest: number }
  | { readonly kind: 'duetTells' }
  /** Longer runs, a quieter machine or more runs would tell smaller changes. */
  | { readonly kind: 'steadierRunsTell' };

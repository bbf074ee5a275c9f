import type { Unsettled } from '../../model/judgement/evidence.ts';
import type { Metric } from '../../model/judgement/metric.ts';
import type { Evidence, Interval, Observed } from '../../model/judgement/verdict.ts';
import { effectiveSamplesForUpperBound } from '../../stats/intervals/quantile-interval.ts';

/** The confidence of every interval that the judge draws. */
export const confidence = 0.95;

/** What the data say of one metric in one scope, before any limit is held against it. */
export type Reading =
  /** Nothing was due, or nothing that was due has a value of this kind. */
  | { readonly state: 'empty' }
  /**
   * So few samples that the quantile itself was not seen: how many of them lie over the limit, their share, and the
   * share that the quantile allows.
   */
  | {
      readonly state: 'unseen';
      readonly evidence: Evidence;
      readonly needed: number;
      readonly over: number;
      readonly allowed: number;
      readonly overShare: Interval;
    }
  /** An extreme: a fact of this run, that has no interval. */
  | {
      readonly state: 'fact';
      readonly observed: Observed;
      readonly openAbove: boolean;
      readonly evidence: Evidence;
    }
  | {
      readonly state: 'estimate';
      readonly observed: Observed;
      /** True where the value may be any more: it falls among times that never ended. Such times only shift a mean. */
      readonly openAbove: boolean;
      /** Null where there are too few slices for any. */
      readonly interval: Interval | null;
      readonly evidence: Evidence;
      /**
       * The evidence on the limit itself: what lies over the limit, or over a time between it and the quantile, may cluster
       * less than what lies over the quantile, above all where nothing comes near the limit. There is too little only where
       * neither is enough.
       */
      readonly atLimit: Evidence;
      /** Effective samples with which even a perfect run could be firm within the limit; 0 where any do. */
      readonly needed: number;
      /** Why no interval of this run tells what the next one brings; null where nothing speaks against it. */
      readonly unsettled: Unsettled | null;
    };

/** The evidence of clustered samples. */
export function evidenceOf(samples: number, designEffect: number): Evidence {
  return { samples, designEffect, effectiveSamples: samples / designEffect };
}

/** One in a thousand. */
const leastShare = 0.001;

/**
 * Effective samples with which even a perfect run could firmly hold a limit; 0 where any do. A quantile needs values
 * above it; a share, as many requests without a single bad one as leave no room for more bad ones than are allowed. No
 * number of requests would do for a share of 0, and a lower limit must not be easier to keep than a higher one: from the
 * least share down, limits need as many samples as that, and what keeps them is seldom firm.
 */
export function samplesNeeded({ form, direction }: Metric, limit: number): number {
  switch (form.kind) {
    case 'time': {
      const { statistic } = form;
      return statistic.kind === 'quantile' ? effectiveSamplesForUpperBound(statistic.q, confidence) : 0;
    }
    case 'share': {
      const allowed = direction === 'atMost' ? limit : 1 - limit;
      return allowed < 1 ? effectiveSamplesForUpperBound(1 - Math.max(allowed, leastShare), confidence) : 0;
    }
    case 'rate':
      return 0;
  }
}

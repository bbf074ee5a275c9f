import type { Metric, MetricRow } from '../../model/judgement/metric.ts';
import { singleRow } from './single-row.ts';

const metric: Metric = {
  name: 'cacheHitRatio',
  prose: 'cache hit ratio',
  unit: 'ratio',
  direction: 'atLeast',
  form: {
    kind: 'share',
    noun: 'cache hit',
    hits: ({ signals }) => signals?.cache?.sum ?? 0,
    trials: ({ requests, errors, signals }) => (signals?.cache === undefined ? 0 : requests - errors),
    told: ({ signals }) => signals?.cache?.told ?? 0,
  },
  comparison: {
    as: 'difference',
    limits: { floor: 0.01, fewestMore: 5, tolerance: 0.05 },
    isTolerated: true,
  },
  countsFailures: false,
  signal: 'cache',
};

/**
 * The share of expected answers that came from a cache. An answer without any of the headers counts as a miss, since
 * many caches say nothing of what they do not hold; where no answer says anything, there is no share.
 */
export const cacheHitRatio: MetricRow = singleRow(metric, {
  limit: {
    id: 'cacheHitLimit',
    description:
      'At least so large a share of answers comes from a cache: "65%". The scenario needs `cache`.',
  },
  compared: 'optional',
});

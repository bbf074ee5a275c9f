import type { DifferenceLimits, Metric, MetricRow } from '../../model/judgement/metric.ts';
import { singleRow } from './single-row.ts';

/** What decides of a difference between two error rates. */
export const errorLimits = {
  floor: 0.001,
  fewestMore: 5,
  tolerance: 0.01,
} as const satisfies DifferenceLimits;

const metric: Metric = {
  name: 'errorRate',
  prose: 'error rate',
  unit: 'ratio',
  direction: 'atMost',
  form: {
    kind: 'share',
    noun: 'error',
    hits: ({ errors }) => errors,
    trials: ({ requests }) => requests,
    told: ({ requests }) => requests,
  },
  comparison: { as: 'difference', limits: errorLimits, isTolerated: false },
  countsFailures: true,
  signal: null,
};

/** The share of requests that failed or never ended. Where no budget names it, 1 % of all requests may fail. */
export const errorRate: MetricRow = singleRow(metric, {
  limit: { id: 'errorLimit', description: 'The largest share of failed requests that passes: "1%".' },
  standingLimit: 0.01,
  compared: 'required',
});

import type { Metric, MetricRow } from '../../model/judgement/metric.ts';
import { singleRow } from './single-row.ts';

const metric: Metric = {
  name: 'checks',
  prose: 'share of passed checks',
  unit: 'ratio',
  direction: 'atLeast',
  form: {
    kind: 'share',
    noun: 'passed check',
    hits: ({ signals }) => signals?.checks?.sum ?? 0,
    trials: ({ signals }) => signals?.checks?.told ?? 0,
    told: ({ signals }) => signals?.checks?.told ?? 0,
  },
  // Failed checks are errors, which are compared.
  comparison: null,
  countsFailures: false,
  signal: 'checks',
};

/** The share of answers that held all of what their step expects, of those that were looked at. */
export const checks: MetricRow = singleRow(metric, {
  limit: {
    id: 'checksLimit',
    description:
      'At least so large a share of answers passes all of their checks: "99%". The scenario needs `expect`.',
  },
});

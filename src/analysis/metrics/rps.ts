import type { Metric, MetricRow } from '../../model/judgement/metric.ts';
import { singleRow } from './single-row.ts';

const metric: Metric = {
  name: 'rps',
  prose: 'rps',
  unit: 'perSecond',
  direction: 'atLeast',
  form: { kind: 'rate', sum: ({ completed }) => completed, per: ({ seconds }) => seconds },
  comparison: null,
  countsFailures: false,
  signal: null,
};

/** Ok answers completed per second. */
export const rps: MetricRow = singleRow(metric, {
  limit: {
    id: 'rateLimit',
    description: 'The smallest number of expected answers per second that passes: "190/s".',
  },
});

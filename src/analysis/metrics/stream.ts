import type { Metric, MetricRow } from '../../model/judgement/metric.ts';
import { latencyRow } from './latency.ts';
import { singleRow } from './single-row.ts';

const choices = (prefix: string) => ({
  signal: 'stream',
  examples: [`${prefix}p95`],
  indexed: [`${prefix}p50`, `${prefix}p95`, `${prefix}p99`],
  compared: [],
});

/** Time to the first event of a streamed answer: from when its request was written. */
export const firstEventTime = latencyRow('stream.firstEvent.', 'firstEvent', choices('stream.firstEvent.'));

/** From each event of a streamed answer to the next. */
export const eventGap = latencyRow('stream.gap.', 'gap', choices('stream.gap.'));

const events: Metric = {
  name: 'stream.events',
  prose: 'events per second',
  unit: 'perSecond',
  direction: 'atLeast',
  form: { kind: 'rate', sum: counts => counts.events ?? 0, per: ({ seconds }) => seconds },
  comparison: null,
  countsFailures: false,
  signal: 'stream',
};

/** Events of all streams together, per second. */
export const eventRate: MetricRow = singleRow(events, {
  limit: {
    id: 'eventLimit',
    description:
      'The smallest number of events of streams per second that passes: "500/s". The scenario needs `stream`.',
  },
});

const broken: Metric = {
  name: 'stream.broken',
  prose: 'share of broken streams',
  unit: 'ratio',
  direction: 'atMost',
  form: {
    kind: 'share',
    noun: 'broken stream',
    hits: ({ signals }) => (signals?.stream?.told ?? 0) - (signals?.stream?.sum ?? 0),
    trials: ({ signals }) => signals?.stream?.told ?? 0,
    told: ({ signals }) => signals?.stream?.told ?? 0,
  },
  // Broken streams are errors, which are compared.
  comparison: null,
  countsFailures: false,
  signal: 'stream',
};

/** The share of streams that did not come whole, of those that began. */
export const brokenStreams: MetricRow = singleRow(broken, {
  limit: {
    id: 'brokenLimit',
    description: 'The largest share of broken streams that passes: "0.5%". The scenario needs `stream`.',
  },
});

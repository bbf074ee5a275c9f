import {
  type LatencyKind,
  type LatencyStatistic,
  type MetricRow,
  reportedQuantiles,
} from '../../model/judgement/metric.ts';

/** Which of its names a family of times shows, keeps and compares. */
type Choices = Pick<MetricRow, 'examples' | 'indexed' | 'compared'> & {
  /** What the times are read from, where the scenario must ask for it. */
  readonly signal?: string | null;
};

const statistics = '(?:avg|min|max|p\\d{1,2}(?:\\.\\d{1,3})?)';

/** A family of times: `avg`, `min`, `max` and every percentile, behind a prefix. */
export function latencyRow(
  prefix: string,
  of: LatencyKind,
  { signal = null, ...choices }: Choices,
): MetricRow {
  return {
    names: prefix.replaceAll('.', '\\.') + statistics,
    metric(name) {
      const statistic = statisticOf(name.slice(prefix.length));
      if (statistic === undefined) return undefined;
      return {
        name,
        prose: name,
        unit: 'ms',
        direction: 'atMost',
        form: { kind: 'time', of, statistic },
        comparison: { as: 'relative' },
        countsFailures: false,
        signal,
      };
    },
    offered: ['avg', ...reportedQuantiles, 'max'].map(statistic => prefix + statistic),
    isOpen: true,
    ...choices,
    limit: { id: 'latencyLimit', description: 'The largest time that passes: "100ms".' },
    standingLimit: null,
  };
}

function statisticOf(name: string): LatencyStatistic | undefined {
  if (name === 'avg' || name === 'min' || name === 'max') return { kind: name };
  const percent = Number(name.slice(1));
  return percent > 0 ? { kind: 'quantile', q: percent / 100 } : undefined;
}

/** Response time: from when a request was due to its last byte. */
export const responseTime = latencyRow('', 'response', {
  examples: ['p50', 'p95', 'p99', 'avg', 'max'],
  indexed: ['avg', 'min', ...reportedQuantiles, 'max'],
  compared: [
    { name: 'p50', required: true },
    { name: 'p95', required: true },
    { name: 'p99', required: false },
  ],
});

/** Service time: from when a request was written to its last byte. */
export const serviceTime = latencyRow('service.', 'service', {
  examples: ['service.p95'],
  indexed: ['service.p50', 'service.p95', 'service.p99'],
  compared: [],
});

/** Time to first byte: from when a request was written. */
export const firstByteTime = latencyRow('ttfb.', 'firstByte', {
  examples: ['ttfb.p95'],
  indexed: ['ttfb.p50', 'ttfb.p95', 'ttfb.p99'],
  compared: [],
});

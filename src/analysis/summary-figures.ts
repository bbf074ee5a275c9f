import type { Scope } from '../model/judgement/budget.ts';
import { isStreamTime } from '../model/judgement/metric.ts';
import type { ResultSummaries, ScopeSummary, SummaryTimes } from '../model/run/results.ts';
import { Histogram } from '../stats/histogram.ts';
import type { Distribution, Figures } from './figures.ts';

const nothing: ScopeSummary = {
  requests: null,
  errors: null,
  seconds: null,
  statuses: {},
  bytes: 0,
  times: { avg: null, min: null, max: null, quantiles: [] },
};

/**
 * The figures of a scope of which only a summary is known. Summaries of endpoints do not add up to that of the whole, and
 * stages are never among them. Other tools count from when they sent, so their response time is their service time as well.
 */
export function summaryFigures({ total, endpoints }: ResultSummaries, scope: Scope): Figures {
  const own = scope.kind === 'endpoint' && Object.hasOwn(endpoints, scope.endpoint);
  const summary =
    scope.kind === 'stage'
      ? nothing
      : scope.kind === 'total'
        ? total
        : own
          ? endpoints[scope.endpoint]
          : null;
  return figuresIn(summary ?? nothing);
}

function figuresIn(summary: ScopeSummary): Figures {
  const { requests, errors, seconds, statuses, bytes, times } = summary;
  const ok = (requests ?? 0) - (errors ?? 0);
  const distribution: Distribution = {
    histogram: new Histogram(),
    censoredFromUs: Number.POSITIVE_INFINITY,
    censoredCount: 0,
    summary: times,
  };
  const { summary: _times, ...unknown } = distribution;
  return {
    requests: requests ?? 0,
    ok,
    failed: {},
    unfinished: 0,
    errors: errors ?? 0,
    errorRate: requests !== null && errors !== null && requests > 0 ? errors / requests : null,
    completed: ok,
    rps: seconds !== null && seconds > 0 && requests !== null ? ok / seconds : null,
    seconds: seconds ?? 0,
    statuses,
    bytes,
    signals: undefined,
    summary,
    distribution: of => (of === 'firstByte' || isStreamTime(of) ? unknown : distribution),
    late: () => 0,
    onTime: () => distribution,
  };
}

/** The statistics that a summary holds, by the names of their metrics: `avg`, `p50`, `p95`, `max`. */
export function statisticsIn({ avg, min, max, quantiles }: SummaryTimes): readonly string[] {
  const percent = (q: number) => Number((q * 100).toFixed(6));
  return [
    ...(avg === null ? [] : ['avg']),
    ...(min === null ? [] : ['min']),
    ...quantiles.map(({ q }) => `p${percent(q)}`),
    ...(max === null ? [] : ['max']),
  ];
}

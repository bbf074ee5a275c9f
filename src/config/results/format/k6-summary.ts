import type { ScopeSummary } from '../../../model/run/results.ts';
import type { DocumentFormat, FoundResults, ResultFile } from '../reading/result-format.ts';
import { endpointSummaries } from '../reading/summary-endpoints.ts';
import { isMembers, quantile, risingQuantiles, type Values, valuesIn } from '../reading/values.ts';

/** The values of each metric, by its name: `http_req_duration{name:GET /items}` is a part of one. */
type Metrics = { readonly [metric: string]: unknown };

const made = 'k6 run --summary-export FILE';

/** `--summary-export`: the values of a metric are its members. */
export const k6SummaryExport: DocumentFormat = {
  kind: 'document',
  tool: 'k6',
  name: 'summary export',
  made,
  is: ({ metrics }) => isMembers(metrics) && !hasValues(metrics) && Object.keys(metrics).some(isMetric),
  read: (document, file) =>
    results((document as { metrics: Metrics }).metrics, valuesIn(document, file.shown), ['metrics'], file),
};

/** What `handleSummary(data)` gets, written as JSON: the values of a metric are below `values`. */
export const k6HandleSummary: DocumentFormat = {
  kind: 'document',
  tool: 'k6',
  name: 'summary of handleSummary',
  made: 'handleSummary(data) { return { FILE: JSON.stringify(data) } }',
  is: ({ metrics }) => isMembers(metrics) && hasValues(metrics) && Object.keys(metrics).some(isMetric),
  read: (document, file) =>
    results(
      (document as { metrics: Metrics }).metrics,
      valuesIn(document, file.shown),
      ['metrics'],
      file,
      'values',
    ),
};

/** `--new-machine-readable-summary`: a list of metrics, and rates by `matches` and `total`. */
export const k6MachineSummary: DocumentFormat = {
  kind: 'document',
  tool: 'k6',
  name: 'machine-readable summary',
  made: 'k6 run --new-machine-readable-summary --summary-export FILE',
  is: ({ results }) => isMembers(results) && Array.isArray(results.metrics),
  read(document, file) {
    const list = (document as { results: { metrics: readonly unknown[] } }).results.metrics;
    const places = Object.fromEntries(
      list.flatMap((metric, index) =>
        isMembers(metric) && typeof metric.name === 'string' ? [[metric.name, index] as const] : [],
      ),
    );
    return results(places, valuesIn(document, file.shown), ['results', 'metrics'], file, 'values');
  },
};

/**
 * `http_req_failed` counts failed requests as its passes, since it is the share of requests of which "failed" is true.
 * Endpoints are there only where the script has a threshold on them: on a part of a metric by `name`, `url` or `endpoint`.
 */
function results(
  metrics: Metrics,
  values: Values,
  root: readonly string[],
  { names }: ResultFile,
  inner?: 'values',
): FoundResults {
  const at = (metric: string, member: string) => {
    const place = metrics[metric];
    const key = typeof place === 'number' ? place : metric;
    return Object.hasOwn(metrics, metric)
      ? values.number(...root, key, ...(inner === undefined ? [] : [inner]), member)
      : null;
  };
  const membersOf = (metric: string) => {
    const place = metrics[metric];
    const key = typeof place === 'number' ? place : metric;
    return values.members(...root, key, ...(inner === undefined ? [] : [inner])).map(([member]) => member);
  };
  const summaryOf = (part: string): ScopeSummary => {
    const [duration, reqs, failed] = [
      `http_req_duration${part}`,
      `http_reqs${part}`,
      `http_req_failed${part}`,
    ];
    const requests = at(reqs, 'count');
    const rate = at(reqs, 'rate');
    const total = at(failed, 'total') ?? sumOrNull(at(failed, 'passes'), at(failed, 'fails'));
    const failures = at(failed, 'matches') ?? at(failed, 'passes');
    const counted = requests ?? total;
    const runMs = values.number('state', 'testRunDurationMs');
    const seconds =
      values.number('config', 'duration') ??
      (runMs === null ? null : runMs / 1_000) ??
      (requests !== null && rate !== null && rate > 0 ? requests / rate : null);
    return {
      requests: counted,
      errors: counted === null || failures === null ? null : Math.min(counted, failures),
      seconds,
      statuses: {},
      bytes: part === '' ? (at('data_received', 'count') ?? 0) : 0,
      times: {
        avg: at(duration, 'avg'),
        min: at(duration, 'min'),
        max: at(duration, 'max'),
        quantiles: risingQuantiles(
          membersOf(duration).flatMap(member => {
            const percent = member === 'med' ? 50 : Number(/^p\(([\d.]+)\)$/.exec(member)?.[1] ?? Number.NaN);
            const ms = Number.isNaN(percent) ? null : at(duration, member);
            return ms === null ? [] : [quantile(percent, ms)];
          }),
        ),
      },
    };
  };
  const parts = Object.keys(metrics).flatMap(metric => {
    const [, part, name] = /^http_req_duration(\{\s*(?:name|url|endpoint):\s*([^,]*)\})$/s.exec(metric) ?? [];
    return part === undefined || name === undefined ? [] : [{ part, name: name.trim() }];
  });
  return {
    kind: 'summaries',
    endpoints: 'some',
    failures: 'all',
    startedMs: null,
    target: null,
    summaries: {
      total: summaryOf(''),
      endpoints: endpointSummaries(
        parts.map(
          ({ part, name }) =>
            [
              /^https?:\/\//i.test(name) ? names.ofUrl('GET', name) : names.ofLabel(name),
              summaryOf(part),
            ] as const,
        ),
      ),
    },
  };
}

const isMetric = (name: string) => /^(?:http_req|iteration|vus|data_received|checks)/.test(name);

function hasValues(metrics: { readonly [metric: string]: unknown }): boolean {
  return Object.values(metrics).some(metric => isMembers(metric) && isMembers(metric.values));
}

function sumOrNull(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}

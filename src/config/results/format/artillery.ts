import type { ScopeSummary } from '../../../model/run/results.ts';
import type { DocumentFormat } from '../reading/result-format.ts';
import { endpointSummaries } from '../reading/summary-endpoints.ts';
import { addedUp, isFailure, quantile, risingQuantiles, type Values, valuesIn } from '../reading/values.ts';

const plugin = 'plugins.metrics-by-endpoint.';
/** Errors that are counted a second time under their own names. */
const doubled = ['errors.total'];

/**
 * `artillery run --output FILE`: a summary in milliseconds. A status of 400 or more is no error to Artillery; here it is one.
 * Endpoints are there only with its plugin `metrics-by-endpoint`.
 */
export const artilleryReport: DocumentFormat = {
  kind: 'document',
  tool: 'artillery',
  name: 'JSON report',
  made: 'artillery run --output FILE SCRIPT',
  is: ({ aggregate }) => typeof aggregate === 'object' && aggregate !== null && 'counters' in aggregate,
  read(document, { shown, names }) {
    const values = valuesIn(document, shown);
    const counters = new Map(
      values
        .members('aggregate', 'counters')
        .map(([name]) => [name, values.number('aggregate', 'counters', name) ?? 0]),
    );
    const started =
      values.number('aggregate', 'firstMetricAt') ?? values.number('aggregate', 'firstCounterAt');
    const ended = values.number('aggregate', 'lastMetricAt') ?? values.number('aggregate', 'lastCounterAt');
    const seconds = started !== null && ended !== null && ended > started ? (ended - started) / 1_000 : null;
    const own = values
      .members('aggregate', 'summaries')
      .flatMap(([name]) =>
        name.startsWith(`${plugin}response_time.`) ? [name.slice(plugin.length + 14)] : [],
      );
    const total = summary(counters, values, 'http.', 'errors.', 'http.response_time', seconds);
    return {
      kind: 'summaries',
      endpoints: 'some',
      failures: 'all',
      startedMs: started,
      target: null,
      summaries: {
        total: { ...total, bytes: counters.get('http.downloaded_bytes') ?? 0 },
        endpoints: endpointSummaries(
          own.map(endpoint => {
            const prefix = `${plugin}${endpoint}.`;
            const times = `${plugin}response_time.${endpoint}`;
            return [
              names.ofLabel(endpoint),
              summary(counters, values, prefix, `${prefix}errors.`, times, seconds),
            ] as const;
          }),
        ),
      },
    };
  },
};

function summary(
  counters: ReadonlyMap<string, number>,
  values: Values,
  prefix: string,
  errorPrefix: string,
  times: string,
  seconds: number | null,
): ScopeSummary {
  const starting = (start: string) => [...counters].filter(([name]) => name.startsWith(start));
  const codes = starting(`${prefix}codes.`).map(
    ([name, count]) => [name.slice(prefix.length + 6), count] as const,
  );
  const failed = starting(errorPrefix).filter(([name]) => !doubled.includes(name));
  const answers = addedUp(codes.map(([, count]) => count));
  const unanswered = addedUp(failed.map(([, count]) => count));
  const requests = counters.get(`${prefix}requests`) ?? answers + unanswered;
  const wrong = addedUp(codes.filter(([code]) => isFailure(Number(code))).map(([, count]) => count));
  const ms = (member: string) => values.number('aggregate', 'summaries', times, member);
  return {
    requests,
    errors: Math.min(requests, wrong + unanswered),
    seconds,
    statuses: Object.fromEntries(codes),
    bytes: 0,
    times: {
      avg: ms('mean'),
      min: ms('min'),
      max: ms('max'),
      quantiles: risingQuantiles(
        values.members('aggregate', 'summaries', times).flatMap(([member]) => {
          const digits = /^p(\d{2})(\d*)$/.exec(member);
          const value = digits === null ? null : ms(member);
          return value === null || digits === null
            ? []
            : [quantile(Number(`${digits[1]}.${digits[2] || 0}`), value)];
        }),
      ),
    },
  };
}

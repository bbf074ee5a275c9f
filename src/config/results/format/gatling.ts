import type { ScopeSummary } from '../../../model/run/results.ts';
import type { EndpointNames } from '../reading/endpoint-names.ts';
import { failureOf } from '../reading/failure-text.ts';
import { type DocumentFormat, foundSamples, type LineFormat } from '../reading/result-format.ts';
import { eachLine } from '../reading/rows.ts';
import { type ForeignSample, sampleCollector } from '../reading/sample-collector.ts';
import { endpointSummaries } from '../reading/summary-endpoints.ts';
import {
  amount,
  isMembers,
  moment,
  quantile,
  risingQuantiles,
  type Values,
  valuesIn,
} from '../reading/values.ts';

/** `simulation.log` of Gatling up to 3.11, a text of lines split by tabs, in milliseconds; later versions write a binary one. */
export const gatlingLog: LineFormat = {
  kind: 'lines',
  tool: 'gatling',
  name: 'simulation.log',
  made: 'simulation.log in its results folder, as text (up to Gatling 3.11)',
  is: head => /^(?:RUN|ASSERTION|USER|REQUEST|GROUP)\t/.test(head),
  async read(file) {
    const collector = sampleCollector(file.known);
    await eachLine(file, (line, number) => {
      if (!line.startsWith('REQUEST\t')) return;
      const parts = line.split('\t');
      // Versions differ in what stands before the name: it is always followed by start, end and status.
      const at = parts.findIndex((part, index) => index > 3 && (part === 'OK' || part === 'KO'));
      const where = (what: string) => () => `${file.shown}:${number}: ${what}`;
      const startMs = moment(parts[at - 2], where('start'));
      const endMs = moment(parts[at - 1], where('end'));
      collector.add({
        endpoint: file.names.ofLabel(parts[at - 3] ?? ''),
        startMs,
        durationMs: amount(endMs - startMs, where('end')),
        ...endedHow(parts[at] ?? '', parts[at + 1] ?? ''),
        bytes: 0,
      });
    });
    return foundSamples(collector.finish());
  },
};

/** The message of a failed check names the status that was found: `status.find.is(200), but actually found 500`. */
function endedHow(state: string, message: string): Pick<ForeignSample, 'ended' | 'status'> {
  if (state === 'OK') return { ended: 'ok', status: null };
  const status = Number(/^status\..*found (\d{3})\b/.exec(message)?.[1] ?? 0) || null;
  if (status !== null) return { ended: 'status', status };
  return { ended: failureOf(message) ?? (/\bfound\b|\.find\b/.test(message) ? 'check' : null), status: null };
}

/** The ranks of `percentiles1` to `percentiles4`, unless gatling.conf says otherwise; the file does not name them. */
const ranks = [50, 75, 95, 99];

/** `js/stats.json` of Gatling's report: a summary in milliseconds of all requests and of each name. */
export const gatlingStats: DocumentFormat = {
  kind: 'document',
  tool: 'gatling',
  name: 'stats.json',
  made: 'js/stats.json in the report folder',
  is: ({ stats, contents, type }) => type === 'GROUP' && isMembers(stats) && isMembers(contents),
  read(document, { shown, names }) {
    const values = valuesIn(document, shown);
    const endpoints = endpointSummaries(requestsIn(document, [], values, names));
    return found(summaryAt(values, ['stats']), endpoints, 'all');
  },
};

/** `js/global_stats.json`: the same of all requests together. */
export const gatlingGlobalStats: DocumentFormat = {
  kind: 'document',
  tool: 'gatling',
  name: 'global_stats.json',
  made: 'js/global_stats.json in the report folder',
  is: document => isMembers(document.numberOfRequests) && 'percentiles1' in document,
  read: (document, { shown }) => found(summaryAt(valuesIn(document, shown), []), {}, 'none'),
};

const found = (
  total: ScopeSummary,
  endpoints: { readonly [name: string]: ScopeSummary },
  told: 'all' | 'none',
) =>
  ({
    kind: 'summaries',
    endpoints: told,
    failures: 'all',
    startedMs: null,
    target: null,
    summaries: { total, endpoints },
  }) as const;

/** Groups hold requests and groups; deeper than this no report goes. */
const deepest = 20;

function* requestsIn(
  node: unknown,
  path: readonly string[],
  values: Values,
  names: EndpointNames,
): Generator<readonly [string, ScopeSummary]> {
  if (!isMembers(node) || path.length > 2 * deepest) return;
  if (node.type === 'REQUEST' && typeof node.name === 'string') {
    yield [names.ofLabel(node.name), summaryAt(values, [...path, 'stats'])];
  }
  if (!isMembers(node.contents)) return;
  for (const [key, inner] of Object.entries(node.contents)) {
    yield* requestsIn(inner, [...path, 'contents', key], values, names);
  }
}

function summaryAt(values: Values, path: readonly string[]): ScopeSummary {
  const total = (name: string) => values.number(...path, name, 'total');
  const requests = total('numberOfRequests');
  const failures = values.number(...path, 'numberOfRequests', 'ko');
  const rate = total('meanNumberOfRequestsPerSecond');
  const hasTimes = requests !== null && requests > 0;
  return {
    requests,
    errors: requests === null || failures === null ? null : Math.min(requests, failures),
    seconds: requests !== null && rate !== null && rate > 0 ? requests / rate : null,
    statuses: {},
    bytes: 0,
    times: {
      avg: hasTimes ? total('meanResponseTime') : null,
      min: hasTimes ? total('minResponseTime') : null,
      max: hasTimes ? total('maxResponseTime') : null,
      quantiles: hasTimes
        ? risingQuantiles(
            ranks.flatMap((percent, index) => {
              const ms = total(`percentiles${index + 1}`);
              return ms === null ? [] : [quantile(percent, ms)];
            }),
          )
        : [],
    },
  };
}

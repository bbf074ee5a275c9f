import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Load, type Peer, quantiles, type Report } from './peer.ts';
import { located } from './program.ts';

interface K6Summary {
  readonly metrics: {
    readonly http_reqs: { readonly values: { readonly count: number } };
    readonly http_req_failed: { readonly values: { readonly rate: number } };
    readonly http_req_duration: { readonly values: { readonly [statistic: string]: number } };
  };
}

/** Finds k6. */
export function findK6(): Peer | null {
  const version = located('k6', ['version'], /k6(?:\.exe)? v?(\S+)/);
  if (version === null) return null;
  return {
    name: 'k6',
    version,
    hasRate: true,
    command(load, folder) {
      const file = join(folder, 'load.js');
      writeFileSync(file, scriptFor(load));
      return { file: 'k6', args: ['run', '--quiet', '--no-usage-report', file] };
    },
    read: ({ folder }) => readK6(readFileSync(join(folder, 'summary.json'), 'utf8')),
  };
}

function scriptFor({ url, method, seconds, connections, timeoutSeconds, rate }: Load): string {
  const duration = `${seconds}s`;
  const scenario =
    rate === null
      ? { executor: 'constant-vus', vus: connections, duration }
      : { executor: 'constant-arrival-rate', rate, duration, preAllocatedVUs: connections };
  const options = {
    discardResponseBodies: true,
    summaryTrendStats: ['p(50)', 'p(90)', 'p(95)', 'p(97.5)', 'p(99)', 'max'],
    scenarios: { load: scenario },
  };
  return `import http from 'k6/http';
export const options = ${JSON.stringify(options)};
export default function () {
  http.request(${JSON.stringify(method)}, ${JSON.stringify(url)}, null, { timeout: '${timeoutSeconds}s' });
}
export function handleSummary(data) {
  return { 'summary.json': JSON.stringify(data) };
}
`;
}

/** Reads the data that k6 hands to `handleSummary`. */
export function readK6(text: string): Report {
  const { http_reqs, http_req_failed, http_req_duration } = (JSON.parse(text) as K6Summary).metrics;
  const { count } = http_reqs.values;
  const { values } = http_req_duration;
  return {
    requests: count,
    errors: Math.round(http_req_failed.values.rate * count),
    latencyMs: quantiles({
      p50: values['p(50)'] ?? null,
      p90: values['p(90)'] ?? null,
      p95: values['p(95)'] ?? null,
      'p97.5': values['p(97.5)'] ?? null,
      p99: values['p(99)'] ?? null,
      max: values.max ?? null,
    }),
    atLeast: [],
  };
}

import { failureOf } from '../reading/failure-text.ts';
import type { LineFormat, ResultFile } from '../reading/result-format.ts';
import { eachObject } from '../reading/rows.ts';
import { sampleCollector } from '../reading/sample-collector.ts';
import { amount, moment } from '../reading/values.ts';

/** k6 writes this many metrics for each request; one of them holds all that is needed. */
const metric = 'http_req_duration';
/** `time` is when a request ended; 1050 is k6's code for one that timed out. */
const timeoutCode = '1050';

interface Point {
  readonly type?: unknown;
  readonly metric?: unknown;
  readonly data?: {
    readonly time?: unknown;
    readonly value?: unknown;
    readonly tags?: { readonly [tag: string]: unknown } | null;
  };
}

/** The lines of `k6 run --out json=FILE`: a point of each metric for each request; times are in milliseconds. */
export const k6Points: LineFormat = {
  kind: 'lines',
  tool: 'k6',
  name: 'NDJSON',
  made: 'k6 run --out json=FILE',
  is: head =>
    /^\s*\{(?=[^\n]*"metric"\s*:)[^\n]*"type"\s*:\s*"(?:Metric|Point)"/.test(head) ||
    /^\s*\{[^\n]*"type"\s*:\s*"(?:Metric|Point)"[^\n]*"metric"\s*:/.test(head),
  async read(file) {
    const collector = sampleCollector(file.known);
    await eachObject(
      file,
      (point: Point, number) => {
        if (point.type !== 'Point' || point.metric !== metric) return;
        const where = (member: string) => () => `${file.shown}:${number}: data.${member}`;
        const { value, time, tags } = point.data ?? {};
        const durationMs = amount(value, where('value'));
        const endMs = moment(typeof time === 'string' ? Date.parse(time) : time, where('time'));
        const tag = (name: string) => {
          const found = tags?.[name];
          return typeof found === 'string' ? found : '';
        };
        const status = Number(tag('status')) || null;
        collector.add({
          endpoint: endpointOf(tag, file),
          startMs: endMs - durationMs,
          durationMs,
          ended: endedHow(tag, status),
          status,
          bytes: 0,
        });
      },
      metric,
    );
    const samples = collector.finish();
    return {
      kind: 'samples',
      samples,
      endpoints: 'all',
      failures: 'all',
      startedMs: samples.requests > 0 ? samples.startMs : null,
      target: null,
    };
  },
};

/** `name` is the URL unless the script names the request. */
function endpointOf(tag: (name: string) => string, { names }: ResultFile): string {
  const [name, method] = [tag('name') || tag('url'), tag('method') || 'GET'];
  return /^https?:\/\//i.test(name) ? names.ofUrl(method, name) : names.ofLabel(name, method);
}

/** k6 says itself whether a response was expected, by the script's `setResponseCallback`. */
function endedHow(tag: (name: string) => string, status: number | null) {
  const isExpected = tag('expected_response');
  const hasFailed = isExpected === '' ? status === null || status >= 400 : isExpected !== 'true';
  if (!hasFailed) return 'ok' as const;
  if (tag('error_code') === timeoutCode) return 'timeout' as const;
  return status === null ? failureOf(tag('error')) : ('status' as const);
}

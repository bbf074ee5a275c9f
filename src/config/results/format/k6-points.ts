import { failureOf } from '../reading/failure-text.ts';
import { foundSamples, type LineFormat, type ResultFile } from '../reading/result-format.ts';
import { eachObject, eachRow, headerOf } from '../reading/rows.ts';
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
    return foundSamples(collector.finish());
  },
};

/** The lines of `k6 run --out csv=FILE`: the same, with moments in whole seconds unless the script says otherwise. */
export const k6Csv: LineFormat = {
  kind: 'lines',
  tool: 'k6',
  name: 'CSV',
  made: 'k6 run --out csv=FILE',
  is: head => headerOf(head).includes('metric_name') && headerOf(head).includes('metric_value'),
  async read(file) {
    const collector = sampleCollector(file.known);
    await eachRow(file, ({ cell, where }) => {
      if (cell('metric_name') !== metric) return;
      const durationMs = amount(cell('metric_value'), () => where('metric_value'));
      const endMs = moment(millisecondsOf(cell('timestamp') ?? ''), () => where('timestamp'));
      const tag = (name: string) => cell(name) ?? '';
      const status = Number(tag('status')) || null;
      collector.add({
        endpoint: endpointOf(tag, file),
        startMs: endMs - durationMs,
        durationMs,
        ended: endedHow(tag, status),
        status,
        bytes: 0,
      });
    });
    return foundSamples(collector.finish());
  },
};

/** Seconds, milliseconds, microseconds or nanoseconds by their digits, or a date. */
function millisecondsOf(written: string): number {
  if (!/^\d+$/.test(written)) return Date.parse(written);
  const perMs = written.length <= 11 ? 0.001 : written.length <= 14 ? 1 : written.length <= 17 ? 1e3 : 1e6;
  return Number(written) / perMs;
}

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

import { failureOf } from '../reading/failure-text.ts';
import {
  type DocumentFormat,
  foundSamples,
  type LineFormat,
  type ResultFile,
} from '../reading/result-format.ts';
import { eachObject, eachRow } from '../reading/rows.ts';
import { type ForeignSample, sampleCollector } from '../reading/sample-collector.ts';
import {
  addedUp,
  amount,
  isFailure,
  moment,
  quantile,
  risingQuantiles,
  valuesIn,
} from '../reading/values.ts';

/** Vegeta measures in nanoseconds. */
const nsPerMs = 1e6;
/** What its requests are called where the results name no URL, as those of version 8 and before do not. */
const unnamed = 'all requests';

/** A request as either format has it. */
interface Hit {
  readonly startMs: number;
  readonly latencyNs: number;
  readonly code: number;
  readonly error: string;
  readonly bytesIn: number;
  readonly method: string;
  readonly url: string;
}

/** `vegeta encode --to json`: an object a line. */
export const vegetaJson: LineFormat = {
  kind: 'lines',
  tool: 'vegeta',
  name: 'JSON results',
  made: 'vegeta encode --to json FILE.bin',
  is: head => /^\s*\{(?=[^\n]*"latency"\s*:)(?=[^\n]*"timestamp"\s*:)[^\n]*"code"\s*:/.test(head),
  async read(file) {
    const { take, finish } = collecting(file);
    await eachObject(file, (hit: { readonly [member: string]: unknown }, number) => {
      const where = (member: string) => () => `${file.shown}:${number}: ${member}`;
      take({
        startMs: moment(
          typeof hit.timestamp === 'string' ? Date.parse(hit.timestamp) : hit.timestamp,
          where('timestamp'),
        ),
        latencyNs: amount(hit.latency, where('latency')),
        code: amount(hit.code, where('code')),
        error: textOf(hit.error),
        bytesIn: amount(hit.bytes_in ?? 0, where('bytes_in')),
        method: textOf(hit.method),
        url: textOf(hit.url),
      });
    });
    return finish();
  },
};

const csvColumns = [
  'timestamp',
  'code',
  'latency',
  'bytes_out',
  'bytes_in',
  'error',
  'body',
  'attack',
  'seq',
  'method',
  'url',
];

/** `vegeta encode --to csv`: no line of names, times in nanoseconds. */
export const vegetaCsv: LineFormat = {
  kind: 'lines',
  tool: 'vegeta',
  name: 'CSV results',
  made: 'vegeta encode --to csv FILE.bin',
  is: head => /^\d{16,20},\d{1,3},\d+,\d+,\d+,/.test(head),
  async read(file) {
    const { take, finish } = collecting(file);
    await eachRow(
      file,
      ({ cell, where }) => {
        const number = (column: string) => amount(cell(column), () => where(column));
        take({
          startMs: moment(number('timestamp') / nsPerMs, () => where('timestamp')),
          latencyNs: number('latency'),
          code: number('code'),
          error: cell('error') ?? '',
          bytesIn: number('bytes_in'),
          method: cell('method') ?? '',
          url: cell('url') ?? '',
        });
      },
      { columns: csvColumns },
    );
    return finish();
  },
};

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

function collecting(file: ResultFile) {
  const collector = sampleCollector(file.known);
  let hasUrls = false;
  return {
    take({ startMs, latencyNs, code, error, bytesIn, method, url }: Hit) {
      if (url !== '') hasUrls = true;
      const isOk = !isFailure(code) && error === '';
      const failed: ForeignSample['ended'] =
        code === 0 ? failureOf(error) : isFailure(code) ? 'status' : failureOf(error);
      collector.add({
        endpoint: url === '' ? unnamed : file.names.ofUrl(method || 'GET', url),
        startMs,
        durationMs: latencyNs / nsPerMs,
        ended: isOk ? 'ok' : failed,
        status: code === 0 ? null : code,
        bytes: bytesIn,
      });
    },
    finish() {
      return foundSamples(collector.finish(), hasUrls ? {} : { endpoints: 'none' });
    },
  };
}

/** `vegeta report --type json`: a summary in nanoseconds. */
export const vegetaReport: DocumentFormat = {
  kind: 'document',
  tool: 'vegeta',
  name: 'JSON report',
  made: 'vegeta report --type json',
  is: document => 'latencies' in document && 'status_codes' in document,
  read(document, { shown }) {
    const values = valuesIn(document, shown);
    const requests = values.number('requests');
    const codes = values
      .members('status_codes')
      .map(([code]) => [code, values.number('status_codes', code) ?? 0] as const);
    const good = codes.filter(([code]) => !isFailure(Number(code))).map(([, count]) => count);
    const durationNs = (values.number('duration') ?? 0) + (values.number('wait') ?? 0);
    const started = Date.parse(values.text('earliest') ?? '');
    const ms = (member: string) => values.ms(1 / nsPerMs, 'latencies', member);
    return {
      kind: 'summaries',
      endpoints: 'none',
      failures: 'all',
      startedMs: started > 0 ? started : null,
      target: null,
      summaries: {
        endpoints: {},
        total: {
          requests,
          errors: requests === null ? null : Math.max(0, requests - addedUp(good)),
          seconds: durationNs > 0 ? durationNs / 1e9 : null,
          statuses: Object.fromEntries(codes.filter(([code]) => code !== '0')),
          bytes: values.number('bytes_in', 'total') ?? 0,
          times: {
            avg: ms('mean'),
            min: ms('min'),
            max: ms('max'),
            quantiles: risingQuantiles(
              values.members('latencies').flatMap(([member]) => {
                const percent = Number(/^(\d+(?:\.\d+)?)th$/.exec(member)?.[1] ?? Number.NaN);
                const value = Number.isNaN(percent) ? null : ms(member);
                return value === null ? [] : [quantile(percent, value)];
              }),
            ),
          },
        },
      },
    };
  },
};

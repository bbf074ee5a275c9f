import { type DocumentFormat, foundSamples, type LineFormat } from '../reading/result-format.ts';
import { eachRow, headerOf } from '../reading/rows.ts';
import { sampleCollector } from '../reading/sample-collector.ts';
import {
  addedUp,
  amount,
  isFailure,
  moment,
  quantile,
  risingQuantiles,
  valuesIn,
} from '../reading/values.ts';

/** Requests that were under way when oha's time was over; it does not count them either. */
const cut = 'aborted due to deadline';

/** `oha --output-format csv`: a line for each answer, in seconds from the start. Requests without an answer are not among them. */
export const ohaCsv: LineFormat = {
  kind: 'lines',
  tool: 'oha',
  name: 'CSV',
  made: 'oha --no-tui --output-format csv URL > FILE',
  is: head => headerOf(head).includes('request-start') && headerOf(head).includes('request-duration'),
  async read(file) {
    const collector = sampleCollector(file.known);
    await eachRow(file, ({ cell, where }) => {
      const number = (column: string) => amount(cell(column), () => where(column));
      const status = number('status');
      collector.add({
        endpoint: 'all requests',
        startMs: moment(number('request-start') * 1_000, () => where('request-start')),
        durationMs: number('request-duration') * 1_000,
        ended: isFailure(status) ? 'status' : 'ok',
        status,
        bytes: number('bytes'),
      });
    });
    const more = { endpoints: 'none', failures: 'answeredOnly', startedMs: null } as const;
    return foundSamples(collector.finish(), more);
  },
};

/** `oha --output-format json` (`--json` before 1.9): a summary in seconds. Requests that got no answer are in no time of it. */
export const ohaJson: DocumentFormat = {
  kind: 'document',
  tool: 'oha',
  name: 'JSON',
  made: 'oha --no-tui --output-format json URL > FILE',
  is: document => 'latencyPercentiles' in document && 'statusCodeDistribution' in document,
  read(document, { shown }) {
    const values = valuesIn(document, shown);
    const counts = (map: string) =>
      values.members(map).map(([name]) => [name, values.number(map, name) ?? 0] as const);
    const codes = counts('statusCodeDistribution');
    const unanswered = addedUp(
      counts('errorDistribution')
        .filter(([name]) => name !== cut)
        .map(([, count]) => count),
    );
    const answers = addedUp(codes.map(([, count]) => count));
    const wrong = addedUp(codes.filter(([code]) => isFailure(Number(code))).map(([, count]) => count));
    const ms = (...path: readonly string[]) => values.ms(1_000, ...path);
    return {
      kind: 'summaries',
      endpoints: 'none',
      failures: 'all',
      startedMs: null,
      target: null,
      summaries: {
        endpoints: {},
        total: {
          requests: answers + unanswered,
          errors: wrong + unanswered,
          seconds: values.number('summary', 'total'),
          statuses: Object.fromEntries(codes),
          bytes: values.number('summary', 'totalData') ?? 0,
          times: {
            avg: ms('summary', 'average'),
            min: ms('summary', 'fastest'),
            max: ms('summary', 'slowest'),
            quantiles: risingQuantiles(
              values.members('latencyPercentiles').flatMap(([member]) => {
                const percent = Number(/^p(\d+(?:\.\d+)?)$/.exec(member)?.[1] ?? Number.NaN);
                const value = Number.isNaN(percent) ? null : ms('latencyPercentiles', member);
                return value === null ? [] : [quantile(percent, value)];
              }),
            ),
          },
        },
      },
    };
  },
};

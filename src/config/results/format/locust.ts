import { problem } from '../../../model/error.ts';
import type { ScopeSummary } from '../../../model/run/results.ts';
import type { LineFormat } from '../reading/result-format.ts';
import { type CsvRow, eachRow, headerOf } from '../reading/rows.ts';
import { endpointSummaries } from '../reading/summary-endpoints.ts';
import { amount, quantile, risingQuantiles } from '../reading/values.ts';

const httpMethod = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/;
/** The most endpoints that are taken over: rows beyond are no endpoints that anyone reads. */
const mostRows = 10_000;

/** `locust --csv NAME` writes `NAME_stats.csv`: a summary of each endpoint and of all, in milliseconds, long ones rounded to two digits. */
export const locustCsv: LineFormat = {
  kind: 'lines',
  tool: 'locust',
  name: 'stats CSV',
  made: 'locust --headless --csv NAME (NAME_stats.csv)',
  is: head => ['Name', 'Request Count', 'Failure Count'].every(column => headerOf(head).includes(column)),
  async read(file) {
    let columns: readonly (readonly [column: string, percent: number])[] = [];
    let total: ScopeSummary | null = null;
    const endpoints: (readonly [string, ScopeSummary])[] = [];
    await eachRow(file, row => {
      if (columns.length === 0) columns = percentColumns(row);
      const [type, name] = [row.cell('Type') ?? '', row.cell('Name') ?? ''];
      if (name === 'Aggregated' && (type === '' || type === 'None' || type === 'Aggregated'))
        total = summaryOf(row, columns);
      else if (endpoints.length < mostRows) {
        endpoints.push([
          file.names.ofLabel(name, httpMethod.test(type) ? type : ''),
          summaryOf(row, columns),
        ]);
      }
    });
    if (total === null) {
      throw problem('file.syntax', {
        where: file.shown,
        found: 'no row "Aggregated"',
        expected: 'the whole NAME_stats.csv of locust --csv NAME',
      });
    }
    return {
      kind: 'summaries',
      endpoints: 'all',
      failures: 'all',
      startedMs: null,
      target: null,
      summaries: { total, endpoints: endpointSummaries(endpoints) },
    };
  },
};

const percents = ['50', '66', '75', '80', '90', '95', '98', '99', '99.9', '99.90', '99.99', '99.999'];

function percentColumns({ cell }: CsvRow): readonly (readonly [string, number])[] {
  return percents.flatMap(percent =>
    cell(`${percent}%`) === undefined ? [] : [[`${percent}%`, Number(percent)] as const],
  );
}

function summaryOf(row: CsvRow, columns: readonly (readonly [string, number])[]): ScopeSummary {
  const number = (column: string): number | null => {
    const value = row.cell(column);
    const isAbsent = value === undefined || value === '' || value === 'N/A';
    return isAbsent ? null : amount(value, () => row.where(column));
  };
  const requests = number('Request Count');
  const failures = number('Failure Count');
  const rate = number('Requests/s');
  const hasTimes = requests !== null && requests > 0;
  const ms = (column: string) => (hasTimes ? number(column) : null);
  return {
    requests,
    errors: requests === null || failures === null ? null : Math.min(requests, failures),
    seconds: requests !== null && rate !== null && rate > 0 ? requests / rate : null,
    statuses: {},
    bytes: 0,
    times: {
      avg: ms('Average Response Time'),
      min: ms('Min Response Time'),
      max: ms('Max Response Time'),
      quantiles: risingQuantiles(
        columns.flatMap(([column, percent]) => {
          const value = ms(column);
          return value === null ? [] : [quantile(percent, value)];
        }),
      ),
    },
  };
}

import type { DocumentFormat } from '../reading/result-format.ts';
import { quantile, risingQuantiles, valuesIn } from '../reading/values.ts';

/**
 * `autocannon --json`: a summary in whole milliseconds, with p97.5 and no p95. Its `errors` include timeouts, and its `non2xx`
 * redirects, which count as ok here.
 */
export const autocannonJson: DocumentFormat = {
  kind: 'document',
  tool: 'autocannon',
  name: 'JSON',
  made: 'autocannon --json URL > FILE',
  is: document => 'non2xx' in document && 'latency' in document && 'connections' in document,
  read(document, { shown }) {
    const values = valuesIn(document, shown);
    const answered = values.number('requests', 'total') ?? 0;
    const unanswered = values.number('errors') ?? 0;
    const wrong = Math.max(0, (values.number('non2xx') ?? 0) - (values.number('3xx') ?? 0));
    const mismatches = values.number('mismatches') ?? 0;
    const requests = answered + unanswered;
    const started = Date.parse(values.text('start') ?? '');
    const ms = (member: string) => (answered === 0 ? null : values.number('latency', member));
    return {
      kind: 'summaries',
      endpoints: 'none',
      failures: 'all',
      startedMs: started > 0 ? started : null,
      target: values.text('url'),
      summaries: {
        endpoints: {},
        total: {
          requests,
          errors: Math.min(requests, unanswered + wrong + mismatches),
          seconds: values.number('duration'),
          statuses: Object.fromEntries(
            values
              .members('statusCodeStats')
              .map(([code]) => [code, values.number('statusCodeStats', code, 'count') ?? 0]),
          ),
          bytes: values.number('throughput', 'total') ?? 0,
          times: {
            avg: ms('average'),
            min: ms('min'),
            max: ms('max'),
            quantiles: risingQuantiles(
              values.members('latency').flatMap(([member]) => {
                const written = /^p([1-9]\d?(?:_\d+)?)$/.exec(member)?.[1];
                const value = written === undefined ? null : ms(member);
                return value === null ? [] : [quantile(Number(written?.replace('_', '.')), value)];
              }),
            ),
          },
        },
      },
    };
  },
};

import { problem } from '../../../model/error.ts';
import { readText } from '../../source/text-file.ts';
import { foundSamples, type LineFormat } from '../reading/result-format.ts';
import { eachRow, headerOf } from '../reading/rows.ts';
import { sampleCollector } from '../reading/sample-collector.ts';
import { addedUp, amount, isFailure, moment, quantile, risingQuantiles } from '../reading/values.ts';

/** `hey -o csv`: a line for each answer, at most a million, in seconds from the start. Requests without an answer are not among them. */
export const heyCsv: LineFormat = {
  kind: 'lines',
  tool: 'hey',
  name: 'CSV',
  made: 'hey -o csv URL > FILE',
  is: head => headerOf(head).includes('response-time') && headerOf(head).includes('status-code'),
  async read(file) {
    const collector = sampleCollector(file.known);
    await eachRow(file, ({ cell, where }) => {
      const number = (column: string) => amount(cell(column), () => where(column));
      const status = number('status-code');
      collector.add({
        endpoint: 'all requests',
        startMs: moment(number('offset') * 1_000, () => where('offset')),
        durationMs: number('response-time') * 1_000,
        ended: isFailure(status) ? 'status' : 'ok',
        status,
        bytes: 0,
      });
    });
    const more = { endpoints: 'none', failures: 'answeredOnly', startedMs: null } as const;
    return foundSamples(collector.finish(), more);
  },
};

/** What hey prints: a summary in seconds. */
export const heyText: LineFormat = {
  kind: 'lines',
  tool: 'hey',
  name: 'text output',
  made: 'hey URL > FILE',
  is: head =>
    /^Summary:\s*$/m.test(head) && /^\s+Total:\s+[\d.]+ secs\s*$/m.test(head) && !/Success rate:/.test(head),
  async read({ path, shown }) {
    const text = await readText(path, shown);
    const ms = (name: string): number | null => {
      const found = new RegExp(`^\\s+${name}:\\s+(\\S+) secs\\s*$`, 'm').exec(text)?.[1];
      return found === undefined ? null : amount(found, () => `${shown}: ${name}`) * 1_000;
    };
    const totalMs = ms('Total');
    const counts = (section: string, pattern: RegExp) => {
      const [, below = ''] = text.split(`${section}:`);
      return [...(below.split(/\n\s*\n/)[0] ?? '').matchAll(pattern)].map(
        match => [match[1] ?? '', Number(match[2] ?? match[1])] as const,
      );
    };
    const codes = counts('Status code distribution', /^\s*\[(\d{3})\]\s+(\d+) responses/gm);
    const lost = addedUp(counts('Error distribution', /^\s*\[(\d+)\]\s/gm).map(([, count]) => count));
    const answers = addedUp(codes.map(([, count]) => count));
    if (totalMs === null || (answers === 0 && lost === 0 && !text.includes('distribution:'))) {
      throw problem('file.syntax', {
        where: shown,
        found: 'no status code distribution',
        expected: 'the whole output of hey',
      });
    }
    const wrong = addedUp(codes.filter(([code]) => isFailure(Number(code))).map(([, count]) => count));
    const found = [...text.matchAll(/^\s+([\d.]+)%+ in (\S+) secs\s*$/gm)];
    const hasTimes = answers > 0;
    return {
      kind: 'summaries',
      endpoints: 'none',
      failures: 'all',
      startedMs: null,
      target: null,
      summaries: {
        endpoints: {},
        total: {
          requests: answers + lost,
          errors: wrong + lost,
          seconds: totalMs > 0 ? totalMs / 1_000 : null,
          statuses: Object.fromEntries(codes),
          bytes: Number(/^\s+Total data:\s+(\d+) bytes/m.exec(text)?.[1] ?? 0),
          times: {
            avg: hasTimes ? ms('Average') : null,
            min: hasTimes ? ms('Fastest') : null,
            max: hasTimes ? ms('Slowest') : null,
            quantiles: hasTimes
              ? risingQuantiles(
                  found.map(([, percent, seconds]) =>
                    quantile(Number(percent), amount(seconds, () => `${shown}: ${percent}%`) * 1_000),
                  ),
                )
              : [],
          },
        },
      },
    };
  },
};

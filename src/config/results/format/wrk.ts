import { problem } from '../../../model/error.ts';
import { readText } from '../../source/text-file.ts';
import type { LineFormat } from '../reading/result-format.ts';
import { amount, quantile, risingQuantiles } from '../reading/values.ts';

const msPer: { readonly [unit: string]: number } = { us: 0.001, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const bytesPer: { readonly [unit: string]: number } = {
  B: 1,
  KB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
};
const time = '(-?[\\d.]+|-?nan)(us|ms|s|m|h)';

/** All that wrk prints where nobody listens. */
const refusal = /^unable to connect to /;

/**
 * What wrk and wrk2 print: times with a unit behind each, quantiles only with `--latency`. A failed connection is no request to
 * wrk; here it is one that failed.
 */
export const wrkText: LineFormat = {
  kind: 'lines',
  tool: 'wrk',
  name: 'text output',
  made: 'wrk --latency URL > FILE',
  is: head => (/^Running \S+ test @ /m.test(head) && !/^Summary:/m.test(head)) || refusal.test(head),
  async read({ path, shown }) {
    const text = await readText(path, shown);
    if (refusal.test(text)) {
      throw problem('results.no-requests', {
        where: shown,
        found: 'that wrk was unable to connect',
        expected: 'at least one HTTP request',
      });
    }
    const where = (what: string) => () => `${shown}: ${what}`;
    const timeOf = (found: RegExpExecArray | null, index: number, what: string): number | null => {
      const [value, unit] = [found?.[index], found?.[index + 1]];
      return value === undefined || unit === undefined
        ? null
        : amount(value, where(what)) * (msPer[unit] ?? 1);
    };
    const whole = new RegExp(`^\\s*(\\d+) requests in ${time}, ([\\d.]+)([KMGT]?B) read`, 'm').exec(text);
    if (whole === null) {
      throw problem('file.syntax', {
        where: shown,
        found: 'no line "N requests in T, B read"',
        expected: 'the whole output of wrk',
      });
    }
    const answers = amount(whole[1], where('requests'));
    const seconds = (timeOf(whole, 2, 'requests in') ?? 0) / 1_000;
    const count = (pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? 0);
    const [connect, read, write, timeouts] = ['connect', 'read', 'write', 'timeout'].map(kind =>
      count(new RegExp(`^\\s*Socket errors:.*\\b${kind} (\\d+)`, 'm')),
    ) as [number, number, number, number];
    const lost = connect + read + write;
    const wrong = count(/^\s*Non-2xx or 3xx responses: (\d+)/m);
    const latency = new RegExp(`^\\s*Latency\\s+${time}\\s+${time}\\s+${time}`, 'm').exec(text);
    // Some builds of wrk2 have p99 in its place.
    const hasMax = /^\s*Thread Stats\s+Avg\s+Stdev\s+Max\b/m.test(text);
    const [, distribution = ''] = text.split(/^\s*Latency Distribution.*$/m);
    const [percentiles = ''] = distribution.split(/^\s*(?:Detailed|Uncorrected|\d+ requests in)/m);
    const found = [...percentiles.matchAll(new RegExp(`^\\s*([\\d.]+)%\\s+${time}\\s*$`, 'gm'))];
    const requests = answers + lost;
    const hasTimes = answers > 0;
    return {
      kind: 'summaries',
      endpoints: 'none',
      failures: 'all',
      startedMs: null,
      target: /^Running \S+ test @ (\S+)/m.exec(text)?.[1] ?? null,
      summaries: {
        endpoints: {},
        total: {
          requests,
          // A request that took longer than its timeout may have been answered after all, so it is no further one.
          errors: Math.min(requests, lost + wrong + timeouts),
          seconds: seconds > 0 ? seconds : null,
          statuses: {},
          bytes: Math.round(Number(whole[4]) * (bytesPer[whole[5] ?? 'B'] ?? 1)),
          times: {
            avg: hasTimes ? timeOf(latency, 1, 'Latency Avg') : null,
            min: null,
            max: hasTimes && hasMax ? timeOf(latency, 5, 'Latency Max') : null,
            quantiles: hasTimes
              ? risingQuantiles(
                  found.map(match =>
                    quantile(Number(match[1]), timeOf(match, 2, 'Latency Distribution') ?? 0),
                  ),
                )
              : [],
          },
        },
      },
    };
  },
};

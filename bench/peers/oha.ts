import { type Peer, quantiles, type Report } from './peer.ts';
import { located } from './program.ts';

interface OhaResult {
  readonly summary: { readonly slowest: number | null };
  readonly latencyPercentiles: { readonly [percent: string]: number | null };
  readonly statusCodeDistribution: { readonly [status: string]: number };
  readonly errorDistribution: { readonly [message: string]: number };
}

/** What oha calls a request that it gave up at the end of the run. */
const cutOff = /deadline/i;

/** Finds oha. */
export function findOha(): Peer | null {
  const version = located('oha', ['--version'], /oha (\S+)/);
  if (version === null) return null;
  return {
    name: 'oha',
    version,
    hasRate: true,
    command: ({ url, method, seconds, connections, timeoutSeconds, rate }) => ({
      file: 'oha',
      args: [
        ...['--no-tui', '--output-format', 'json', '-m', method, '-t', `${timeoutSeconds}s`],
        ...['-z', `${seconds}s`, '-c', String(connections)],
        ...(rate === null ? [] : ['-q', String(rate), '--latency-correction']),
        url,
      ],
    }),
    read: ({ stdout }) => readOha(stdout),
  };
}

/** Reads oha's JSON; what it cut off at the end of the run is no request that ended. */
export function readOha(text: string): Report {
  const result = JSON.parse(text) as OhaResult;
  const sum = (counts: { readonly [name: string]: number }, holds: (name: string) => boolean) =>
    Object.entries(counts).reduce((total, [name, count]) => total + (holds(name) ? count : 0), 0);
  const lost = sum(result.errorDistribution, message => !cutOff.test(message));
  const ms = (seconds: number | null | undefined) => (typeof seconds === 'number' ? seconds * 1_000 : null);
  const { p50, p90, p95, p99 } = result.latencyPercentiles;
  return {
    requests: sum(result.statusCodeDistribution, () => true) + lost,
    errors: lost + sum(result.statusCodeDistribution, status => Number(status) >= 400),
    latencyMs: quantiles({
      ...{ p50: ms(p50), p90: ms(p90), p95: ms(p95), p99: ms(p99) },
      max: ms(result.summary.slowest),
    }),
    atLeast: [],
  };
}

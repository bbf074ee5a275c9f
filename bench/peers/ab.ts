import { figure, optionalFigure, type Peer, quantiles, type Report } from './peer.ts';
import { located } from './program.ts';

/** More answers than ab can get in a second; it reserves memory for as many as it may send. */
const mostPerSecond = 300_000;

/** Finds ApacheBench, which knows only closed loads and stops at the first lost connection. */
export function findAb(): Peer | null {
  const version = located('ab', ['-V'], /Version (\S+)/);
  if (version === null) return null;
  return {
    name: 'ab',
    version,
    hasRate: false,
    command({ url, method, seconds, connections, timeoutSeconds, rate }) {
      if (rate !== null) return null;
      return {
        file: 'ab',
        args: [
          // -t sets a count of its own, so -n must follow it.
          ...['-q', '-k', '-c', String(connections), '-t', String(seconds)],
          ...['-n', String(seconds * mostPerSecond), '-s', String(timeoutSeconds)],
          ...(method === 'HEAD' ? ['-i'] : []),
          url,
        ],
      };
    },
    read: ({ stdout }) => readAb(stdout),
  };
}

/** Reads what ab prints; times are whole milliseconds. */
export function readAb(text: string): Report {
  const at = (percent: number) => optionalFigure(text, new RegExp(`^ *${percent}% +(\\d+)`, 'm'));
  return {
    requests: figure(text, /^Complete requests: +(\d+)/m),
    errors:
      figure(text, /^Failed requests: +(\d+)/m) + (optionalFigure(text, /^Non-2xx responses: +(\d+)/m) ?? 0),
    latencyMs: quantiles({ p50: at(50), p90: at(90), p95: at(95), p99: at(99), max: at(100) }),
    atLeast: [],
  };
}

import { figure, inMs, type Peer, quantiles, type Report } from './peer.ts';
import { located } from './program.ts';

/** Finds h2load, used here with HTTP/1.1; it knows only closed loads of GET. */
export function findH2load(): Peer | null {
  const version = located('h2load', ['--version'], /nghttp2\/(\S+)/);
  if (version === null) return null;
  return {
    name: 'h2load',
    version,
    hasRate: false,
    command({ url, method, seconds, connections, timeoutSeconds, rate }) {
      if (rate !== null || method !== 'GET') return null;
      return {
        file: 'h2load',
        args: [
          ...['--h1', '-t', '1', '-c', String(connections), '-D', String(seconds)],
          ...['-N', `${timeoutSeconds}s`, url],
        ],
      };
    },
    read: ({ stdout }) => readH2load(stdout),
  };
}

/** Reads what h2load prints: its failures, timeouts among them, are part of what is done; its only quantile is the greatest time. */
export function readH2load(text: string): Report {
  const requests = figure(text, /^requests: .* (\d+) done,/m);
  const [, digits, unit] = /^time for request: +\S+ +([\d.]+)(us|ms|s)/m.exec(text) ?? [];
  return {
    requests,
    errors: figure(text, /^requests: .* (\d+) failed,/m),
    latencyMs: quantiles({ max: requests === 0 ? null : inMs(digits, unit) }),
    atLeast: [],
  };
}

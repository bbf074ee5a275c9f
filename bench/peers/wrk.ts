import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { figure, inMs, optionalFigure, type Peer, quantiles, type Report } from './peer.ts';
import { located } from './program.ts';

/** Finds wrk, which knows only closed loads. */
export const findWrk = () => find('wrk', false);

/** Finds wrk2 under that name, which sends at a rate. */
export const findWrk2 = () => find('wrk2', true);

function find(name: string, hasRate: boolean): Peer | null {
  const version = located(name, ['-v'], /wrk \S*?(\d[\w.+-]*)/);
  if (version === null) return null;
  return {
    name,
    version,
    hasRate,
    command({ url, method, seconds, connections, timeoutSeconds, rate }, folder) {
      if ((rate !== null) !== hasRate) return null;
      const script = join(folder, 'method.lua');
      if (method !== 'GET') writeFileSync(script, `wrk.method = "${method}"\n`);
      return {
        file: name,
        args: [
          ...['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', `${timeoutSeconds}s`],
          ...(method === 'GET' ? [] : ['-s', script]),
          ...(rate === null ? [] : ['-R', String(rate)]),
          ...['--latency', url],
        ],
      };
    },
    read: ({ stdout }) => readWrk(stdout),
  };
}

/**
 * Reads what wrk prints with `--latency`. Connections lost or refused are not among its requests; timeouts are: it counts an
 * answer that came too late as both.
 */
export function readWrk(text: string): Report {
  const answered = figure(text, /^ *(\d+) requests in/m);
  const [connect = 0, read = 0, write = 0, timeout = 0] = (
    /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1) ?? []
  ).map(Number);
  const lost = connect + read + write;
  const at = (percent: string) => milliseconds(new RegExp(`^ *${percent}% +(\\S+)$`, 'm').exec(text)?.[1]);
  return {
    requests: answered + lost,
    errors: lost + timeout + (optionalFigure(text, /Non-2xx or 3xx responses: (\d+)/) ?? 0),
    latencyMs: quantiles({
      p50: at('50(?:\\.000)?'),
      p90: at('90(?:\\.000)?'),
      p99: at('99(?:\\.000)?'),
      max: milliseconds(/^ *Latency +\S+ +\S+ +(\S+)/m.exec(text)?.[1]),
    }),
    atLeast: [],
  };
}

function milliseconds(text: string | undefined): number | null {
  const [, digits, unit] = /^([\d.]+)(us|ms|s|m)$/.exec(text ?? '') ?? [];
  return unit === 'm' ? Number(digits) * 60_000 : inMs(digits, unit);
}

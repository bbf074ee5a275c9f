import { figure, inMs, type Peer, quantiles, type Report } from './peer.ts';
import { located } from './program.ts';

/** Finds hey; it divides a rate among its connections. */
export function findHey(): Peer | null {
  if (located('hey', ['-h'], /^/) === null) return null;
  return {
    name: 'hey',
    // It does not say; where it came as a package, that does.
    version: located('dpkg-query', ['--show', 'hey'], /^hey\t(\S+)/) ?? '',
    hasRate: true,
    command: ({ url, method, seconds, connections, timeoutSeconds, rate }) => ({
      file: 'hey',
      args: [
        ...['-z', `${seconds}s`, '-c', String(connections), '-t', String(timeoutSeconds), '-m', method],
        ...(rate === null ? [] : ['-q', String(rate / connections)]),
        url,
      ],
    }),
    read: ({ stdout }) => readHey(stdout),
  };
}

/** Reads what hey prints; times are given to a tenth of a millisecond. */
export function readHey(text: string): Report {
  figure(text, /Requests\/sec:\s+([\d.]+)/);
  const statuses = [...text.matchAll(/^ *\[(\d{3})\]\t(\d+) responses/gm)].map(([, status, count]) => ({
    isError: Number(status) >= 400,
    count: Number(count),
  }));
  const lost = [...(text.split('Error distribution:')[1] ?? '').matchAll(/^ *\[(\d+)\]\t/gm)];
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const failed = sum(lost.map(([, count]) => Number(count)));
  const ms = (pattern: RegExp) => inMs(pattern.exec(text)?.[1], 's');
  const at = (percent: number) => ms(new RegExp(`^ *${percent}% in ([\\d.]+) secs`, 'm'));
  return {
    requests: sum(statuses.map(({ count }) => count)) + failed,
    errors: failed + sum(statuses.filter(({ isError }) => isError).map(({ count }) => count)),
    latencyMs: quantiles({
      p50: at(50),
      p90: at(90),
      p95: at(95),
      p99: at(99),
      max: statuses.length === 0 ? null : ms(/Slowest:\s+([\d.]+) secs/),
    }),
    atLeast: [],
  };
}

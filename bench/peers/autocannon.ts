import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Peer, quantiles, type Report } from './peer.ts';

interface AutocannonResult {
  readonly errors: number;
  readonly timeouts: number;
  readonly resets: number;
  readonly non2xx: number;
  readonly requests: { readonly total: number };
  readonly latency: { readonly [quantile in 'p50' | 'p90' | 'p97_5' | 'p99' | 'max']: number };
}

/** Finds the autocannon that npm installed here. */
export function findAutocannon(): Peer | null {
  const file = resolved('autocannon/package.json');
  if (file === null) return null;
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return {
    name: 'autocannon',
    version,
    hasRate: true,
    command: ({ url, method, seconds, connections, timeoutSeconds, rate }) => ({
      file: process.execPath,
      args: [
        ...[file.replace(/package\.json$/, 'autocannon.js'), '--json', '-m', method],
        ...['-c', String(connections), '-d', String(seconds), '-t', String(timeoutSeconds)],
        ...(rate === null ? [] : ['-R', String(rate)]),
        url,
      ],
    }),
    read: ({ stdout }) => readAutocannon(stdout),
  };
}

/** Reads autocannon's JSON; `errors` holds its timeouts, `total` its answers. */
export function readAutocannon(text: string): Report {
  const { errors, non2xx, requests, latency } = JSON.parse(text) as AutocannonResult;
  const { p50, p90, p97_5, p99, max } = latency;
  return {
    requests: requests.total + errors,
    errors: errors + non2xx,
    latencyMs: quantiles({ p50, p90, 'p97.5': p97_5, p99, max }),
    atLeast: [],
  };
}

function resolved(name: string): string | null {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    return null;
  }
}

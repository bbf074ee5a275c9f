import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Peer, quantiles, type Report } from './peer.ts';
import { located } from './program.ts';

interface VegetaReport {
  readonly requests: number;
  readonly success: number;
  readonly latencies: { readonly [quantile in '50th' | '90th' | '95th' | '99th' | 'max']: number };
}

/** Finds vegeta; its report is made from the file of its attack afterwards, which costs the attack nothing. */
export function findVegeta(): Peer | null {
  const version = located('vegeta', ['-version'], /Version: (\S+)/);
  if (version === null) return null;
  return {
    name: 'vegeta',
    version,
    hasRate: true,
    command({ url, method, seconds, connections, timeoutSeconds, rate }, folder) {
      writeFileSync(join(folder, 'targets'), `${method} ${url}\n`);
      return {
        file: 'vegeta',
        args: [
          ...['attack', '-targets=targets', '-output=attack.bin', '-redirects=-1'],
          ...[`-duration=${seconds}s`, `-timeout=${timeoutSeconds}s`, `-connections=${connections}`],
          // Without a rate its workers send one request after the other.
          ...(rate === null ? ['-rate=0', `-max-workers=${connections}`] : [`-rate=${rate}`]),
        ],
      };
    },
    read: ({ folder }) =>
      readVegeta(
        execFileSync('vegeta', ['report', '-type=json', 'attack.bin'], { cwd: folder, encoding: 'utf8' }),
      ),
  };
}

/** Reads vegeta's JSON report, in nanoseconds. */
export function readVegeta(text: string): Report {
  const { requests, success, latencies } = JSON.parse(text) as VegetaReport;
  const ms = (nanoseconds: number) => nanoseconds / 1e6;
  return {
    requests,
    errors: Math.round(requests * (1 - success)),
    latencyMs: quantiles({
      ...{ p50: ms(latencies['50th']), p90: ms(latencies['90th']), p95: ms(latencies['95th']) },
      ...{ p99: ms(latencies['99th']), max: ms(latencies.max) },
    }),
    atLeast: [],
  };
}

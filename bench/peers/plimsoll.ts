import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../../src/model/run/record.ts';
import type { Summary } from '../../src/report/summary/summary-schema.ts';
import { type Peer, type Quantile, quantiles, type Report } from './peer.ts';

/**
 * Plimsoll itself: the built command line, as a user runs it. Open loads are paced precisely, as it does by itself where a
 * core is spare: pinned to one core it would be sparing.
 */
export function plimsollAt(bin: string, version: string): Peer {
  return {
    name: 'plimsoll',
    version,
    hasRate: true,
    command: ({ url, method, seconds, connections, timeoutSeconds, rate }) => ({
      file: process.execPath,
      args: [
        ...[bin, 'run', '--url', url, '--method', method, '--duration', `${seconds}s`],
        ...(rate === null
          ? ['--users', String(connections)]
          : ['--rate', `${rate}/s`, '--pacing', 'precise']),
        ...['--timeout', `${timeoutSeconds}s`, '--quiet', '--json', 'summary.json'],
      ],
    }),
    read: ({ folder }) => readPlimsoll(readFileSync(join(folder, 'summary.json'), 'utf8')),
  };
}

/** Reads the summary that `--json` writes. */
export function readPlimsoll(text: string): Report {
  const [run] = (JSON.parse(text) as Summary).runs;
  if (!run) throw new Error('a summary without a run');
  const { requests, errors, latencyMs, lowerBounds } = run.total;
  const { p50, p90, p95, p99, max } = latencyMs;
  return {
    requests,
    errors,
    latencyMs: quantiles({ p50, p90, p95, p99, max }),
    atLeast: (['p50', 'p90', 'p95', 'p99', 'max'] as const satisfies readonly Quantile[]).filter(name =>
      lowerBounds.includes(`latencyMs.${name}`),
    ),
  };
}

/** The run record of a run in a folder. */
export function recordIn(folder: string): RunRecord {
  const runs = join(folder, 'reports', 'runs');
  // Beside the records lie their index entries.
  const file = readdirSync(runs).find(name => name.endsWith('.json'));
  if (file === undefined) throw new Error(`no record in ${runs}`);
  return JSON.parse(readFileSync(join(runs, file), 'utf8')) as RunRecord;
}

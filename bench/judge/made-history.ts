import type { IndexEntry, StoredRun } from '../../src/model/judgement/baseline.ts';
import type { Fingerprint } from '../../src/model/run/record.ts';
import { uniform } from '../../src/stats/random.ts';

/** By what factor the made history gets slower, or faster, and after which share of its runs. */
const steps = [
  { after: 0.25, factor: 1.12 },
  { after: 0.5, factor: 0.9 },
  { after: 0.8, factor: 1.25 },
];
/** How far runs of one level differ: the standard deviation of the log, about. */
const spread = 0.05;

/**
 * The index entries of so many runs of so many endpoints, in the order in which they were stored: on the first half of the
 * endpoints p95 changes three times, on the others never.
 */
export function madeHistory(runs: number, endpoints: number, fingerprint: Fingerprint): readonly StoredRun[] {
  return Array.from({ length: runs }, (_, run): StoredRun => {
    const p95Of = (endpoint: number) => {
      const changes = endpoint < endpoints / 2 ? steps.filter(({ after }) => run >= after * runs) : [];
      const level = changes.reduce((product, { factor }) => product * factor, 10 + endpoint);
      // The sum of three uniform numbers less its mean has half the variance of one of width √2.
      const draws = [0, 1, 2].map(draw => uniform(endpoint, draw, run) - 0.5);
      return level * Math.exp(2 * spread * draws.reduce((sum, draw) => sum + draw, 0));
    };
    const figures = (p95: number) => ({ requests: 5_000, errors: 0, metrics: { p95 }, atLeast: [] });
    const entry: IndexEntry = {
      schemaVersion: 1,
      recordBytes: 1,
      header: {
        id: `run-${run}`,
        scenario: 'history',
        digest: '0',
        file: null,
        startedAt: new Date(Date.UTC(2026, 0, 1) + run * 3_600_000).toISOString(),
        durationMs: 30_000,
        target: 'http://127.0.0.1:4010',
        command: '',
        timeoutMs: 10_000,
        fingerprint: {
          ...fingerprint,
          git: { commit: run.toString(16).padStart(40, '0'), branch: 'main', dirty: false },
        },
      },
      completion: 'complete',
      total: figures(p95Of(0)),
      endpoints: Array.from({ length: endpoints }, (_, endpoint) => ({
        name: endpointName(endpoint),
        ...figures(p95Of(endpoint)),
      })),
    };
    return { where: `run-${run}`, entry };
  });
}

/** The name of an endpoint of a made history. */
export function endpointName(endpoint: number): string {
  return `GET /api/${endpoint}`;
}

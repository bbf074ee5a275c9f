import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyse } from '../../src/analysis/analysis.ts';
import { findingOf } from '../../src/judge/budgets/budget-finding.ts';
import { budget } from '../pure/judge/budgets.ts';
import { recordOf, type Sample } from '../pure/judge/record-builder.ts';
import fc, { cases } from '../seeded.ts';

/** Requests over ten seconds, some of them slow or failed, in bursts or one by one. */
const samples = fc
  .record({
    count: fc.integer({ min: 5, max: 6_000 }),
    slow: fc.array(
      fc.record({
        from: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.constantFrom(0.0005, 0.01, 0.05, 0.4),
        ms: fc.constantFrom(30, 60, 120, 500),
        every: fc.constantFrom(1, 2, 7),
        fails: fc.boolean(),
      }),
      { maxLength: 6 },
    ),
  })
  .map(({ count, slow }) =>
    Array.from({ length: count }, (_, index): Sample => {
      const share = index / count;
      const burst = slow.find(
        ({ from, length, every }) => share >= from && share < from + length && index % every === 0,
      );
      return {
        dueMs: share * 10_000,
        responseMs: burst?.ms ?? 5 + (index % 13),
        outcome: burst?.fails ? 'status' : 'ok',
        cached: burst === undefined,
      };
    }),
  );

const terms = { today: '2026-11-21', cause: { kind: 'unknown' } } as const;

/** From the strictest to the most lenient. */
const limitsOf = {
  errorRate: [0, 1e-6, 1e-4, 0.001, 0.005, 0.01, 0.05, 0.3, 0.99, 1],
  cacheHitRatio: [1, 0.9999, 0.999, 0.99, 0.9, 0.5, 0.01, 0],
  p50: [4, 10, 18, 29, 31, 61, 121, 400, 600],
  p95: [4, 10, 18, 29, 31, 61, 121, 400, 600],
  p99: [4, 10, 18, 29, 31, 61, 121, 400, 600],
  'service.p95': [4, 18, 31, 61, 400, 600],
  avg: [4, 10, 12, 20, 50, 400],
  max: [4, 18, 61, 121, 400, 600],
  rps: [700, 590, 400, 100, 10, 0.1],
} as const;

describe('any budget', () => {
  for (const [metric, limits] of Object.entries(limitsOf)) {
    it(`on ${metric} that is not kept for certain is not kept under a stricter limit either`, () => {
      fc.assert(
        fc.property(samples, requests => {
          const data = analyse(recordOf(requests, { blocks: 20 }).measurement).of({ kind: 'total' });
          const statuses = limits.map(limit => findingOf(budget(metric, limit), data, terms).status);
          const lenient = statuses.indexOf('pass');
          const stricter = statuses.findLastIndex(status => status !== 'pass');
          assert.ok(lenient < 0 || stricter < lenient, `${limits} have ${statuses}`);
        }),
        cases(30),
      );
    });
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseBaseline } from '../../../src/judge/baseline/baseline-choice.ts';
import { basisOf } from '../../../src/judge/regression/basis.ts';
import { compareRuns } from '../../../src/judge/regression/compare.ts';
import type { StoredRun } from '../../../src/model/judgement/baseline.ts';
import { regressionsIn } from '../../../src/model/judgement/regression.ts';
import type { RunRecord } from '../../../src/model/run/record.ts';
import { normal } from '../stats/simulation.ts';
import { budgets } from './budgets.ts';
import { compared, runOf, stored } from './earlier-runs.ts';

const times = { medianMs: 20, perSecond: 60, seconds: 12 };

/** A run whose level differs from that of others of the same code by a spread from run to run. */
function drawn(seed: number, between: number, factor = 1): RunRecord {
  return runOf({ ...times, seed, medianMs: 20 * factor * Math.exp(between * normal(seed, 9, 0)) });
}

/** In how many of so many pairs of runs anything fails. */
function failing(pairs: number, between: number, factor: number): number {
  let failed = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    const comparison = compared(drawn(2 * pair + 2, between, factor), [drawn(2 * pair + 1, between)]);
    if (regressionsIn(comparison).some(({ status }) => status === 'fail')) failed += 1;
  }
  return failed;
}

describe('one stored run, in simulation', () => {
  it('accuses none of 120 pairs of the same code whose runs differ by 5% from one to the next', () => {
    assert.equal(failing(120, 0.05, 1), 0);
  });
  it('catches half as slow again in at least 27 of 30 pairs', () => {
    const caught = failing(30, 0.05, 1.5);
    assert.ok(caught >= 27, `${caught} of 30`);
  });
});

/** The same run on another level: only what a comparison with many runs reads, its index entry, is changed. */
function onLevel({ where, entry }: StoredRun, id: string, logLevel: (metric: string) => number): StoredRun {
  return {
    where: `${where} ${id}`,
    entry: {
      ...entry,
      header: { ...entry.header, id },
      endpoints: entry.endpoints.map(endpoint => ({
        ...endpoint,
        metrics: Object.fromEntries(
          Object.entries(endpoint.metrics).map(([metric, value]) => [
            metric,
            value === null || metric === 'errorRate' ? value : value * Math.exp(logLevel(metric)),
          ]),
        ),
      })),
    },
  };
}

const run = runOf({ ...times, seed: 1 });
const itself = stored({ ...run, header: { ...run.header, id: 'reference' } });

/** The statuses of a run of changed code against k earlier ones, each metric with a level of its own in each run. */
function againstMany(trial: number, k: number, between: number, factor: number): readonly string[] {
  const level = (earlier: number) => (metric: string) =>
    between * normal(trial + 1, Number(metric.replace(/\D/g, '') || 0), earlier);
  const own = level(0);
  const earlier = Array.from({ length: k }, (_, index) =>
    onLevel(
      itself,
      index === 0 ? 'reference' : `earlier-${index}`,
      metric => level(index + 1)(metric) - own(metric) - Math.log(factor),
    ),
  );
  const selection = chooseBaseline(run.header, earlier, { history: null });
  const basis = basisOf(selection);
  assert.ok(basis?.kind === 'manyRuns', `${basis?.kind}`);
  const against = { selection, basis, reference: run, otherWorkload: 'refuse', startSpread: null } as const;
  return regressionsIn(compareRuns(run, against, budgets())).map(({ status }) => status);
}

describe('twelve stored runs, in simulation', () => {
  const shareOfFails = (trials: number, between: number, factor: number) => {
    let failed = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      if (againstMany(trial, 12, between, factor).includes('fail')) failed += 1;
    }
    return failed / trials;
  };
  it('accuse at most 1% of runs of the same code, all metrics together, as far as 250 trials tell', () => {
    // Eight or more of 250 come by chance in 0.4% of cases where the rate is 1%.
    const accused = shareOfFails(250, 0.05, 1);
    assert.ok(accused <= 7 / 250, `${accused} of runs`);
  });
  it('catch +10% where runs differ by 1.5%, and pass the same code where they differ too much to tell', () => {
    const caught = shareOfFails(100, 0.015, 1.1);
    assert.ok(caught >= 0.95, `${caught} of runs`);
    const noisy = Array.from({ length: 40 }, (_, trial) => againstMany(trial, 12, 0.08, 1)).flat();
    assert.ok(noisy.filter(status => status === 'pass').length >= 0.95 * noisy.length, noisy.join());
  });
});

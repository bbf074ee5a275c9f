import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errorLimits } from '../../../src/analysis/metrics/error-rate.ts';
import { type CellRuling, ruleRestarts } from '../../../src/judge/duet/ruling.ts';
import { shareTerms, timeTerms } from '../../../src/judge/duet/terms.ts';
import type { RepeatKind } from '../../../src/model/duet/duet.ts';
import { usualRegression } from '../../../src/model/judgement/regression-policy.ts';
import type { RestartEffects } from '../../../src/stats/flips/flip-statistics.ts';
import { duetLooks } from '../../../src/stats/flips/sequential-test.ts';
import { uniform } from '../../../src/stats/random.ts';
import { normal } from '../stats/simulation.ts';

const endpoints = 4;
/** The cells of an endpoint but its error rate. */
const quantiles = [
  { required: true, noise: 0.5 },
  { required: true, noise: 1 },
  { required: false, noise: 2 },
];

interface Simulated {
  /** Standard deviations of a restart's log p95 ratio, and of what all endpoints of a start share. */
  readonly spread: number;
  readonly starts: number;
  /** How much slower the first endpoint is. */
  readonly slower?: number;
  readonly repeat?: RepeatKind;
  /** The standard deviation of what the two instances differ by in all rounds, and what is taken for it. */
  readonly instances?: number;
  readonly margin?: number;
}

function unitsOf(
  trial: number,
  { spread, starts, slower = 0, instances = 0 }: Simulated,
): readonly RestartEffects[] {
  const stuck = instances * normal(trial, 8, 0);
  return Array.from({ length: 26 }, (_, restart) => {
    const start = stuck + starts * normal(trial, 1, restart);
    return Array.from({ length: endpoints }, (_, endpoint) => {
      const place = restart * endpoints + endpoint;
      const times = quantiles.map(({ noise }, row) => {
        const own = spread * noise * normal(trial, 2 + row, place);
        return start + own + (endpoint === 0 ? Math.log1p(slower) : 0);
      });
      // Now and then one request of 400 fails, on either side.
      const drawn = uniform(trial, 9, place);
      return [...times, drawn < 0.05 ? 1 / 400 : drawn > 0.95 ? -1 / 400 : 0];
    }).flat();
  });
}

/** A duet look by look, until it is over: the cells at its end, and the restarts that it took. */
function played(trial: number, simulated: Simulated): { cells: readonly CellRuling[]; restarts: number } {
  const restarts = unitsOf(trial, simulated);
  const terms = Array.from({ length: endpoints }, () => [
    ...quantiles.map(({ required }) =>
      timeTerms(usualRegression, simulated.repeat ?? 'restart', required, simulated.margin ?? null),
    ),
    shareTerms({ as: 'difference', limits: errorLimits, isTolerated: false }, true),
  ]).flat();
  for (const { restarts: count } of duetLooks) {
    const ruling = ruleRestarts(restarts.slice(0, count), terms, { seed: trial, mostRestarts: 26 });
    if (ruling.state === 'looked' && ruling.progress.state === 'over')
      return { cells: ruling.cells, restarts: count };
  }
  throw new Error('a duet that never ends');
}

function verdictsOf(trials: number, simulated: Simulated): { readonly [verdict: string]: number } {
  const counts = { fail: 0, warn: 0, open: 0, pass: 0, restarts: 0 };
  for (let trial = 1; trial <= trials; trial += 1) {
    const { cells, restarts } = played(trial * 7_919, simulated);
    const statuses = cells.map(({ status }) => status);
    const isOpen = cells.some(
      ({ status }, cell) => status === 'inconclusive' && quantiles[cell % 4]?.required !== false,
    );
    counts.restarts += restarts;
    if (statuses.includes('fail')) counts.fail += 1;
    else if (isOpen) counts.open += 1;
    else if (statuses.includes('warn')) counts.warn += 1;
    else counts.pass += 1;
  }
  return counts;
}

describe('duets of sixteen cells, in simulation', () => {
  it('accuse at most 1% of unchanged builds whose starts differ by 5%, as far as 200 trials tell', () => {
    const { fail = 0, warn = 0, pass = 0 } = verdictsOf(200, { spread: 0.06, starts: 0.05 });
    // Seven or more of 200 come by chance in 0.4% of cases where the rate is 1%.
    assert.ok(fail + warn <= 6, `${fail} fail, ${warn} warn`);
    assert.ok(pass >= 180, `${pass} pass`);
  });

  it('catch +10% on one endpoint in at least 95% of cases where restarts differ by 10%', () => {
    const { fail = 0, restarts = 0 } = verdictsOf(100, { spread: 0.1, starts: 0.03, slower: 0.1 });
    assert.ok(fail >= 95, `${fail}`);
    assert.ok(restarts / 100 < 20, `${restarts / 100} restarts`);
  });

  it('fail +5% seldom, and pass no such duet without a bound under 10%', () => {
    const { fail = 0, warn = 0, pass = 0 } = verdictsOf(60, { spread: 0.04, starts: 0.02, slower: 0.05 });
    assert.ok(fail <= 25 && warn + pass >= 35, `${fail} fail, ${warn} warn, ${pass} pass`);
  });

  it('of rounds fail of what starts do not explain, and not of what they do', () => {
    // What four endpoints may differ by where starts differ by 0.07.
    const rounds = { spread: 0.05, starts: 0, repeat: 'round', instances: 0.07, margin: 0.2268 } as const;
    const same = verdictsOf(30, rounds);
    // Three or more of 30 come by chance in 0.4% of cases where the rate is 1.4%.
    assert.ok((same.fail ?? 0) <= 2, `${same.fail} fail`);
    assert.ok((same.warn ?? 0) > 0, 'some instances are seen to differ');
    const { fail = 0 } = verdictsOf(30, { ...rounds, slower: 0.6 });
    assert.ok(fail >= 27, `${fail} fail`);
  });

  it('of rounds accuse nothing that lies under the floor', () => {
    const { fail = 0, warn = 0 } = verdictsOf(60, { spread: 0.06, starts: 0, slower: 0.03, repeat: 'round' });
    assert.ok(fail + warn <= 3, `${fail} fail, ${warn} warn`);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeCalibration, type SimulationProgress } from '../../../src/judge/calibration/judge.ts';
import { wideningOf } from '../../../src/judge/calibration/power.ts';
import type { CalibrationFindings, CalibrationRestart } from '../../../src/model/duet/calibration.ts';
import type { DuetReading, RepeatKind } from '../../../src/model/duet/duet.ts';
import { usualRegression } from '../../../src/model/judgement/regression-policy.ts';
import { clopperPearson } from '../../../src/stats/intervals/binomial.ts';
import { fewRules, layout, madeUnits } from '../../fixtures/calibration.ts';
import { isClose } from '../stats/simulation.ts';

const one = ['GET /bills'];
const two = ['GET /bills', 'GET /votes'];

interface Asked {
  readonly unchanged?: number;
  readonly changed?: number;
  readonly repeat?: RepeatKind;
  readonly seed?: number;
}

function findingsOf(
  restarts: readonly CalibrationRestart[],
  { unchanged = 0, changed = 0, repeat = 'restart', seed = 5 }: Asked = {},
): CalibrationFindings & { readonly progress: readonly SimulationProgress[] } {
  const simulation = judgeCalibration(restarts, {
    layout: { ...layout, repeat },
    policy: usualRegression,
    budgets: [],
    seed,
    simulated: { unchanged, changed },
  });
  const progress: SimulationProgress[] = [];
  for (;;) {
    const next = simulation.next();
    if (next.done) return { ...next.value, progress };
    progress.push(next.value);
  }
}

describe('the spread between starts', () => {
  test('is what starts differ by, without what measuring scatters and what was injected', () => {
    const restarts = madeUnits({ starts: 400, endpoints: one, between: 0.04, within: 0.08 });
    const [p50, p95] = findingsOf(restarts).spreads;
    assert.deepEqual(
      [p50?.metric, p95?.metric, p95?.endpoint, p95?.starts],
      ['p50', 'p95', 'GET /bills', 400],
    );
    assert.ok(isClose(p95?.value ?? null, 0.04, 0.15), `${p95?.value}`);
    assert.ok(isClose(p95?.within ?? null, 0.08, 0.06), `${p95?.within}`);
    assert.ok(isClose(p50?.value ?? null, 0.04, 0.15), `${p50?.value}`);
    assert.ok((p95?.upper ?? 0) > (p95?.value ?? 1), 'the bound lies above');
    assert.ok((p95?.upper ?? 1) < 0.05, `${p95?.upper}`);
  });

  test('is known from twenty starts on, by the endpoint of which it may be greatest', () => {
    const restarts = madeUnits({ starts: 20, endpoints: two, between: 0.05, within: 0.02 });
    const { spreads, startSpread } = findingsOf(restarts);
    const bounds = spreads.map(({ upper }) => upper);
    assert.equal(bounds.length, 4);
    assert.equal(startSpread?.upper, Math.max(...bounds));
    assert.equal(startSpread?.starts, 20);
    assert.equal(findingsOf(restarts.slice(1)).startSpread, null);
  });

  test('is that of p50 where an endpoint has too few requests for p95, and not known where for both', () => {
    const restarts = madeUnits({ starts: 20, endpoints: two, between: 0.05, within: 0.02 });
    const withFew = (samples: number) =>
      restarts.map(restart => ({
        ...restart,
        phases: restart.phases.map(({ rule, restart: of }) => {
          const [rare, ...rest] = of.endpoints as [DuetReading, ...DuetReading[]];
          const few = {
            ...rare,
            base: { ...rare.base, requests: samples, samples },
            head: { ...rare.head, requests: samples, samples },
          };
          return { rule, restart: { ...of, endpoints: [few, ...rest] } };
        }),
      }));
    const { spreads, startSpread } = findingsOf(withFew(60));
    assert.equal(spreads.length, 3);
    assert.equal(startSpread?.upper, Math.max(...spreads.map(({ upper }) => upper)));
    assert.equal(findingsOf(withFew(5)).startSpread, null);
  });

  test('is not known of rounds, which are no starts', () => {
    const restarts = madeUnits({ starts: 30, endpoints: one, between: 0.05, within: 0.02 });
    const { spreads, startSpread } = findingsOf(restarts, { repeat: 'round' });
    assert.deepEqual([spreads, startSpread], [[], null]);
  });

  test('leaves out starts of which a phase has too few samples', () => {
    const restarts = madeUnits({ starts: 25, endpoints: one, between: 0.05, within: 0.02 });
    const thin = restarts.map(restart =>
      restart.number > 2
        ? restart
        : {
            ...restart,
            phases: restart.phases.map(({ rule, restart: phase }) => ({
              rule,
              restart: {
                ...phase,
                endpoints: phase.endpoints.map(reading => ({
                  ...reading,
                  base: { ...reading.base, samples: 60 },
                })),
              },
            })),
          },
    );
    const { spreads } = findingsOf(thin);
    assert.deepEqual(
      spreads.map(({ metric, starts }) => [metric, starts]),
      [
        ['p50', 25],
        ['p95', 23],
      ],
    );
  });
});

describe('the measured shift', () => {
  test('is what was injected, whichever side had it and however starts differ', () => {
    const restarts = madeUnits({ starts: 12, endpoints: two, between: 0.3, within: 0 });
    const { power } = findingsOf(restarts);
    assert.deepEqual(
      power.map(({ rule }) => rule),
      fewRules.slice(1),
    );
    const expected = [
      { p50: 0.1, p95: 0.1 },
      { p50: 0, p95: 0.2 },
    ];
    power.forEach(({ shifts }, index) => {
      assert.deepEqual(
        shifts.map(({ endpoint }) => endpoint),
        two,
      );
      for (const shift of shifts) {
        for (const metric of ['p50', 'p95'] as const) {
          const { value = Number.NaN, low = Number.NaN, high = Number.NaN } = shift[metric] ?? {};
          const wanted = expected[index]?.[metric] ?? Number.NaN;
          for (const found of [value, low, high]) assert.ok(Math.abs(found - wanted) < 1e-9, `${found}`);
        }
      }
    });
  });

  test("has Student's interval over starts", () => {
    const restarts = madeUnits({ starts: 6, endpoints: one, between: 0.1, within: 0.05 });
    const logs = restarts.map(({ delayed, phases }) => {
      const [none, scale] = phases.map(({ restart }) => restart.endpoints[0]);
      const ratio = (reading: typeof none) =>
        Math.log((reading?.head.p50Us ?? 0) / (reading?.base.p50Us ?? 1)) * (delayed === 'head' ? 1 : -1);
      return ratio(scale) - ratio(none);
    });
    const mean = logs.reduce((sum, log) => sum + log, 0) / 6;
    const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / 5);
    // The 97.5 % quantile of t with 5 degrees of freedom.
    const reach = (2.570581835636314 * deviation) / Math.sqrt(6);
    const found = findingsOf(restarts).power[0]?.shifts[0]?.p50;
    assert.ok(isClose(found?.low ?? null, Math.expm1(mean - reach), 1e-9), `${found?.low}`);
    assert.ok(isClose(found?.high ?? null, Math.expm1(mean + reach), 1e-9), `${found?.high}`);
  });
});

describe('the measured shift of several delays of a kind', () => {
  const factors = [0.05, 0.1, 0.2];
  const rules = [{ kind: 'none' } as const, ...factors.map(factor => ({ kind: 'scale', factor }) as const)];

  test('is one effect per restart of factor, over starts each against itself', () => {
    const restarts = madeUnits({ starts: 8, endpoints: one, between: 0.1, within: 0.05 }, rules);
    const nominal = factors.map(factor => Math.log1p(factor));
    const slopes = restarts.map(({ delayed, phases }) => {
      const [none = 0, ...moved] = phases.map(({ restart }) => {
        const { base, head } = restart.endpoints[0] ?? {};
        return Math.log((head?.p95Us ?? 0) / (base?.p95Us ?? 1)) * (delayed === 'head' ? 1 : -1);
      });
      const both = moved.reduce((sum, log, index) => sum + (log - none) * (nominal[index] ?? 0), 0);
      return both / nominal.reduce((sum, x) => sum + x * x, 0);
    });
    const mean = slopes.reduce((sum, slope) => sum + slope, 0) / 8;
    const deviation = Math.sqrt(slopes.reduce((sum, slope) => sum + (slope - mean) ** 2, 0) / 7);
    // The 97.5 % quantile of t with 7 degrees of freedom.
    const reach = (2.364624251592784 * deviation) / Math.sqrt(8);
    findingsOf(restarts).power.forEach(({ shifts: [shift] }, index) => {
      const x = nominal[index] ?? Number.NaN;
      for (const [found, wanted] of [
        [shift?.p95?.value, mean],
        [shift?.p95?.low, mean - reach],
        [shift?.p95?.high, mean + reach],
      ]) {
        assert.ok(isClose(found ?? null, Math.expm1(x * (wanted ?? 0)), 1e-9), `${found}, ${index}`);
      }
    });
  });

  test('is what simulated duets have, though one delay by itself seemed to do nothing', () => {
    const restarts = madeUnits({ starts: 20, endpoints: one, between: 0.01, within: 0.01 }, rules);
    // The smallest delay has left no trace but in the readings of its own phase.
    const without = restarts.map(restart => {
      const none = restart.phases.find(({ rule }) => rule.kind === 'none');
      const phases = restart.phases.map(phase =>
        phase.rule.kind === 'scale' && phase.rule.factor === 0.1 && none
          ? { ...phase, restart: none.restart }
          : phase,
      );
      return { ...restart, phases };
    });
    const [, middle] = findingsOf(without, { changed: 6 }).power;
    // 0.05 and 0.2 as they are and 0.1 as nothing leave the slope at (0.049² + 0.182²) / (0.049² + 0.095² + 0.182²) = 0.80.
    const { low = 0, value = 0 } = middle?.shifts[0]?.p50 ?? {};
    assert.ok(value > 0.075 && value < 0.09 && low > 0.07, `${value}, at least ${low}`);
    const passed = middle?.looks.at(-1)?.passed.hits ?? 6;
    // The coin turns what its starts deviate by: their effects are 0 or twice the slope's, by halves, and some pass.
    assert.ok(passed < 6, `${passed} of 6 passed: all would, had they the effect of its own phase`);
  });
});

describe('false alarms', () => {
  test('are rare among simulated duets of starts that differ much', () => {
    const restarts = madeUnits({ starts: 20, endpoints: two, between: 0.08, within: 0.05 });
    const { falseAlarms } = findingsOf(restarts, { unchanged: 60 });
    assert.equal(falseAlarms.simulated.duets, 60);
    assert.ok(falseAlarms.simulated.accused <= 2, `${falseAlarms.simulated.accused} of 60`);
    const { high } = clopperPearson(falseAlarms.simulated.accused, 60, 0.9);
    assert.equal(falseAlarms.simulated.upper, high);
  });

  test('of real duets are counted one of every 26 starts, and one of ten or more that are left', () => {
    const of = (starts: number) =>
      findingsOf(madeUnits({ starts, endpoints: one, between: 0.02, within: 0.02 })).falseAlarms.real;
    assert.deepEqual(
      [9, 10, 26, 35, 36, 52].map(starts => of(starts).duets),
      [0, 1, 1, 1, 2, 2],
    );
    assert.equal(of(9).upper, 1);
    assert.equal(of(36).accused, 0);
    assert.ok(isClose(of(36).upper, 1 - Math.sqrt(0.05), 1e-9), `${of(36).upper}`);
  });

  test('show a side that is always slower among real duets, which simulated ones cannot', () => {
    const restarts = madeUnits({ starts: 26, endpoints: one, between: 0.02, within: 0.02, headSlower: 0.2 });
    const { real, simulated } = findingsOf(restarts, { unchanged: 30 }).falseAlarms;
    assert.deepEqual([real.duets, real.accused], [1, 1]);
    assert.ok(simulated.accused <= 1, `${simulated.accused} of 30`);
  });
});

describe('a calibration of one instance', () => {
  test('counts how often it crosses the bar against itself, and simulates no power', () => {
    const restarts = madeUnits({ starts: 26, endpoints: one, between: 0.02, within: 0.02 });
    const { falseAlarms, power, progress } = findingsOf(restarts, {
      repeat: 'round',
      unchanged: 20,
      changed: 5,
    });
    assert.deepEqual([falseAlarms.real.duets, falseAlarms.simulated.duets, progress.length], [1, 20, 20]);
    assert.deepEqual(
      power.map(({ rule, looks, cautious }) => [rule.kind, looks[0]?.caught.of, cautious.of]),
      [
        ['scale', 0, 0],
        ['tail', 0, 0],
      ],
    );
    assert.ok(power[0]?.shifts[0]?.p50, 'what was injected is told all the same');
  });
});

describe('the power curve', () => {
  const steady = madeUnits({ starts: 20, endpoints: two, between: 0.01, within: 0.02 });

  test('says that a great change of a steady API is caught, at which look, and after how much load', () => {
    const { power } = findingsOf(steady, { changed: 10 });
    const tail = power.find(({ rule }) => rule.kind === 'tail');
    assert.deepEqual(
      tail?.looks.map(({ restarts, loadMs }) => [restarts, loadMs]),
      [
        [10, 90_000],
        [13, 117_000],
        [20, 180_000],
        [26, 234_000],
      ],
    );
    assert.equal(tail?.looks.at(-1)?.caught.hits, 10);
    assert.equal(tail?.cautious.hits, 10);
    assert.ok((tail?.meanLoadMs ?? 0) >= 90_000 && (tail?.meanLoadMs ?? 0) <= 117_000, `${tail?.meanLoadMs}`);
    assert.deepEqual(
      tail?.endpoints.map(({ endpoint, caught }) => [endpoint, caught.hits, caught.of]),
      two.map(endpoint => [endpoint, 5, 5]),
    );
  });

  test('puts each duet into one of the rates at each look, and keeps what is over', () => {
    const restless = madeUnits({ starts: 20, endpoints: two, between: 0.05, within: 0.1 });
    const { power } = findingsOf(restless, { changed: 30 });
    for (const { looks } of power) {
      for (const { caught, accused, warned, passed, open } of looks) {
        const hits = [caught, accused, warned, passed, open].reduce((sum, rate) => sum + rate.hits, 0);
        assert.equal(hits, 30);
        assert.deepEqual(clopperPearson(caught.hits, 30, 0.95), { low: caught.low, high: caught.high });
      }
      for (const kind of ['caught', 'accused', 'warned', 'passed'] as const) {
        const counts = looks.map(look => look[kind].hits);
        assert.deepEqual(
          counts,
          [...counts].sort((a, b) => a - b),
        );
      }
    }
    const [scale] = power;
    const last = scale?.looks.at(-1);
    assert.ok(
      (scale?.cautious.hits ?? 31) <= (last?.caught.hits ?? 0),
      'wider starts are caught no more often',
    );
  });

  test('says that a change within the tolerance is passed or warned of, not failed', () => {
    const restarts = madeUnits({ starts: 20, endpoints: one, between: 0.002, within: 0.004 }, [
      { kind: 'none' },
      { kind: 'scale', factor: 0.05 },
      { kind: 'scale', factor: 0.01 },
    ]);
    const [small, tolerated] = findingsOf(restarts, { changed: 8 }).power;
    assert.equal(tolerated?.looks.at(-1)?.warned.hits, 8);
    assert.equal(small?.looks.at(-1)?.passed.hits, 8);
  });

  test('is cautious of a shift that few noisy starts leave open', () => {
    const restless = madeUnits({ starts: 10, endpoints: one, between: 0, within: 0.08 });
    const scale = findingsOf(restless, { changed: 40 }).power[0];
    assert.ok((scale?.shifts[0]?.p50?.low ?? 1) < usualRegression.floor, 'the lower end is no change');
    const caught = scale?.looks.at(-1)?.caught.hits ?? 0;
    const cautious = scale?.cautious.hits ?? 40;
    assert.ok(caught > 30 && cautious < 5, `${cautious} of ${caught}`);
  });

  test('widens by what twenty starts leave possible', () => {
    // √(19 / 10.117013), the 5 % quantile of chi-square with 19 degrees of freedom.
    assert.ok(isClose(wideningOf(20), 1.3704103976822324, 1e-9), `${wideningOf(20)}`);
  });
});

describe('judging a calibration', () => {
  const restarts = madeUnits({ starts: 12, endpoints: one, between: 0.05, within: 0.05 });

  test('gives the same answer to the same seed, and tells how far it is', () => {
    const [first, again] = [findingsOf(restarts, { changed: 6 }), findingsOf(restarts, { changed: 6 })];
    assert.deepEqual(first, again);
    assert.deepEqual(first.progress.at(-1), { played: 24, of: 24 });
    assert.deepEqual(
      first.progress.map(({ played }) => played),
      Array.from({ length: 24 }, (_, index) => index + 1),
    );
  });

  test('does not depend on the order in which phases were measured', () => {
    const reversed = restarts.map(restart => ({ ...restart, phases: restart.phases.toReversed() }));
    assert.deepEqual(findingsOf(reversed, { changed: 2 }).power, findingsOf(restarts, { changed: 2 }).power);
  });

  test('uses no start that was cut short, and has nothing to say of none', () => {
    const cut = restarts.map(restart =>
      restart.number === 12 ? { ...restart, phases: restart.phases.slice(0, 1) } : restart,
    );
    assert.equal(findingsOf(cut).spreads[0]?.starts, 11);
    assert.deepEqual(findingsOf([], { changed: 3, unchanged: 3 }), {
      spreads: [],
      startSpread: null,
      falseAlarms: {
        real: { duets: 0, accused: 0, upper: 1 },
        simulated: { duets: 0, accused: 0, upper: 1 },
      },
      power: [],
      progress: [],
    });
    const few = findingsOf(restarts.slice(0, 9), { changed: 3, unchanged: 3 });
    assert.deepEqual([few.falseAlarms.simulated.duets, few.progress.length], [0, 0]);
    assert.deepEqual(
      few.power.map(({ rule, looks, cautious }) => [rule.kind, looks[0]?.caught.of, cautious.of]),
      [
        ['scale', 0, 0],
        ['tail', 0, 0],
      ],
    );
    assert.ok(few.power[0]?.shifts[0]?.p50, 'what was injected is told all the same');
  });
});

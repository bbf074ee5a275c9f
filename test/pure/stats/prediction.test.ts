import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fewestRuns, predictionOf } from '../../../src/stats/intervals/prediction.ts';
import { isClose, normal, shareOf } from './simulation.ts';

describe('the prediction of one more run', () => {
  it('agrees with SciPy 1.17 (t.ppf, and nct.sf solved for its shift)', () => {
    const ten = predictionOf([101, 97, 103, 99, 105, 98, 100, 102, 96, 104].map(Math.log), {
      confidence: 0.95,
      power: 0.9,
    });
    assert.ok(isClose(ten?.centre ?? null, 4.609749025241853, 1e-12), `centre ${ten?.centre}`);
    assert.ok(isClose(ten?.spread ?? null, 0.03014284489195028, 1e-12), `spread ${ten?.spread}`);
    assert.ok(isClose(ten?.bound ?? null, 4.667701208601459, 1e-9), `bound ${ten?.bound}`);
    assert.ok(isClose(ten?.detectable ?? null, 0.10045740324321391, 1e-6), `${ten?.detectable}`);
    const thirty = Array.from({ length: 30 }, (_, run) => Math.log(100 + 5 * Math.sin(run)));
    const prediction = predictionOf(thirty, { confidence: 0.99, power: 0.8 });
    assert.ok(isClose(prediction?.bound ?? null, 4.695179890454773, 1e-9), `bound ${prediction?.bound}`);
    assert.ok(
      isClose(prediction?.detectable ?? null, 0.11951757085673508, 1e-6),
      `detectable ${prediction?.detectable}`,
    );
  });

  it('needs eight runs', () => {
    const runs = Array.from({ length: fewestRuns }, (_, run) => run);
    assert.equal(fewestRuns, 8);
    assert.equal(predictionOf(runs.slice(1), { confidence: 0.95, power: 0.9 }), null);
    assert.notEqual(predictionOf(runs, { confidence: 0.95, power: 0.9 }), null);
  });

  it('of runs all alike is their value', () => {
    const prediction = predictionOf(Array(9).fill(2), { confidence: 0.95, power: 0.9 });
    assert.deepEqual(prediction, { centre: 2, spread: 0, bound: 2, detectable: 0 });
  });

  it('accuses a run of the same code as seldom as it says, and sees the detectable change as often', () => {
    const runs = 9;
    const sigma = 0.08;
    let seen = 0;
    const trials = 3_000;
    const accused = shareOf(trials, trial => {
      const earlier = Array.from({ length: runs }, (_, run) => sigma * normal(trial, 1, run));
      const prediction = predictionOf(earlier, { confidence: 0.95, power: 0.9 });
      assert.ok(prediction, 'there is no prediction');
      const next = sigma * normal(trial, 2, 0);
      const change = (prediction.detectable / prediction.spread) * sigma;
      if (next + change > prediction.bound) seen += 1;
      return next > prediction.bound;
    });
    assert.ok(accused > 0.04 && accused < 0.06, `${accused}`);
    assert.ok(seen / trials > 0.88 && seen / trials < 0.92, `${seen / trials}`);
  });
});

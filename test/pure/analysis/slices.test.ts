import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyse } from '../../../src/analysis/analysis.ts';
import type { Slice } from '../../../src/analysis/slices.ts';
import { micros } from '../../../src/model/units.ts';
import { constantRate, recordOf } from '../judge/record-builder.ts';

const total = { kind: 'total' } as const;
const sum = (slices: readonly Slice[], pick: (slice: Slice) => number) =>
  slices.reduce((all, slice) => all + pick(slice), 0);

describe('the slices of a scope', () => {
  it('are about a second long, however short the blocks', () => {
    const { measurement } = recordOf(
      constantRate(100, 30, () => 5),
      { stagesMs: [30_000], blocks: 120 },
    );
    const slices = analyse(measurement).of(total).slices();
    assert.equal(slices.length, 30);
    assert.ok(
      slices.every(slice => Math.abs(slice.seconds - 1) < 1e-9 && slice.requests === 100),
      JSON.stringify(slices.map(({ seconds, requests }) => [seconds, requests])),
    );
  });

  it('are tenths of a short run, and as long as the blocks of a long one', () => {
    const short = recordOf(
      constantRate(100, 3, () => 5),
      { stagesMs: [3_000], blocks: 120 },
    );
    assert.equal(analyse(short.measurement).of(total).slices().length, 10);
    const long = recordOf(
      constantRate(1, 600, () => 5),
      { stagesMs: [600_000], blocks: 120 },
    );
    assert.equal(analyse(long.measurement).of(total).slices().length, 120);
  });

  it('span one stage and every endpoint, and leave the warm-up out', () => {
    const samples = constantRate(40, 25, () => 5).map((sample, index) => ({
      ...sample,
      endpoint: index % 2 === 0 ? 'GET /a' : 'GET /b',
    }));
    const shape = { warmupMs: 5_000, stagesMs: [8_000, 12_000], endpoints: ['GET /a', 'GET /b'], blocks: 60 };
    const { measurement } = recordOf(samples, shape);
    assert.equal(
      sum(analyse(measurement).of(total).slices(), slice => slice.requests),
      800,
    );
    const second = analyse(measurement).of({ kind: 'stage', stage: 2 }).slices();
    assert.equal(
      sum(second, slice => slice.seconds),
      12,
    );
    assert.equal(
      sum(second, slice => slice.requests),
      480,
    );
    const one = analyse(measurement).of({ kind: 'endpoint', endpoint: 'GET /b' }).slices();
    assert.equal(
      sum(one, slice => slice.requests),
      400,
    );
  });

  it('lose and invent nothing: requests, errors, times and answers add up', () => {
    const samples = constantRate(100, 10, index => (index % 100) + 1).map((sample, index) => {
      if (index % 40 === 0) return { ...sample, outcome: 'timeout', responseMs: 10_000 } as const;
      return index % 9 === 0 ? ({ ...sample, outcome: 'status', responseMs: 0.5 } as const) : sample;
    });
    const { measurement } = recordOf(samples);
    const slices = analyse(measurement).of(total).slices();
    assert.equal(
      sum(slices, slice => slice.requests),
      1_000,
    );
    assert.equal(
      sum(slices, slice => slice.errors),
      samples.filter(sample => 'outcome' in sample).length,
    );
    const times = samples.filter(sample => !('outcome' in sample && sample.outcome === 'status'));
    assert.equal(
      sum(slices, slice => slice.samples),
      times.length,
    );
    assert.equal(
      sum(slices, slice => slice.above(micros(50_000))),
      times.filter(sample => sample.responseMs >= 50).length,
    );
    const totalMs = times.reduce((all, sample) => all + sample.responseMs, 0);
    assert.ok(
      Math.abs(sum(slices, slice => slice.sumUs) / 1_000 / totalMs - 1) < 0.001,
      `sum ${sum(slices, slice => slice.sumUs)}, totalMs ${totalMs}`,
    );
    assert.equal(
      sum(slices, slice => slice.completed),
      measurement.endpoints[0]?.windows[0]?.completedOk,
    );
  });

  it('count every request that was due, of an interrupted run too', () => {
    const samples = constantRate(100, 10, () => 400).map((sample, index) => {
      if (index >= 960)
        return { ...sample, outcome: 'unfinished', responseMs: 10_000 - sample.dueMs } as const;
      return index % 3 === 0 ? ({ ...sample, outcome: 'status' } as const) : sample;
    });
    const slices = analyse(recordOf(samples).measurement).of(total).slices();
    assert.deepEqual(
      slices.map(slice => slice.requests),
      new Array(10).fill(100),
    );
    assert.equal(slices[9]?.errors, samples.slice(900).filter(sample => 'outcome' in sample).length);
  });

  it('are none of an endpoint that was not measured', () => {
    const { measurement } = recordOf(constantRate(10, 10, () => 5));
    assert.deepEqual(analyse(measurement).of({ kind: 'endpoint', endpoint: 'GET /none' }).slices(), []);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  clustering as clusteringOf,
  designEffect,
  type SliceShare,
} from '../../../src/stats/intervals/design-effect.ts';
import { uniform } from '../../../src/stats/random.ts';

const clustering = (stages: readonly (readonly SliceShare[])[]) => clusteringOf(stages).designEffect;

describe('the design effect', () => {
  it('is the dispersion of hits over slices: worked by hand', () => {
    // p̂ = 1/4; each slice deviates by 2 of 8, so χ² = 4 · 4 / (8 · 3/16) = 32/3, over S − 1 = 3.
    const slices = [4, 0, 4, 0].map(hits => ({ size: 8, hits }));
    assert.ok(
      Math.abs(designEffect([slices]) - 32 / 9) < 1e-12,
      `designEffect([slices]) ${designEffect([slices])}`,
    );
  });

  it('is about 1 of independent requests', () => {
    const trials = 300;
    let sum = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      sum += designEffect([slicesOf(40, 50, index => uniform(trial, 1, index) < 0.05)]);
    }
    const mean = sum / trials;
    assert.ok(mean >= 1 && mean < 1.2, `mean ${mean}`);
  });

  it('is about the size of a slice where hits come all at once', () => {
    const effect = designEffect([slicesOf(40, 50, index => Math.floor(index / 50) % 20 === 0)]);
    assert.ok(effect > 45 && effect < 55, `${effect}`);
  });

  it('skips empty slices', () => {
    const slices = slicesOf(20, 30, index => uniform(3, 1, index) < 0.1);
    assert.equal(designEffect([[...slices, { size: 0, hits: 0 }]]), designEffect([slices]));
  });

  it('is 1 where nothing can vary: no slices, one slice, no hits, hits alone', () => {
    assert.equal(designEffect([]), 1);
    assert.equal(designEffect([[{ size: 100, hits: 50 }]]), 1);
    assert.equal(designEffect([slicesOf(10, 10, () => false)]), 1);
    assert.equal(designEffect([slicesOf(10, 10, () => true)]), 1);
  });

  it('sees clusters longer than a slice on the coarser scale', () => {
    const slices = slicesOf(
      100,
      20,
      index => Math.floor(index / 200) % 3 === 0 && uniform(1, 1, index) < 0.3,
    );
    assert.ok(
      clustering([slices]) > 2 * designEffect([slices]),
      `clustering([slices]) ${clustering([slices])}, designEffect([slices]) ${designEffect([slices])}`,
    );
  });

  it('takes stages that differ for no clustering, and finds the clusters within them', () => {
    const quiet = slicesOf(20, 50, index => uniform(1, 1, index) < 0.01);
    const busy = slicesOf(20, 50, index => uniform(2, 1, index) < 0.3);
    const bursts = slicesOf(20, 50, index => Math.floor(index / 50) % 3 === 0);
    assert.ok(clustering([[...quiet, ...busy]]) > 5, `clustering ${clustering([[...quiet, ...busy]])}`);
    assert.ok(clustering([quiet, busy]) < 1.5, `clustering([quiet, busy]) ${clustering([quiet, busy])}`);
    assert.ok(
      clustering([quiet, bursts]) > 0.5 * designEffect([bursts]),
      `clustering([quiet, bursts]) ${clustering([quiet, bursts])}, designEffect([bursts]) ${designEffect([bursts])}`,
    );
  });

  it('takes five stages that differ for no clustering either', () => {
    const quiet = [1, 2, 3, 4].map(seed => slicesOf(30, 100, index => uniform(seed, 1, index) < 0.005));
    const busy = slicesOf(30, 100, index => uniform(5, 1, index) < 0.15);
    assert.ok(clustering([...quiet, busy]) < 1.8, `${clustering([...quiet, busy])}`);
    const bursts = slicesOf(30, 100, index => Math.floor(index / 300) % 3 === 0);
    assert.ok(
      clustering([...quiet, bursts]) > 50,
      `clustering([...quiet, bursts]) ${clustering([...quiet, bursts])}`,
    );
  });

  it('counts a stage of one or two slices to its neighbour, whose level it cannot be told from', () => {
    const [one, rest] = [slicesOf(2, 50, () => true), slicesOf(20, 50, index => uniform(2, 1, index) < 0.1)];
    assert.equal(designEffect([one, rest]), designEffect([[...one, ...rest]]));
    assert.equal(designEffect([rest, one]), designEffect([[...rest, ...one]]));
  });
});

function slicesOf(count: number, size: number, isHit: (index: number) => boolean) {
  return Array.from({ length: count }, (_, slice) => {
    let hits = 0;
    for (let index = 0; index < size; index += 1) if (isHit(slice * size + index)) hits += 1;
    return { size, hits };
  });
}

describe('how far an interval of clustered requests goes', () => {
  it('is no farther where nothing clusters, nor where nothing was hit', () => {
    const none = clusteringOf([slicesOf(10, 50, () => false)]);
    assert.deepEqual(none, { designEffect: 1, forShare: 1, forQuantile: 1, unsettled: null });
    const [few] = [1, 2, 3, 4, 5, 6, 7, 8]
      .map(seed => clusteringOf([slicesOf(10, 50, index => uniform(seed, 1, index) < 0.05)]))
      .filter(({ designEffect: effect }) => effect < 1.3);
    assert.equal(few?.forQuantile, few?.designEffect);
    assert.equal(few?.unsettled, null);
  });

  it('is farther by (t/z)² with the slices that the design effect was estimated from', () => {
    const hits = [9, 2, 3, 8, 2, 7, 3, 2, 8, 6];
    const { designEffect: effect, forShare } = clusteringOf([hits.map(count => ({ size: 50, hits: count }))]);
    // Student's t of 9 degrees of freedom is 2.2622, the normal quantile 1.9600.
    assert.ok(Math.abs(forShare / effect - (2.262157 / 1.959964) ** 2) < 1e-5, `${forShare / effect}`);
  });

  it('is farther still where hits come and go over many slices, and settles nothing', () => {
    const wave = slicesOf(
      60,
      50,
      index => uniform(1, 1, index) < 0.05 + 0.04 * Math.sin((2 * Math.PI * index) / 400),
    );
    const { forShare, forQuantile, unsettled } = clusteringOf([wave]);
    assert.ok(forQuantile > 1.3 * forShare, `${forQuantile} of ${forShare}`);
    assert.equal(unsettled, 'drift');
  });

  it('settles nothing where the hits come in a few bursts', () => {
    const slices = [0, 0, 25, 0, 0, 1, 0, 0, 24, 0].map(hits => ({ size: 100, hits }));
    assert.equal(clusteringOf([slices]).unsettled, 'bursts');
  });

  it('is settled where bursts are many and come without order', () => {
    const slices = Array.from({ length: 60 }, (_, slice) => ({
      size: 100,
      hits: uniform(7, 1, slice) < 0.4 ? 12 : 1,
    }));
    assert.equal(clusteringOf([slices]).unsettled, null);
  });
});

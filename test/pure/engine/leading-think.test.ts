import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leadingThink } from '../../../src/engine/schedule/leading-think.ts';
import type { Step } from '../../../src/model/run/scenario.ts';
import { millis } from '../../../src/model/units.ts';
import { openLoad, planFor, request } from '../plan-builder.ts';

describe('how long think times keep a run from its first request', () => {
  const think = (min: number, max: number): Step => ({ kind: 'think', min: millis(min), max: millis(max) });
  const leadOf = (...journeys: Step[][]) => {
    const plan = planFor(1, openLoad(1, 1), journeys.flat());
    const [journey] = plan.journeys;
    assert.ok(journey, 'a journey');
    return leadingThink({ ...plan, journeys: journeys.map(steps => ({ ...journey, steps })) });
  };

  it('is the longest that they may take before it, and nothing after it', () => {
    assert.equal(leadOf([request('/a'), think(9, 9)]), 0);
    assert.equal(leadOf([think(1_000, 2_000), think(500, 500), request('/a'), think(9, 9)]), 2_500_000);
  });

  it('is that of the journey which they keep the least', () => {
    assert.equal(leadOf([think(60_000, 60_000), request('/a')], [think(10, 20), request('/a')]), 20_000);
  });
});

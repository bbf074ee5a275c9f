import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { analyse } from '../../../src/analysis/analysis.ts';
import { measure } from '../../../src/engine/measure.ts';
import type { Plan } from '../../../src/model/run/plan.ts';
import type { EndpointWindow, Measurement } from '../../../src/model/run/record.ts';
import type { Load, Step } from '../../../src/model/run/scenario.ts';
import { millis } from '../../../src/model/units.ts';
import { Histogram } from '../../../src/stats/histogram.ts';
import { closedLoad, openLoad, planFor, request } from '../../pure/plan-builder.ts';
import { type ScriptedTarget, startTarget } from '../../target/target.ts';

const workerPool = (plan: Plan, workers: number) =>
  measure(plan, { addresses: ['127.0.0.1'], staffing: { workers } });
const totals = (measurement: Measurement) => analyse(measurement).of({ kind: 'total' }).figures;
const countOf = (encoded: EndpointWindow['histograms']['response']) => Histogram.decode(encoded).count;
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

describe('three workers', () => {
  let target: ScriptedTarget;
  before(async () => {
    target = await startTarget({
      '/people': { delayMs: 5 },
      '/list': { delayMs: 5 },
      '/failing': { status: 500 },
    });
  });
  after(() => target.stop());

  /** Journeys that draw on every random choice there is: journey, row of data and think time. */
  function variedPlan(load: Load): Plan {
    const person = (endpoint: number): Step =>
      request('', {
        endpoint,
        path: { literals: ['/people?id=', ''], expressions: [{ kind: 'data', set: 0, column: 0 }] },
      });
    const think: Step = { kind: 'think', min: millis(1), max: millis(30) };
    const plan = planFor(target.port, load, [person(0), think, request('/list', { endpoint: 1 })], {
      data: [
        {
          name: 'people',
          pick: 'random',
          columns: ['id'],
          rows: Array.from({ length: 50 }, (_, row) => [String(row)]),
        },
      ],
      seed: 42,
    });
    const [first] = plan.journeys;
    assert.ok(first, 'there is no worker');
    return {
      ...plan,
      journeys: [
        { ...first, weight: 3 },
        { ...first, steps: [person(0)], weight: 2 },
      ],
    };
  }

  /** The requests that the target was sent meanwhile, in no particular order. */
  async function sentBy(measuring: () => Promise<Measurement>) {
    const earlier = (await target.counts()).heads.length;
    const measurement = await measuring();
    const heads = (await target.counts()).heads.slice(earlier);
    return { measurement, lines: heads.map(head => head.split('\r\n')[0] ?? '').sort() };
  }

  for (const arrivals of ['constant', 'poisson'] as const) {
    it(`send what one would send, and when: ${arrivals} arrivals`, async () => {
      // The last journeys are due well before the end, so that each makes all of its steps.
      const { stages, ...load } = openLoad(83, 1) as Extract<Load, { model: 'open' }>;
      const [full] = stages;
      assert.ok(full, 'there is none');
      const quiet = { ...full, from: 0 as typeof full.from, to: 0 as typeof full.to };
      const plan = variedPlan({ ...load, arrivals, stages: [full, quiet] });
      const one = await sentBy(() => workerPool(plan, 1));
      const three = await sentBy(() => workerPool(plan, 3));
      assert.ok(one.lines.length > 83, `lines.length ${one.lines.length}`);
      assert.deepEqual(three.lines, one.lines);
      assert.deepEqual([one.measurement.generator.workers, three.measurement.generator.workers], [1, 3]);
      const { offered, delivered } = three.measurement.load;
      assert.deepEqual([offered, delivered], [one.measurement.load.offered, one.measurement.load.offered]);
      if (arrivals === 'constant') assert.equal(delivered, 83);
      const due = ({ endpoints }: Measurement) => endpoints[0]?.seconds.requests;
      assert.deepEqual(due(three.measurement), due(one.measurement));
    });
  }

  it('make exactly the journeys of a fixed count, with exactly the users of the plan', async () => {
    const plan = variedPlan(closedLoad(5, 30, 61));
    const one = await sentBy(() => workerPool(plan, 1));
    const connections = (await target.counts()).connections;
    const three = await sentBy(() => workerPool(plan, 3));
    assert.equal((await target.counts()).connections - connections, 5);
    assert.equal(three.measurement.connections.peak, 5);
    assert.equal(three.measurement.load.delivered, 61);
    assert.deepEqual(three.lines, one.lines);
  });

  it('lose nothing when their histograms are merged', async () => {
    const steps = [request('/people'), request('/failing', { endpoint: 1 })];
    const measurement = await workerPool(planFor(target.port, openLoad(97, 2), steps), 3);
    const { requests, ok, failed, unfinished } = totals(measurement);
    const [people, failing] = measurement.endpoints.map(({ windows }) => windows[0] as EndpointWindow);
    assert.ok(people && failing, 'both endpoints are measured');
    assert.deepEqual([people.counts.due, people.counts.ok], [194, 194]);
    assert.deepEqual(measurement.endpoints[0]?.seconds.requests, [97, 97]);
    assert.deepEqual([requests, unfinished], [ok + (failed.status ?? 0), 0]);
    for (const name of ['response', 'service', 'firstByte'] as const) {
      assert.equal(countOf(people.histograms[name]), 194, name);
    }
    assert.equal(countOf(failing.histograms.failed), failing.counts.due);
    assert.equal(sum(people.blocks.map(countOf)), 194);
    assert.deepEqual(people.blockDue, [97, 97]);
    assert.equal(sum(people.blockCompleted), people.completedOk);
    assert.equal(sum(failing.blockErrors), failing.counts.due);
    assert.equal(countOf(measurement.generator.sendLag), requests);
    assert.equal(countOf(measurement.connections.connect), measurement.connections.attempts);
    assert.equal(measurement.load.sent, requests);
  });

  it('share a pool that is smaller than they are many, and are then fewer', async () => {
    const plan = planFor(target.port, openLoad(40, 1), [request('/people')], { connections: { max: 2 } });
    const measurement = await workerPool(plan, 3);
    assert.equal(measurement.generator.workers, 2);
    assert.ok(measurement.connections.peak <= 2, `peak ${measurement.connections.peak}`);
    assert.equal(totals(measurement).ok, 40);
  });

  it('send nothing where the interrupt came before they were ready', async () => {
    const before = (await target.counts()).connections;
    const measurement = await measure(planFor(target.port, openLoad(40, 60), [request('/people')]), {
      addresses: ['127.0.0.1'],
      staffing: { workers: 3 },
      interrupt: AbortSignal.abort('SIGINT'),
    });
    assert.deepEqual(measurement.completion, { state: 'interrupted', signal: 'SIGINT' });
    assert.deepEqual([totals(measurement).requests, measurement.load.offered], [0, 0]);
    assert.equal(measurement.windows[0]?.durationMs, 0);
    assert.equal((await target.counts()).connections, before);
  });
});

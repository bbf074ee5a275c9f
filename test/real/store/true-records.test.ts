import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { analyse } from '../../../src/analysis/analysis.ts';
import { type MeasureOptions, measure, notStarted } from '../../../src/engine/measure.ts';
import type { Plan } from '../../../src/model/run/plan.ts';
import type { Measurement } from '../../../src/model/run/record.ts';
import type { Load } from '../../../src/model/run/scenario.ts';
import { millis, perSecond, ratio } from '../../../src/model/units.ts';
import { faultsOf } from '../../../src/store/records/record-integrity.ts';
import { closedLoad, openLoad, planFor, request } from '../../pure/plan-builder.ts';
import { type ScriptedTarget, startTarget } from '../../target/target.ts';

/** A warm-up, a ramp and a stage, of which none ends with a second. */
const uneven: Load = {
  model: 'open',
  warmup: millis(330),
  arrivals: 'poisson',
  stages: [
    { duration: millis(1_270), from: perSecond(20), to: perSecond(120) },
    { duration: millis(710), from: perSecond(120), to: perSecond(120) },
  ],
};

describe('what a run measured agrees with itself', () => {
  let target: ScriptedTarget;
  before(async () => {
    target = await startTarget({
      '/': { delayMs: 5 },
      '/late': { delayMs: 400 },
      '/waits': { delayMs: 150 },
      '/mixed': { delayMs: 3, slow: { every: 5, delayMs: 300 }, fault: { every: 7, kind: 'hang' } },
      '/resets': { fault: { every: 3, kind: 'reset' } },
      '/halves': { body: 'x'.repeat(2_000), bodyDelayMs: 200 },
      '/failing': { status: 500 },
      '/garbage': { raw: 'SSH-2.0\r\n\r\n' },
    });
  });
  after(() => target.stop());

  const steps = (...paths: readonly string[]) =>
    paths.map((path, endpoint) => request(path, { endpoint, timeout: millis(250) }));

  async function measured(
    load: Load,
    paths: readonly string[],
    more: Partial<Plan> = {},
    options: Partial<MeasureOptions> = {},
  ): Promise<Measurement> {
    const plan = planFor(target.port, load, steps(...paths), more);
    const measurement = await measure(plan, { addresses: ['127.0.0.1'], ...options });
    assert.deepEqual([...faultsOf(measurement)], []);
    assert.ok(analyse(measurement).of({ kind: 'total' }).figures.requests > 0, 'something was due');
    return measurement;
  }

  const all = ['/', '/mixed', '/resets', '/halves', '/failing', '/garbage', '/late'];

  it('of an open load with a warm-up, a ramp and every kind of failure', async () => {
    await measured(uneven, all);
  });

  it('of three workers', async () => {
    await measured(uneven, ['/', '/mixed', '/resets'], {}, { staffing: { workers: 3 } });
  });

  it('of a closed load, and of one that ends with its iterations', async () => {
    await measured(closedLoad(4, 1.5), ['/', '/mixed', '/halves']);
    await measured(closedLoad(3, 60, 50), ['/', '/resets'], {}, { staffing: { workers: 2 } });
  });

  it('of autocannon', async () => {
    await measured(closedLoad(3, 2.3), all, { engine: 'autocannon' });
  });

  it('of a run that was interrupted, with answers still to come', async () => {
    const interruption = new AbortController();
    const { completion, endpoints, windows, drain } = await measured(
      openLoad(100, 60),
      ['/waits'],
      // An answer that a busy machine makes late is none that was ok.
      { journeys: planFor(target.port, openLoad(100, 60), [request('/waits')]).journeys },
      {
        interrupt: interruption.signal,
        onProgress: ({ requests }) => requests >= 50 && interruption.abort('SIGINT'),
      },
    );
    assert.equal(completion.state, 'interrupted');
    assert.ok(drain.completed > 0, 'answers came after the interrupt');
    const { completedOk = 0, counts } = endpoints[0]?.windows[0] ?? {};
    assert.equal(completedOk + drain.completed, counts?.ok, JSON.stringify(windows));
  });

  it('of a run that its abortOn stopped', async () => {
    const abortOn = { errorRate: ratio(0.5), for: millis(500) };
    const { completion } = await measured(openLoad(50, 60), ['/failing'], { abortOn });
    assert.equal(completion.state, 'aborted');
  });

  it('of a run that never began', () => {
    const plan = planFor(target.port, uneven, steps('/'));
    assert.deepEqual([...faultsOf(notStarted(plan, 'nobody there'))], []);
  });
});

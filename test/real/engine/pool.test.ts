import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { analyse } from '../../../src/analysis/analysis.ts';
import { measure } from '../../../src/engine/measure.ts';
import { type Plan, usualTransport } from '../../../src/model/run/plan.ts';
import { millis } from '../../../src/model/units.ts';
import { Histogram } from '../../../src/stats/histogram.ts';
import { closedLoad, openLoad, planFor, request } from '../../pure/plan-builder.ts';
import { type ScriptedTarget, startTarget } from '../../target/target.ts';

describe('requests', () => {
  let target: ScriptedTarget;
  before(async () => {
    target = await startTarget({ '/slow': { delayMs: 100 }, '/quick': {} });
  });
  after(() => target.stop());

  /** What was measured, and how many connections and requests the target saw meanwhile. */
  async function run(plan: Plan) {
    const before = await target.counts();
    const measurement = await measure(plan, { addresses: ['127.0.0.1'] });
    const { connections, requests, heads } = await target.counts();
    return {
      measurement,
      figures: analyse(measurement).of({ kind: 'total' }).figures,
      accepted: connections - before.connections,
      received: requests - before.requests,
      heads: heads.slice(before.heads.length),
    };
  }

  it('wait for one of a full pool, and the wait is part of response time alone', async () => {
    // Two connections of 100 ms each answer 20/s: the last of 40 requests is due at 975 ms and answered at 2 s.
    const plan = planFor(target.port, openLoad(40, 1), [request('/slow')], { connections: { max: 2 } });
    const { measurement, figures, accepted } = await run(plan);
    const { attempts, peak, max, queued } = measurement.connections;
    assert.deepEqual([attempts, peak, max, accepted], [2, 2, 2, 2]);
    assert.deepEqual([figures.ok, figures.errors], [40, 0]);
    assert.ok(queued >= 30 && queued <= 38, `${queued} queued`);
    const slowest = (kind: 'response' | 'service') =>
      figures.distribution(kind).histogram.quantile(1) / 1_000;
    assert.ok(slowest('response') >= 1_000, `${slowest('response')} ms`);
    assert.ok(slowest('response') - slowest('service') >= 500, `${slowest('service')} ms of service`);
    // The wait is for the target: nothing of it is laid at the generator's door.
    const lag = Histogram.decode(measurement.generator.sendLag);
    assert.ok(lag.quantile(0.5) / 1_000 < 100, `quantile(0.5) ${lag.quantile(0.5)}`);
  });

  it('wait for none where the pool is large enough', async () => {
    const plan = planFor(target.port, openLoad(40, 1), [request('/slow')]);
    const { measurement, accepted } = await run(plan);
    assert.deepEqual([measurement.connections.queued, measurement.connections.max], [0, 1_000]);
    assert.equal(accepted, measurement.connections.attempts);
  });

  it('time out in the queue, where it is long: such a request is never sent, and has no service time', async () => {
    const impatient = request('/slow', { timeout: millis(300) });
    const plan = planFor(target.port, openLoad(400, 1), [impatient], { connections: { max: 1 } });
    const { measurement, figures, received } = await run(plan);
    assert.equal(figures.ok + (figures.failed.timeout ?? 0), 400);
    assert.ok(measurement.load.sent < 400, `sent ${measurement.load.sent}`);
    // What was sent a moment before its deadline may be cut off on its way.
    assert.ok(received <= measurement.load.sent, `${received} received, ${measurement.load.sent} sent`);
    assert.equal(figures.distribution('response').histogram.count, 400);
    assert.equal(figures.distribution('service').histogram.count, measurement.load.sent);
  });

  for (const [model, load] of [
    ['an open load', openLoad(60, 1)],
    ['a closed load', closedLoad(3, 30, 60)],
  ] as const) {
    it(`have a connection each where the plan says so: ${model}`, async () => {
      const plan = planFor(target.port, load, [request('/quick')], {
        transport: { ...usualTransport, reconnect: 'everyRequest' },
      });
      const { measurement, figures, accepted, heads } = await run(plan);
      const { attempts, errors, closedIdle, connect, max } = measurement.connections;
      assert.deepEqual([figures.ok, attempts, accepted], [60, 60, 60]);
      assert.deepEqual([errors, closedIdle, max], [{}, 0, load.model === 'open' ? 1_000 : null]);
      assert.equal(Histogram.decode(connect).count, 60);
      assert.ok(
        heads.every(head => head.includes('\r\nconnection: close')),
        JSON.stringify(heads.find(head => !head.includes('\r\nconnection: close'))),
      );
    });
  }
});

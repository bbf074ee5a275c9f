import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyse } from '../../../src/analysis/analysis.ts';
import { measure } from '../../../src/engine/measure.ts';
import { type Plan, type Transport, usualTransport } from '../../../src/model/run/plan.ts';
import type { Measurement } from '../../../src/model/run/record.ts';
import type { Load } from '../../../src/model/run/scenario.ts';
import { millis } from '../../../src/model/units.ts';
import { closedLoad, openLoad, planFor, request } from '../../pure/plan-builder.ts';
import { startCountingServer } from './counting-server.ts';

const total = (measurement: Measurement) => analyse(measurement).of({ kind: 'total' }).figures;
/** Linux answers on all of 127.0.0.0/8, other systems on 127.0.0.1 alone. */
const skip = process.platform !== 'linux' && 'only 127.0.0.1 is a loopback address here';

interface Given {
  readonly host?: string;
  readonly load?: Load;
  readonly transport?: Partial<Transport>;
}

function planTo(
  port: number,
  { host = 'localhost', load = closedLoad(1, 30, 6), transport = {} }: Given = {},
): Plan {
  const plan = planFor(port, load, [request('/', { timeout: millis(60_000) })], {
    transport: { ...usualTransport, ...transport },
  });
  return { ...plan, target: { ...plan.target, host } };
}

describe('a name', () => {
  for (const [model, load] of [
    ['closed', closedLoad(1, 60, 2)],
    ['open', openLoad(10, 0.2)],
  ] as const) {
    it(`that is never resolved fails as dns and is not attempted without pause, in a ${model} load`, async () => {
      const plan = planTo(80, { host: 'nowhere.invalid', load, transport: { dns: 'perConnection' } });
      const measurement = await measure(plan, { addresses: ['127.0.0.1'] });
      assert.deepEqual(total(measurement).failed, { dns: 2 });
      assert.deepEqual(measurement.connections.errors, { dns: measurement.connections.attempts });
      assert.match(measurement.failureSamples[0]?.detail ?? '', /^(ENOTFOUND|EAI_AGAIN)/);
      assert.equal(measurement.failureSamples[0]?.phase, 'connect');
    });
  }

  it('that has become public since the run began is not followed there', async () => {
    // 192.0.2.1, of a network for documentation, in a notation that only the resolver of the system reads.
    const plan = planTo(80, { host: '3221225985', transport: { dns: 'perConnection' } });
    const measurement = await measure(plan, { addresses: ['127.0.0.1'] });
    assert.deepEqual(total(measurement).failed, { dns: 6 });
    assert.match(
      measurement.failureSamples[0]?.detail ?? '',
      /is 192\.0\.2\.1 by now, which is not private$/,
    );
  });

  it('of several addresses is used at each of them in turn', { skip }, async () => {
    const server = await startCountingServer({ host: '0.0.0.0' });
    const addresses = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
    const spread = (times: number) => Object.fromEntries(addresses.map(address => [address, times]));
    const measurement = await measure(planTo(server.port, { load: closedLoad(6, 30, 60) }), {
      addresses,
      staffing: { workers: 1 },
    });
    assert.equal(total(measurement).ok, 60);
    // One more to each: whether it accepts connections at all is asked once.
    assert.deepEqual(server.connections, spread(3));
    const more = await measure(planTo(server.port, { load: closedLoad(3, 30, 30) }), {
      addresses,
      staffing: { workers: 3 },
    });
    await server.stop();
    assert.equal(total(more).ok, 30);
    assert.deepEqual(server.connections, spread(5));
  });

  it('of several addresses, of which one does not listen, is used at the others', { skip }, async () => {
    const server = await startCountingServer({ host: '127.0.0.2', close: true });
    const measurement = await measure(planTo(server.port), { addresses: ['127.0.0.1', '127.0.0.2'] });
    await server.stop();
    assert.deepEqual([total(measurement).ok, total(measurement).errors], [6, 0]);
  });

  for (const [dns, reached] of [
    ['once', '127.0.0.2'],
    ['perConnection', '127.0.0.1'],
  ] as const) {
    it(`that moves after the start is ${dns === 'once' ? 'not ' : ''}followed with dns: ${dns}`, {
      skip,
    }, async () => {
      const server = await startCountingServer({ host: '0.0.0.0', close: true });
      // At the start localhost was 127.0.0.2; by now it is what the system says.
      const measurement = await measure(planTo(server.port, { transport: { dns } }), {
        addresses: ['127.0.0.2'],
      });
      await server.stop();
      assert.equal(total(measurement).ok, 6);
      assert.deepEqual(server.connections, { [reached]: 6 });
      assert.deepEqual(server.requests, { [`/ localhost:${server.port}`]: 6 });
    });
  }

  it('is resolved for each request where each gets a new connection', { skip }, async () => {
    const server = await startCountingServer({ host: '0.0.0.0' });
    const plan = planTo(server.port, { transport: { dns: 'perConnection', reconnect: 'everyRequest' } });
    const measurement = await measure(plan, { addresses: ['127.0.0.2'] });
    await server.stop();
    assert.equal(total(measurement).ok, 6);
    assert.deepEqual(server.connections, { '127.0.0.1': 6 });
  });
});

import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { analyse } from '../../../src/analysis/analysis.ts';
import { measure } from '../../../src/engine/measure.ts';
import type { Plan } from '../../../src/model/run/plan.ts';
import type { Measurement } from '../../../src/model/run/record.ts';
import type { Template } from '../../../src/model/run/scenario.ts';
import { millis } from '../../../src/model/units.ts';
import { closedLoad, openLoad, planFor, request, text } from '../../pure/plan-builder.ts';
import { refusingPort } from '../../target/refusing-port.ts';
import { type ScriptedTarget, startTarget } from '../../target/target.ts';

const loopback = { addresses: ['127.0.0.1'] };
const totals = (measurement: Measurement) => analyse(measurement).of({ kind: 'total' }).figures;
const withData = (before: string, column: number, after = ''): Template => ({
  literals: [before, after],
  expressions: [{ kind: 'data', set: 0, column }],
});

describe('a journey', () => {
  let target: ScriptedTarget;
  before(async () => {
    target = await startTarget({
      '/one': { body: '{"next":{"id":"b/42"},"list":[7]}' },
      '/two': { delayMs: 20 },
      '/items/b%2F42': {},
      '/created': { status: 201 },
      '/list': { body: '[]' },
    });
  });
  after(() => target.stop());

  const run = (plan: Plan) => measure(plan, loopback);
  const arrivals = async (path: string) => (await target.counts()).arrivals[path] ?? [];

  it('takes what an answer said into later requests, encoded for a path', async () => {
    const plan = planFor(target.port, closedLoad(2, 60, 20), [
      request('/one', { captures: [{ name: 'id', slot: 0, path: ['next', 'id'] }] }),
      request('', {
        endpoint: 1,
        path: { literals: ['/items/', ''], expressions: [{ kind: 'capture', slot: 0 }] },
      }),
    ]);
    const measurement = await run(plan);
    assert.deepEqual([totals(measurement).requests, totals(measurement).ok], [40, 40]);
    assert.equal(measurement.load.abandoned, 0);
  });

  it('ends where a later request lacks what an answer did not say, and says so', async () => {
    const plan = planFor(target.port, closedLoad(2, 60, 20), [
      request('/one', { captures: [{ name: 'id', slot: 0, path: ['elsewhere'] }] }),
      request('', {
        endpoint: 1,
        path: { literals: ['/items/', ''], expressions: [{ kind: 'capture', slot: 0 }] },
      }),
    ]);
    const measurement = await run(plan);
    assert.deepEqual(totals(measurement).failed, { capture: 20 });
    assert.equal(measurement.load.abandoned, 20);
    assert.match(measurement.failureSamples[0]?.detail ?? '', /nothing to capture as id/);
  });

  it('pauses for its think time between the last byte and the next request', async () => {
    const plan = planFor(target.port, openLoad(10, 1), [
      request('/two?first'),
      { kind: 'think', min: millis(100), max: millis(150) },
      request('/two?second', { endpoint: 1 }),
    ]);
    const earlier = (await arrivals('/two')).length;
    const measurement = await run(plan);
    // The last journey's second request is due after the end, and so is not made.
    assert.equal(measurement.endpoints[0]?.windows[0]?.counts.due, 10);
    const second = measurement.endpoints[1]?.windows[0]?.counts.due ?? 0;
    assert.ok(second >= 8 && second <= 10, `${second} second requests`);
    const moments = (await arrivals('/two')).slice(earlier);
    // Journeys start every 100 ms; the first one's second request comes 20 + 100 to 150 ms after its first.
    assert.ok(moments.length === 10 + second, `${moments.length} at second ${second}`);
  });

  it('is chosen by weight, the same way each time', async () => {
    const one = planFor(target.port, openLoad(200, 1), [request('/one')]);
    const [first] = one.journeys;
    assert.ok(first, 'there is no endpoint');
    const plan: Plan = {
      ...one,
      endpoints: [...one.endpoints, { name: 'GET /list', method: 'GET' }],
      journeys: [
        { ...first, weight: 3 },
        { ...first, steps: [request('/list', { endpoint: 1 })], weight: 1 },
      ],
    };
    const counts = async () =>
      (await run(plan)).endpoints.map(endpoint => endpoint.windows[0]?.counts.due ?? 0);
    const [often = 0, seldom = 0] = await counts();
    assert.equal(often + seldom, 200);
    assert.ok(often > 125 && often < 175, `${often} of 200`);
    assert.deepEqual(await counts(), [often, seldom]);
  });

  it('draws one row of data for all its requests, and escapes it where it goes', async () => {
    const before = (await target.counts()).heads.length;
    const plan = planFor(
      target.port,
      closedLoad(1, 5, 3),
      [
        request('', { path: withData('/list?name=', 1) }),
        request('/created', {
          endpoint: 1,
          method: 'POST',
          headers: [{ name: 'content-type', value: text('application/json') }],
          body: { template: withData('{"name":"', 1, '"}'), escape: 'json' },
        }),
      ],
      {
        data: [
          {
            name: 'people',
            pick: 'sequential',
            columns: ['id', 'name'],
            rows: [
              ['1', 'Ann & "Bo"'],
              ['2', 'Zoë'],
            ],
          },
        ],
      },
    );
    const measurement = await run(plan);
    assert.equal(totals(measurement).ok, 6);
    const heads = (await target.counts()).heads.slice(before);
    assert.match(
      heads[0] ?? '',
      /^GET \/list\?name=Ann%20%26%20%22Bo%22 HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/,
    );
    assert.match(heads[1] ?? '', /\r\n\r\n\{"name":"Ann & \\"Bo\\""\}$/);
    assert.match(heads[2] ?? '', /name=Zo%C3%AB /);
    assert.match(heads[3] ?? '', /content-length: 15\r\n/);
    assert.match(heads[4] ?? '', /name=Ann/);
    assert.match(heads[0] ?? '', /user-agent: plimsoll\/\d/);
  });

  it('fails a check where the body does not match its schema', async () => {
    const expectsList = { statuses: null, schema: { type: 'array', minItems: 1 } };
    const measurement = await run(
      planFor(target.port, openLoad(20, 1), [request('/list', { expect: expectsList })]),
    );
    assert.deepEqual(totals(measurement).failed, { check: 20 });
    assert.match(measurement.failureSamples[0]?.detail ?? '', /must NOT have fewer than 1 items/);
  });

  it('counts an expected status as ok and any other as failed', async () => {
    const expecting = (statuses: number[]) =>
      planFor(target.port, openLoad(20, 1), [request('/created', { expect: { statuses, schema: null } })]);
    assert.equal(totals(await run(expecting([200, 201]))).ok, 20);
    assert.deepEqual(totals(await run(expecting([200]))).failed, { status: 20 });
    const { statuses } = totals(await run(planFor(target.port, openLoad(20, 1), [request('/nowhere')])));
    assert.deepEqual(statuses, { '404': 20 });
  });

  it('can ask for a head alone', async () => {
    const plan = planFor(target.port, openLoad(50, 1), [request('/one', { method: 'HEAD' })]);
    assert.deepEqual([totals(await run(plan)).ok, totals(await run(plan)).errors], [50, 0]);
  });
});

describe('a closed load', () => {
  let target: ScriptedTarget;
  before(async () => {
    target = await startTarget({ '/': { delayMs: 10 } });
  });
  after(() => target.stop());

  it('gives each user one connection and keeps it', async () => {
    const before = (await target.counts()).connections;
    const measurement = await measure(planFor(target.port, closedLoad(12, 1), [request('/')]), loopback);
    assert.equal((await target.counts()).connections - before, 12);
    assert.equal(measurement.connections.peak, 12);
    assert.equal(measurement.load.offered, null);
  });

  it('starts journeys no sooner than its pacing', async () => {
    const load = { ...closedLoad(3, 1), pacing: millis(250) };
    const measurement = await measure(planFor(target.port, load as never, [request('/')]), loopback);
    assert.equal(totals(measurement).requests, 12);
  });

  it('counts journeys exactly, the warm-up’s apart, and ends when they are made', async () => {
    const load = { ...closedLoad(4, 20, 37), warmup: millis(300) };
    const measurement = await measure(planFor(target.port, load as never, [request('/')]), loopback);
    const { delivered, sent } = measurement.load;
    assert.deepEqual([totals(measurement).ok, delivered, sent], [37, 37, 37]);
    assert.ok(
      (measurement.windows[1]?.durationMs ?? 0) < 10_000,
      `durationMs ${measurement.windows[1]?.durationMs}`,
    );
    assert.ok(
      (measurement.endpoints[0]?.windows[0]?.counts.ok ?? 0) > 0,
      `ok ${measurement.endpoints[0]?.windows[0]?.counts.ok}`,
    );
  });

  it('makes every step of the journeys that it counts', async () => {
    const load = closedLoad(4, 20, 37);
    const measurement = await measure(planFor(target.port, load, [request('/'), request('/')]), loopback);
    assert.equal(totals(measurement).ok, 74);
  });
});

describe('connections', () => {
  let server: Server;
  let port: number;
  before(async () => {
    server = createServer({ keepAliveTimeout: 300 }, (_, response) => response.end('{}'));
    await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
    port = (server.address() as { port: number }).port;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it('that a server closes while they are idle are counted and fail nothing', async () => {
    const plan = planFor(port, openLoad(1, 3), [request('/')]);
    const measurement = await measure(plan, loopback);
    assert.deepEqual([totals(measurement).ok, totals(measurement).errors], [3, 0]);
    assert.ok(measurement.connections.closedIdle >= 2, `closedIdle ${measurement.connections.closedIdle}`);
  });

  it('are not attempted without pause where they are refused, and every arrival fails', async () => {
    const { port: refusing, release } = await refusingPort();
    const measurement = await measure(planFor(refusing, openLoad(300, 2), [request('/')]), loopback);
    await release();
    assert.deepEqual(totals(measurement).failed, { refused: 600 });
    assert.equal(measurement.load.delivered, 600);
    // One after each of six pauses, and before the first pause as many as a busy machine makes until it hears of ten refusals.
    assert.ok(measurement.connections.attempts <= 300, `${measurement.connections.attempts} attempts`);
    assert.equal(measurement.connections.errors.refused, measurement.connections.attempts);
  });

  it('recover as soon as the target is back', async () => {
    const target = await startTarget({ '/': {} });
    await target.stop();
    const began = performance.now();
    const measuring = measure(planFor(target.port, openLoad(100, 4), [request('/')]), loopback);
    await new Promise(later => setTimeout(later, 1_000));
    const back = await startTarget({ '/': {} }, target.port);
    const backAfterS = (performance.now() - began) / 1_000;
    const measurement = await measuring;
    await back.stop();
    const { requests, ok, failed } = totals(measurement);
    assert.equal(requests, 400);
    assert.equal(ok + (failed.refused ?? 0), 400);
    // It is left alone for a second at most.
    const most = Math.ceil(100 * (backAfterS + 1)) + 1;
    assert.ok(400 - ok <= most, `${400 - ok} refused, of ${most} at most: back after ${backAfterS} s`);
  });
});

describe('an interrupt', () => {
  it('ends the load, waits for answers for a while, and counts the rest as unfinished', async () => {
    const target = await startTarget({ '/': { delayMs: 60_000 }, '/quick': {} });
    const interruption = new AbortController();
    const steps = [request('/quick'), request('/', { endpoint: 1, timeout: millis(50_000) })];
    const measuring = measure(planFor(target.port, openLoad(50, 60), steps), {
      ...loopback,
      interrupt: interruption.signal,
      onProgress: ({ requests }) => requests >= 30 && interruption.abort('SIGTERM'),
    });
    const measurement = await measuring;
    await target.stop();
    assert.deepEqual(measurement.completion, { state: 'interrupted', signal: 'SIGTERM' });
    const { requests, ok, unfinished } = totals(measurement);
    assert.equal(requests, ok + unfinished);
    assert.ok(unfinished > 10 && ok > 10, `unfinished ${unfinished}, ok ${ok}`);
    // After SIGTERM, answers have two seconds.
    assert.ok(measurement.drain.durationMs >= 1_900, `durationMs ${measurement.drain.durationMs}`);
    const slow = measurement.endpoints[1]?.windows[0];
    assert.equal(slow?.censored.count, unfinished);
    assert.ok(
      (measurement.windows[0]?.durationMs ?? 0) < 30_000,
      `durationMs ${measurement.windows[0]?.durationMs}`,
    );
  });
});

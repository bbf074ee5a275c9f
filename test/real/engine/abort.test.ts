import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { afterEach, describe, it } from 'node:test';
import { analyse } from '../../../src/analysis/analysis.ts';
import { measure } from '../../../src/engine/measure.ts';
import { AbortWatch } from '../../../src/engine/recording/abort-watch.ts';
import type { Sample } from '../../../src/engine/recording/sample.ts';
import { micros, millis, ratio } from '../../../src/model/units.ts';
import { openLoad, planFor, request } from '../../pure/plan-builder.ts';

describe('a run with abortOn', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  /** A server that answers 503 to the requests for which `isDown` holds, numbered from 0. */
  async function startServer(isDown: (request: number) => boolean) {
    let requests = 0;
    server = createServer((_, response) => {
      response.statusCode = isDown(requests) ? 503 : 200;
      requests += 1;
      response.end('{}');
    });
    await new Promise<void>(listening => server?.listen(0, '127.0.0.1', listening));
    return { port: (server.address() as { port: number }).port, requests: () => requests };
  }

  const run = (port: number, seconds: number, errorRate: number, forMs: number) =>
    measure(
      planFor(port, openLoad(100, seconds), [request('/')], {
        abortOn: { errorRate: ratio(errorRate), for: millis(forMs) },
      }),
      { addresses: ['127.0.0.1'] },
    );

  it('leaves a target alone that went down for good, and keeps what was measured', async () => {
    const { port, requests } = await startServer(request => request >= 80);
    const measurement = await run(port, 60, 0.5, 1_000);
    const { completion, windows } = measurement;
    assert.ok(completion.state === 'aborted', `state ${completion.state}`);
    assert.equal(completion.forMs, 1_000);
    assert.ok(completion.errorRate >= 0.5 && completion.errorRate <= 1, `errorRate ${completion.errorRate}`);
    assert.ok((windows[0]?.durationMs ?? 0) < 50_000, `durationMs ${windows[0]?.durationMs}`);
    const { ok, failed, requests: due, unfinished } = analyse(measurement).of({ kind: 'total' }).figures;
    assert.deepEqual([ok, due], [80, 80 + (failed.status ?? 0) + unfinished]);
    // A second of failures at least, by the plan.
    assert.ok((failed.status ?? 0) >= 95, `${failed.status} failed`);
    const sent = requests();
    await new Promise(later => setTimeout(later, 300));
    assert.equal(requests(), sent);
  });

  it('goes on through a burst of errors that is shorter', async () => {
    const { port } = await startServer(request => request >= 100 && request < 150);
    const measurement = await run(port, 4, 0.1, 2_000);
    assert.deepEqual(measurement.completion, { state: 'complete' });
    assert.deepEqual(analyse(measurement).of({ kind: 'total' }).figures.failed, { status: 50 });
  });

  it('goes on where fewer fail, however long', async () => {
    const { port } = await startServer(request => request % 3 === 0);
    const measurement = await run(port, 3, 0.5, 1_000);
    assert.deepEqual(measurement.completion, { state: 'complete' });
    assert.deepEqual(analyse(measurement).of({ kind: 'total' }).figures.failed, { status: 100 });
  });
});

describe('the watch for a target that is down: 50 % for 10 s', () => {
  type Stretch = readonly [seconds: number, perSecond: number, failingOfTen: number];

  /** The share at which a run of these stretches is given up, and when; null where it never is. */
  function outcome(...stretches: readonly Stretch[]): { share: number; second: number } | null {
    const watch = new AbortWatch({ errorRate: ratio(0.5), for: millis(10_000) });
    let second = 0;
    for (const [seconds, perSecond, failingOfTen] of stretches) {
      for (let index = 0; index < seconds * perSecond; index += 1) {
        const at = micros((second + index / perSecond) * 1e6);
        const failed = index % 10 < failingOfTen;
        const sample: Sample = {
          due: at,
          lag: micros(0),
          sentAt: at,
          firstByteAt: at,
          endedAt: at,
          bytes: 0,
          status: failed ? 500 : 200,
          outcome: failed ? 'status' : 'ok',
          signals: null,
        };
        watch.add(sample);
        const share = watch.exceeded();
        if (share !== null) return { share, second: at / 1e6 };
      }
      second += seconds;
    }
    return null;
  }

  it('gives up after 10 s of nothing but errors, and no sooner', () => {
    assert.equal(outcome([30, 100, 0], [9.9, 100, 10]), null);
    const down = outcome([30, 100, 0], [60, 100, 10]);
    assert.ok(down && down.share > 0.95 && down.second >= 40 && down.second < 41.5, JSON.stringify(down));
    assert.ok(
      (outcome([60, 100, 10])?.second ?? 0) >= 10,
      `outcome([60, 100, 10]).second ${outcome([60, 100, 10])?.second}`,
    );
  });

  it('gives up where more than the share fails all along, and not where less does', () => {
    const partly = outcome([30, 100, 0], [60, 100, 6]);
    assert.ok(partly && partly.share >= 0.5 && partly.share < 0.65, JSON.stringify(partly));
    assert.equal(outcome([60, 100, 4]), null);
  });

  it('is not taken in by a burst, even if it is most of what ended in those 10 s', () => {
    // Users whose requests fail at once make a hundred times as many of them.
    assert.equal(outcome([20, 10, 0], [8, 1_000, 10], [20, 10, 0]), null);
    assert.equal(outcome([20, 100, 0], [6, 100, 10], [20, 100, 0]), null);
    assert.equal(outcome([20, 100, 0], [4, 100, 10], [4, 100, 0], [4, 100, 10], [20, 100, 0]), null);
  });

  it('takes a single failure for nothing, where requests are rare', () => {
    assert.equal(outcome([20, 0.05, 10], [20, 0.05, 0]), null);
    assert.ok(
      (outcome([40, 0.05, 10])?.second ?? 0) >= 20,
      `outcome([40, 0.05, 10]).second ${outcome([40, 0.05, 10])?.second}`,
    );
  });

  it('bears with long silence between errors', () => {
    const hanging = outcome([5, 10, 0], [30, 0, 0], [1, 20, 10], [10, 0, 0], [1, 20, 10]);
    assert.ok(hanging && hanging.second >= 45, JSON.stringify(hanging));
  });
});

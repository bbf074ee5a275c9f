import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answerDelays } from '../../../src/launch/proxy/answer-delays.ts';
import { endpointPatterns } from '../../../src/launch/proxy/endpoint-patterns.ts';
import { waitUntil } from '../../../src/launch/proxy/precise-wait.ts';
import { normalQuantile } from '../../../src/stats/intervals/normal.ts';
import { uniform } from '../../../src/stats/random.ts';
import { openLoad, planFor, request, text } from '../plan-builder.ts';

const quantile = (values: readonly number[], q: number) =>
  [...values].sort((one, other) => one - other)[Math.ceil(q * values.length) - 1] ?? Number.NaN;

/** Times like those of a server: log-normal about a median. */
const times = (median: number, count: number, stream: number) =>
  Array.from({ length: count }, (_, index) => {
    return median * Math.exp(0.5 * normalQuantile(uniform(7, stream, index) * 0.999 + 0.0005));
  });

const anId = { kind: 'data', set: 0, column: 0 } as const;

describe('a delay rule', () => {
  test('none delays nothing', () => {
    const delays = answerDelays([]);
    assert.deepEqual(
      [0.3, 5, 700].map(ms => delays.delayOf('GET / HTTP/1.1', ms)),
      [0, 0, 0],
    );
  });

  test('scale delays every answer by its share of the time it took, from the first one on', () => {
    const delays = answerDelays([]);
    delays.setRule({ kind: 'scale', factor: 0.1 });
    assert.deepEqual(
      [10, 2, 0.5].map(ms => delays.delayOf('GET / HTTP/1.1', ms)),
      [1, 0.2, 0.05],
    );
    delays.setRule({ kind: 'none' });
    assert.equal(delays.delayOf('GET / HTTP/1.1', 10), 0);
  });

  test('tail moves p95 by the factor and p50 not at all', () => {
    const delays = answerDelays([]);
    delays.setRule({ kind: 'tail', factor: 0.2 });
    const delayed = (ms: number) => ms + delays.delayOf('GET / HTTP/1.1', ms);
    times(4, 1_000, 0).forEach(delayed);
    const took = times(4, 20_000, 1);
    const shown = took.map(delayed);
    const share = shown.filter((ms, index) => ms !== took[index]).length / took.length;
    assert.ok(Math.abs(share - 0.1) < 0.005, `${share} of all answers are delayed`);
    assert.equal(quantile(shown, 0.5), quantile(took, 0.5));
    const ratio = quantile(shown, 0.95) / quantile(took, 0.95);
    assert.ok(Math.abs(ratio - 1.2) < 1e-9, `p95 moved by ${ratio}`);
  });

  test('tail knows the tail of each endpoint, so that a slow one does not hide it', () => {
    const delays = answerDelays(['^GET /fast ', '^GET /slow/[^/]* ']);
    delays.setRule({ kind: 'tail', factor: 0.5 });
    const took = { fast: times(1, 4_000, 2), slow: times(50, 4_000, 3) };
    const shown = { fast: [] as number[], slow: [] as number[] };
    const learned = 1_000;
    took.fast.forEach((fast, index) => {
      const slow = took.slow[index] ?? Number.NaN;
      shown.fast.push(fast + delays.delayOf('GET /fast HTTP/1.1', fast));
      shown.slow.push(slow + delays.delayOf(`GET /slow/${index} HTTP/1.1`, slow));
    });
    for (const name of ['fast', 'slow'] as const) {
      const ratio = quantile(shown[name].slice(learned), 0.95) / quantile(took[name].slice(learned), 0.95);
      assert.ok(Math.abs(ratio - 1.5) < 1e-9, `p95 of ${name} moved by ${ratio}`);
    }
  });

  test('tail learns from what was not delayed, and delays nothing before it has learned', () => {
    const delays = answerDelays([]);
    const shown = () => delays.delayOf('GET / HTTP/1.1', 100);
    delays.setRule({ kind: 'tail', factor: 1 });
    for (let fast = 0; fast < 49; fast += 1) delays.delayOf('GET / HTTP/1.1', 1);
    assert.equal(shown(), 0);
    assert.equal(shown(), 100);
  });
});

describe('the patterns of endpoints', () => {
  test('match the requests of their endpoint alone, whatever fills the path', () => {
    const plan = planFor(80, openLoad(1, 1), [
      request('/bills'),
      request('', {
        endpoint: 1,
        path: { literals: ['/bills/', '/votes?page=', ''], expressions: [anId, anId] },
      }),
      request('', { endpoint: 2, method: 'POST', path: text('/bills') }),
      request('/bills?all=1', { endpoint: 3 }),
    ]);
    const target = { ...plan.target, basePath: '/v1.0' };
    const patterns = endpointPatterns({ ...plan, target }).map(pattern => new RegExp(pattern));
    const lines: readonly (readonly [line: string, endpoint: number])[] = [
      ['GET /v1.0/bills HTTP/1.1', 0],
      ['GET /v1.0/bills/hr%2F12/votes?page=2 HTTP/1.1', 1],
      ['GET /v1.0/bills//votes?page= HTTP/1.1', 1],
      ['POST /v1.0/bills HTTP/1.1', 2],
      ['GET /v1.0/bills?all=1 HTTP/1.1', 3],
      ['GET /v1x0/bills HTTP/1.1', -1],
      ['GET /v1.0/bills/1/2/votes?page=2 HTTP/1.1', -1],
    ];
    assert.deepEqual(
      lines.map(([line]) => patterns.findIndex(pattern => pattern.test(line))),
      lines.map(([, endpoint]) => endpoint),
    );
  });

  test('match every way to an endpoint that has several', () => {
    const plan = planFor(80, openLoad(1, 1), [request('/one'), request('/two')]);
    const [pattern = ''] = endpointPatterns(plan);
    for (const path of ['/one', '/two']) assert.match(`GET ${path} HTTP/1.1`, new RegExp(pattern));
    assert.doesNotMatch('GET /onetwo HTTP/1.1', new RegExp(pattern));
  });
});

describe('a precise wait', () => {
  for (const waitMs of [0, 0.05, 0.7, 1.6, 4.3, 20.9]) {
    test(`of ${waitMs} ms is never shorter`, async () => {
      const due = performance.now() + waitMs;
      await new Promise<void>(done => waitUntil(due, done));
      assert.ok(performance.now() >= due, 'it came too early');
    });
  }

  test('never comes once it is called off', async () => {
    const came: number[] = [];
    const waits = [0.5, 5].map(ms => waitUntil(performance.now() + ms, () => came.push(ms)));
    for (const wait of waits) wait.cancel();
    await new Promise<void>(done => waitUntil(performance.now() + 8, done));
    assert.deepEqual(came, []);
  });
});

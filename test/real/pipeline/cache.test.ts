import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { measureSlots, readingsOf } from '../../../src/engine/slots/slots.ts';
import { judgeRun } from '../../../src/judge/judge.ts';
import { PlimsollError } from '../../../src/model/error.ts';
import { prepareRuns } from '../../../src/pipeline/run/prepare.ts';
import { runPrepared } from '../../../src/pipeline/run/run.ts';
import { recordText } from '../../../src/store/records/record-file.ts';
import { parseRecord, readRecord } from '../../../src/store/records/record-reader.ts';
import { runsIn } from '../../fixtures/rendered.ts';
import { budget, budgets } from '../../pure/judge/budgets.ts';
import { openLoad, planFor, request } from '../../pure/plan-builder.ts';

/** A server that answers seven of ten requests from its cache, and says so in the header of the path. */
async function startCache(t: TestContext, hitsOfTen = 7): Promise<number> {
  const headers: { readonly [path: string]: (isHit: boolean) => readonly [string, string] } = {
    '/standard': isHit => ['Cache-Status', isHit ? 'edge; hit' : 'edge; fwd=uri-miss'],
    '/x-cache': isHit => ['X-Cache', isHit ? 'Hit from edge' : 'Miss from edge'],
    '/age': isHit => ['Age', isHit ? '12' : '0'],
    '/own': isHit => ['X-Served-By', isHit ? 'Cache 7' : 'origin'],
  };
  const seen: { [path: string]: number } = {};
  const server = createServer(({ url = '' }, response) => {
    seen[url] = (seen[url] ?? 0) + 1;
    const [name, value] = headers[url]?.(((seen[url] ?? 0) * 7) % 10 < hitsOfTen) ?? [];
    if (name !== undefined && value !== undefined) response.setHeader(name, value);
    response.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  return (server.address() as AddressInfo).port;
}

/** Runs a scenario of one endpoint for a second, and judges it by one limit. */
async function run(t: TestContext, path: string, cache: string, limit: string) {
  const port = await startCache(t);
  const cwd = await mkdtemp(join(tmpdir(), 'plimsoll-cache-'));
  t.after(() => rm(cwd, { recursive: true, force: true }));
  const load = '{ model: open, stages: [{ duration: 1s, rate: 100/s }] }';
  await writeFile(
    join(cwd, 'a.yaml'),
    `name: a\ntarget: http://127.0.0.1:${port}\nload: ${load}\nsteps: [GET ${path}]\n${cache}\n`,
  );
  const endpoints = { [`GET ${path}`]: { cacheHitRatio: limit } };
  await writeFile(join(cwd, 'budgets.json'), JSON.stringify({ scenarios: { a: { endpoints } } }));
  const env = { PATH: process.env.PATH };
  const sources = [{ kind: 'file', file: 'a.yaml' }] as const;
  const [prepared] = await prepareRuns(sources, { cwd, env, budgets: 'budgets.json', allowHosts: [] });
  assert.ok(prepared, 'the scenario can be run');
  return await runPrepared(prepared, { cwd, env, out: join(cwd, 'reports'), command: 'plimsoll run a.yaml' });
}

const findingIn = ({ judgement }: Awaited<ReturnType<typeof run>>) => {
  const found = judgement.findings.find(({ metric }) => metric.name === 'cacheHitRatio');
  assert.ok(found, 'a finding on the cache hit ratio');
  return found;
};

describe('a scenario that asks for the cache', () => {
  for (const [path, cache] of [
    ['/standard', 'cache: true'],
    ['/x-cache', 'cache: true'],
    ['/age', 'cache: true'],
    ['/own', 'cache: { header: X-Served-By, hit: ^cache }'],
  ] as const) {
    test(`holds a floor below what ${path} tells, and breaks one above it`, async t => {
      const held = await run(t, path, cache, '55%');
      const finding = findingIn(held);
      assert.equal(finding.status, 'pass', JSON.stringify(finding.reason));
      assert.equal(finding.observed?.value, 0.7);
      assert.equal(finding.evidence.samples, 100);
      const { findings } = judgeRun(held.record, budgets(budget('cacheHitRatio', 0.85)), '2026-11-21');
      assert.equal(findings.find(({ metric }) => metric.name === 'cacheHitRatio')?.status, 'fail');
    });
  }

  test('has it in its record and in every report', async t => {
    const judged = await run(t, '/standard', 'cache: true', '55%');
    const { measurement } = await readRecord(judged.file ?? '');
    const [window] = measurement.endpoints[0]?.windows ?? [];
    assert.deepEqual(window?.signals, {
      cache: { told: 100, sum: 70, blockTold: [100], blockSum: [70] },
    });
    assert.match(runsIn([judged], 'terminal', { width: 140 }), /max +cacheHitRatio +errors\n/);
    assert.match(runsIn([judged], 'terminal', { width: 140 }), /cacheHitRatio +70% +≥ 55% +\d/);
    assert.match(runsIn([judged], 'markdown'), /\| max \| +cacheHitRatio \|/);
    const summary = JSON.parse(runsIn([judged], 'json'));
    assert.deepEqual(summary.runs[0].total.signals, { cacheHitRatio: 0.7 });
    assert.deepEqual(summary.runs[0].endpoints['GET /standard'].signals, { cacheHitRatio: 0.7 });
  });

  test('has a record that is refused where its counts contradict each other', async t => {
    const { record } = await run(t, '/standard', 'cache: true', '55%');
    const text = recordText(record);
    assert.deepEqual(parseRecord(text, 'a.json'), record);
    for (const [found, instead, where] of [
      ['"blockSum":[70]', '"blockSum":[71]', 'signals.cache.blockSum'],
      ['"blockTold":[100]', '"blockTold":[50,50]', 'signals.cache.blockTold'],
      ['"told":100,', '"told":101,', 'signals.cache.told'],
    ] as const) {
      assert.ok(text.includes(found), `${found} in the record`);
      assert.throws(() => parseRecord(text.replace(found, instead), 'a.json'), new RegExp(where));
    }
  });

  test('is not a measurement of it where no answer says anything', async t => {
    const judged = await run(t, '/silent', 'cache: true', '55%');
    assert.equal(findingIn(judged).status, 'invalid');
    assert.equal(judged.exitCode, 3);
  });
});

describe('a scenario that does not ask for the cache', () => {
  test('cannot have a budget on it, and sends nothing', async t => {
    await assert.rejects(run(t, '/standard', '', '55%'), (error: unknown) => {
      assert.ok(error instanceof PlimsollError, String(error));
      assert.equal(error.exitCode, 2);
      assert.match(
        error.message,
        /budgets\.json:\d+:\d+.*: a budget on a metric that the scenario does not record/,
      );
      assert.match(error.message, /instead +`cache: true` in the scenario/);
      return true;
    });
  });

  test('says what `cache` takes where it is something else', async t => {
    for (const wrong of [
      'maybe',
      '{ header: x-cache }',
      '{ header: "x cache", hit: HIT }',
      '{ header: a, hit: ^$ }',
    ]) {
      await assert.rejects(run(t, '/standard', `cache: ${wrong}`, '55%'), /a\.yaml.*cache/s, wrong);
    }
  });
});

test('a restart of a duet counts the hits of both sides', async t => {
  const [base, head] = [await startCache(t, 7), await startCache(t, 4)];
  const plan = planFor(base, openLoad(200, 1), [request('/standard')], {
    signals: [{ name: 'cache', rule: { by: 'usualHeaders' } }],
  });
  const side = (port: number) => ({ target: { ...plan.target, port }, addresses: ['127.0.0.1'] });
  const measured = await measureSlots(
    {
      plan,
      sides: { base: side(base), head: side(head) },
      slotMs: 50,
      pairs: 10,
      warmUp: { leastPairs: 1, mostPairs: 1 },
      seed: 1,
    },
    {},
  );
  const [reading] = readingsOf(measured, plan);
  for (const [which, share] of [
    ['base', 0.7],
    ['head', 0.4],
  ] as const) {
    const { requests, signals } = reading?.[which] ?? {};
    const { told = 0, sum = 0 } = signals?.cache ?? {};
    assert.equal(told, requests);
    assert.ok(Math.abs(sum - share * told) <= 10, `${which}: ${sum} of ${told}`);
  }
});

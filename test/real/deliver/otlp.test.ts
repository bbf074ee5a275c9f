import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deliverAll } from '../../../src/pipeline/delivery/deliver.ts';
import { openDeliveries } from '../../../src/pipeline/delivery/deliveries.ts';
import { runDocument } from '../../../src/report/document/subject/run-document.ts';
import { exampleRuns } from '../../fixtures/example-runs.ts';
import { receiver } from './receiver.ts';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

const attributes = (all: readonly Attribute[]) =>
  Object.fromEntries(all.map(({ key, value }) => [key, value.stringValue]));

describe('OTLP', () => {
  const result = { document: runDocument(exampleRuns.fail ?? []), exitCode: 1, earlier: [] };

  test('sends every gauge with its labels to a collector', async t => {
    const { url, received } = await receiver(t, response => response.end('{}'));
    const { open } = openDeliveries([{ to: 'otlp', url, headers: { 'x-key': 'abcdef' } }], {});
    assert.deepEqual(await deliverAll(result, open), []);
    const [one] = received;
    assert.deepEqual([one?.method, one?.path, one?.headers['x-key']], ['POST', '/v1/metrics', 'abcdef']);
    const [{ resource, scopeMetrics }] = JSON.parse(one?.body ?? '').resourceMetrics;
    assert.equal(attributes(resource.attributes)['service.name'], 'plimsoll');
    const [{ metrics }] = scopeMetrics;
    const times = metrics.find(({ name }: { name: string }) => name === 'plimsoll.response_time');
    assert.equal(times.unit, 's');
    const p95 = times.gauge.dataPoints.find((point: { attributes: readonly Attribute[] }) => {
      const { endpoint, statistic } = attributes(point.attributes);
      return endpoint === 'GET /api/bills' && statistic === 'p95';
    });
    assert.ok(p95.asDouble > 0.13 && p95.asDouble < 0.16, `p95 of ${p95.asDouble} s`);
    assert.ok(Number(p95.timeUnixNano) > 1.7e18, `a moment: ${p95.timeUnixNano}`);
  });

  test('to a collector that refuses, or never answers, is given up and said', async t => {
    const down = await receiver(t, response => {
      response.statusCode = 400;
      response.end('no');
    });
    const hung = await receiver(t, () => {});
    for (const [{ url }, said] of [
      [down, /found .*400|Bad Request/],
      [hung, /no answer within 0\.5 s|[Tt]imeout|timed out/],
    ] as const) {
      const { open } = openDeliveries([{ to: 'otlp', url }], {});
      const [error] = await deliverAll(result, open, 500);
      assert.match(
        error?.message ?? '',
        /^otlp \(http:\/\/127\.0\.0\.1:\d+\): it was not told of the result \[delivery\.failed\]/,
      );
      assert.match(error?.message ?? '', said);
    }
  });
});

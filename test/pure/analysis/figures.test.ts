import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyse } from '../../../src/analysis/analysis.ts';
import { maxOf, meanOf, minOf, quantileOf } from '../../../src/analysis/figures.ts';
import { constantRate, recordOf, type Sample } from '../judge/record-builder.ts';

const total = { kind: 'total' } as const;

/** 1,000 requests in 10 s that take 1 to 1,000 ms; those for which `outcome` answers end in that way. */
function measured(outcome: (index: number) => Partial<Sample> = () => ({})) {
  const samples = constantRate(100, 10, index => index + 1).map((sample, index) => ({
    ...sample,
    ...outcome(index),
  }));
  return recordOf(samples).measurement;
}

describe('the figures of a scope', () => {
  it('add up every request by its end', () => {
    const figures = analyse(
      measured(index =>
        index < 20 ? { outcome: 'status' } : index < 25 ? { outcome: 'timeout', responseMs: 10_000 } : {},
      ),
    ).of(total).figures;
    assert.equal(figures.requests, 1_000);
    assert.equal(figures.ok, 975);
    assert.deepEqual(figures.failed, { timeout: 5, status: 20 });
    assert.equal(figures.errors, 25);
    assert.equal(figures.errorRate, 0.025);
    assert.deepEqual(figures.statuses, { '200': 975, '500': 20 });
    assert.equal(figures.distribution('response').histogram.count, 980);
    assert.equal(figures.distribution('firstByte').histogram.count, 975);
  });

  it('leave the warm-up out, and tell stages and endpoints apart', () => {
    const samples = constantRate(10, 30, () => 5).map((sample, index) => ({
      ...sample,
      endpoint: index % 2 === 0 ? 'GET /a' : 'GET /b',
    }));
    const { measurement } = recordOf(samples, {
      warmupMs: 5_000,
      stagesMs: [10_000, 15_000],
      endpoints: ['GET /a', 'GET /b'],
    });
    assert.equal(analyse(measurement).of(total).figures.requests, 250);
    assert.equal(analyse(measurement).of({ kind: 'stage', stage: 2 }).figures.requests, 150);
    const endpoint = analyse(measurement).of({ kind: 'endpoint', endpoint: 'GET /a' }).figures;
    assert.deepEqual([endpoint.requests, endpoint.seconds, endpoint.rps], [125, 25, 5]);
    assert.equal(analyse(measurement).of({ kind: 'endpoint', endpoint: 'GET /c' }).figures.errorRate, null);
  });

  it('count as rps what was answered within the window', () => {
    const late = measured(index => (index >= 990 ? { responseMs: 5_000 } : { responseMs: 1 }));
    assert.equal(analyse(late).of(total).figures.rps, 99);
  });
});

describe('a quantile', () => {
  it('is read from the times, and null where fewer than one lies above it', () => {
    const { distribution } = analyse(measured()).of(total).figures;
    const response = distribution('response');
    assert.ok(
      Math.abs((quantileOf(response, 0.95)?.value ?? 0) - 950) < 1,
      `quantileOf(response, 0.95) ${quantileOf(response, 0.95)?.value}`,
    );
    assert.ok(
      Math.abs((quantileOf(response, 0.999)?.value ?? 0) - 999) < 1,
      `quantileOf(response, 0.999) ${quantileOf(response, 0.999)?.value}`,
    );
    assert.equal(quantileOf(response, 0.9991), null);
    assert.equal(minOf(response)?.value, 1);
    assert.ok(
      Math.abs((maxOf(response)?.value ?? 0) - 1_000) < 1,
      `maxOf(response) ${maxOf(response)?.value}`,
    );
    assert.ok(
      Math.abs((meanOf(response)?.value ?? 0) - 500.5) < 0.5,
      `meanOf(response) ${meanOf(response)?.value}`,
    );
  });

  it('among timeouts is only a lower bound, and below them is exact', () => {
    const timedOut = measured(index => (index % 50 === 0 ? { outcome: 'timeout', responseMs: 10_000 } : {}));
    const response = analyse(timedOut).of(total).figures.distribution('response');
    assert.equal(quantileOf(response, 0.99)?.atLeast, true);
    assert.ok(
      (quantileOf(response, 0.99)?.value ?? 0) >= 9_990,
      `quantileOf(response, 0.99) ${quantileOf(response, 0.99)?.value}`,
    );
    assert.equal(quantileOf(response, 0.95)?.atLeast, false);
    assert.equal(maxOf(response)?.atLeast, true);
    assert.equal(meanOf(response)?.atLeast, true);
  });

  it('of service time is a lower bound among those that timed out after being written late', () => {
    const queued = measured(index =>
      index % 50 === 0 ? { outcome: 'timeout', responseMs: 10_000, serviceMs: 4_000 } : {},
    );
    const service = analyse(queued).of(total).figures.distribution('service');
    assert.equal(service.censoredCount, 20);
    assert.equal(quantileOf(service, 0.99)?.atLeast, true);
    assert.equal(quantileOf(service, 0.95)?.atLeast, false);
  });

  it('is not spoilt by a few requests that an interrupt cut off young', () => {
    const cut = measured(index => (index >= 996 ? { outcome: 'unfinished', responseMs: 3 } : {}));
    const response = analyse(cut).of(total).figures.distribution('response');
    const p95 = quantileOf(response, 0.95);
    assert.equal(p95?.atLeast, false);
    assert.ok(Math.abs((p95?.value ?? 0) - 950) < 2, `${p95?.value}`);
    assert.equal(quantileOf(response, 0.999)?.atLeast, true);
  });

  it('is never better for a hang: unfinished requests count as longer than all that ended', () => {
    const hung = measured(index => (index >= 900 ? { outcome: 'unfinished', responseMs: 3 } : {}));
    const response = analyse(hung).of(total).figures.distribution('response');
    assert.ok(
      (quantileOf(response, 0.5)?.value ?? 0) >= 500,
      `quantileOf(response, 0.5) ${quantileOf(response, 0.5)?.value}`,
    );
    assert.equal(quantileOf(response, 0.95)?.atLeast, true);
  });
});

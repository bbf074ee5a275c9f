import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judge } from '../../../src/judge/judge.ts';
import type { Budget } from '../../../src/model/budget.ts';
import { budget, budgets } from './budgets.ts';
import { constantRate, type RunShape, recordOf, type Sample } from './record-builder.ts';

const plain = constantRate(200, 10, () => 5);
const limit = budget('p95', 100);

/** The reasons for which a run is no measurement; empty where it is one. */
function reasons(
  samples: readonly Sample[],
  shape: RunShape = {},
  ...limits: readonly Budget[]
): readonly string[] {
  const { verdict, validity } = judge(
    recordOf(samples, shape),
    budgets(...(limits.length > 0 ? limits : [limit])),
    '2026-11-21',
  );
  assert.equal(verdict === 'invalid', validity.state === 'invalid');
  return validity.state === 'invalid' ? validity.reasons : [];
}

const ending = (outcome: Sample['outcome'], responseMs = 1) =>
  plain.map(sample => ({ ...sample, responseMs, outcome }) as Sample);

describe('a run is no measurement', () => {
  it('where the run was given up since the target never answered', () => {
    const found = reasons(ending('timeout', 10_000), {
      completion: { state: 'neverAnswered', afterMs: 12_000 },
    });
    assert.equal(found.length, 1);
    assert.match(
      found[0] ?? '',
      /^the target never answered: no byte of an answer came within 12 s \(2,000 timed out\); check that it runs at http:\/\/127\.0\.0\.1:4010$/,
    );
  });

  for (const [outcome, words] of [
    ['refused', 'refused'],
    ['dns', 'with a name that did not resolve'],
    ['timeout', 'timed out'],
    ['closed', 'closed without an answer'],
  ] as const) {
    it(`where every request ended without an answer: ${outcome}`, () => {
      const [reason] = reasons(ending(outcome, outcome === 'timeout' ? 10_000 : 1));
      assert.ok(reason?.startsWith(`the target never answered: of 2,000 requests, 2,000 ${words};`), reason);
    });
  }

  it('where nothing was due', () => {
    assert.match(reasons([])[0] ?? '', /^nothing was measured: no request was due/);
  });

  it('where an interrupt came in the warm-up', () => {
    const [reason] = reasons(plain.slice(0, 100), {
      warmupMs: 5_000,
      stagesMs: [],
      completion: { state: 'interrupted', signal: 'SIGINT' },
    });
    assert.match(reason ?? '', /interrupted before its first stage/);
  });

  it('where a worker died', () => {
    const [reason] = reasons(plain, { completion: { state: 'workerDied', reason: 'out of memory' } });
    assert.equal(reason, 'a worker of the generator died: out of memory');
  });

  it('where the machine ran out of something: which, and how to have more', () => {
    const [files] = reasons(plain, { generator: { exhausted: { EMFILE: 12 } } });
    assert.match(files ?? '', /12 requests could not be sent \(EMFILE\).*ulimit -n/);
    const [ports] = reasons(plain, { generator: { exhausted: { EADDRNOTAVAIL: 1 } } });
    assert.match(ports ?? '', /1 request could not be sent \(EADDRNOTAVAIL\).*local ports/);
    const [other] = reasons(plain, { generator: { exhausted: { EPERM: 3 } } });
    assert.match(other ?? '', /EPERM/);
  });

  it('where less than 99 % of an open load was delivered', () => {
    const [reason] = reasons(plain, { load: { offered: 2_000, delivered: 1_970 } });
    assert.match(
      reason ?? '',
      /^the load was not delivered: 1,970 of 2,000 journeys \(98.5 %\) were started/,
    );
    assert.deepEqual(reasons(plain, { load: { offered: 2_000, delivered: 1_985 } }), []);
    assert.deepEqual(reasons(plain, { load: { model: 'closed', offered: null, delivered: 900 } }), []);
    const interrupted = { completion: { state: 'interrupted', signal: 'SIGINT' } } as const;
    assert.deepEqual(reasons(plain, { ...interrupted, load: { offered: 9_000, delivered: 2_000 } }), []);
  });
});

describe('the lag of the generator', () => {
  const late = (share: number, lagMs: number) =>
    plain.map((_, index) => (index % Math.round(1 / share) === 0 ? lagMs : 0.1));

  it('makes a run invalid where its p99 is over 2 ms, or a tenth of the tightest limit if that is more', () => {
    assert.match(
      reasons(plain, { lagMs: late(0.02, 3) }, budget('p95', 15))[0] ?? '',
      /the generator was the bottleneck/,
    );
    assert.deepEqual(reasons(plain, { lagMs: late(0.02, 3) }, budget('p95', 100), budget('p99', 500)), []);
    assert.match(
      reasons(plain, { lagMs: late(0.02, 14) }, budget('p95', 100), budget('p99', 500))[0] ?? '',
      /1 % of the requests went out 14 ms late or more, where these budgets bear 10 ms/,
    );
    assert.deepEqual(reasons(plain, { lagMs: late(0.005, 500) }), []);
    assert.equal(reasons(plain, { lagMs: late(0.02, 3) }, budget('errorRate', 0.01)).length, 1);
  });

  it('is not made by one late request of few', () => {
    const few = constantRate(2, 10, () => 5);
    assert.deepEqual(reasons(few, { lagMs: few.map((_, index) => (index === 3 ? 50 : 0.1)) }), []);
    assert.equal(reasons(few, { lagMs: few.map((_, index) => (index < 3 ? 50 : 0.1)) }).length, 1);
  });

  it('excuses no budget that service time alone breaks', () => {
    const slow = constantRate(200, 10, () => 150).map(sample => ({ ...sample, serviceMs: 140 }));
    const shape = { lagMs: late(0.02, 20) };
    const { verdict, notes } = judge(recordOf(slow, shape), budgets(limit), '2026-11-21');
    assert.equal(verdict, 'fail');
    assert.ok(notes.some(note => note.includes('yet service time alone breaks p95 of total')));
    const queued = slow.map(sample => ({ ...sample, serviceMs: 90 }));
    assert.equal(reasons(queued, shape).length, 1);
  });
});

describe('what the target does to us is a measurement', () => {
  it('where it answered once, in the warm-up, and refused ever after', () => {
    const samples = constantRate(100, 15, () => 2).map((sample, index) =>
      index < 100 ? sample : ({ ...sample, outcome: 'refused' } as const),
    );
    assert.deepEqual(reasons(samples, { warmupMs: 5_000 }), []);
  });

  it('where it answers nothing but errors', () => {
    assert.deepEqual(reasons(ending('status')), []);
  });
});

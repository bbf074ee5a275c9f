import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judge } from '../../../src/judge/judge.ts';
import type { Budget } from '../../../src/model/judgement/budget.ts';
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
    ['closed', 'closed without a whole answer'],
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
    assert.equal(reason, 'a worker of the generator died, and what it counted with it: out of memory');
    const stack = 'RangeError: too deep\n    at walk (walk.js:1:2)';
    const [words] = reasons(plain, { completion: { state: 'workerDied', reason: stack } });
    assert.equal(words, 'a worker of the generator died, and what it counted with it: RangeError: too deep');
  });

  it('where the machine ran out of something: which, and how to have more', () => {
    const [files] = reasons(plain, { generator: { exhausted: { EMFILE: 12 } } });
    assert.match(files ?? '', /12 attempts to connect failed \(EMFILE\), since .*ulimit -n/);
    const [ports] = reasons(plain, { generator: { exhausted: { EADDRNOTAVAIL: 1 } } });
    assert.match(ports ?? '', /1 attempt to connect failed \(EADDRNOTAVAIL\), since .*local ports/);
    const [other] = reasons(plain, { generator: { exhausted: { EPERM: 3 } } });
    assert.match(other ?? '', /EPERM/);
    const [unheard] = reasons(plain, { generator: { exhausted: { constructor: 3 } } });
    assert.match(unheard ?? '', /\(constructor\), since this machine ran out of what it needs to send/);
    const unsent = plain.map((sample, index) =>
      index < 1_500 ? sample : ({ ...sample, outcome: 'notSent' } as const),
    );
    const [both] = reasons(unsent, { generator: { exhausted: { EMFILE: 12 } } });
    assert.match(both ?? '', /12 attempts to connect failed \(EMFILE\) and 500 requests could not be sent/);
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
      /1% of the requests went out 14 ms late or more, where these budgets bear 10 ms/,
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

  it('is put down to a worker without a moment to spare', () => {
    const shape = { lagMs: late(0.02, 14), generator: { busy: 0.963 } };
    assert.match(
      reasons(plain, shape)[0] ?? '',
      /where these budgets bear 10 ms, since its busiest worker worked 96.3% of the time; lower the rate/,
    );
    assert.doesNotMatch(reasons(plain, { lagMs: late(0.02, 14) })[0] ?? '', /busiest worker/);
  });
});

describe('a pool of ten connections', () => {
  const notes = (samples: readonly Sample[], shape: RunShape, ...limits: readonly Budget[]) =>
    judge(recordOf(samples, shape), budgets(...limits), '2026-11-21').notes;
  const pool = (max: number | null, queued = 900) => ({ connections: { max, queued } });
  /** 200/s whose service time is given, and which waited in the queue besides. */
  const served = (serviceMs: (index: number) => number, waitedMs = 300) =>
    constantRate(200, 10, index => serviceMs(index) + waitedMs).map((sample, index) => ({
      ...sample,
      serviceMs: serviceMs(index),
    }));
  const usual = [budget('p95', 100), budget('service.p95', 200)];

  it('is too small where rate × service time takes more than 80 % of it: the generator is to blame', () => {
    const [reason, ...more] = reasons(
      served(() => 45),
      pool(10),
      ...usual,
    );
    assert.deepEqual(more, []);
    assert.match(
      reason ?? '',
      /^the generator was the bottleneck: 200\/s of 45 ms each keep 90(\.\d)?% of 10 connections busy in stage 1, and 900 requests had to wait for one; set `connections.max` to 12 or more$/,
    );
    assert.deepEqual(
      reasons(
        served(() => 39),
        pool(10),
        ...usual,
      ),
      [],
    );
    const worseThanFull = reasons(
      served(() => 90),
      pool(10),
      ...usual,
    );
    assert.match(worseThanFull[0] ?? '', /keep 180% of 10 connections busy.* to 23 or more/);
  });

  it('is too small for a mixture too, of which the slow part fills it', () => {
    const mixed = served(index => (index % 25 < 2 ? 500 : 10));
    assert.equal(reasons(mixed, pool(10), budget('p50', 100)).length, 1);
  });

  it('is judged stage by stage', () => {
    const samples = constantRate(200, 20, () => 300).map(sample => ({
      ...sample,
      serviceMs: sample.dueMs < 10_000 ? 5 : 60,
    }));
    const [reason] = reasons(samples, { ...pool(10), stagesMs: [10_000, 10_000] }, budget('p50', 400));
    assert.match(reason ?? '', /busy in stage 2,/);
  });

  it('is large enough where no request waited, where each user has its own, and in a closed model', () => {
    const busy = served(() => 45);
    assert.deepEqual(reasons(busy, pool(10, 0), ...usual), []);
    assert.deepEqual(reasons(busy, pool(null), ...usual), []);
    assert.deepEqual(reasons(busy, { ...pool(10), load: { model: 'closed', offered: null } }, ...usual), []);
    assert.deepEqual(reasons(busy, pool(1_000), ...usual), []);
  });

  it('takes no blame for a stall that fills it, which is the doing of the target', () => {
    // Ten requests are stuck for 2 s; 390 more were due meanwhile and wait for a connection.
    const stalled = constantRate(200, 10, (_, dueMs) =>
      dueMs >= 4_000 && dueMs < 6_000 ? 6_032 - dueMs : 32,
    ).map((sample, index) => ({ ...sample, serviceMs: index >= 800 && index < 810 ? 2_000 : 32 }));
    const limits = [budget('p95', 100)];
    assert.deepEqual(reasons(stalled, pool(10, 390), ...limits), []);
    assert.equal(judge(recordOf(stalled, pool(10, 390)), budgets(...limits), '2026-11-21').verdict, 'fail');
  });

  it('excuses no budget that service time alone breaks, and says so', () => {
    const slow = served(() => 150);
    assert.deepEqual(reasons(slow, pool(10), limit), []);
    assert.ok(
      notes(slow, pool(10), limit).includes(
        'The pool of 10 connections was too small, yet service time alone breaks p95 of total.',
      ),
    );
    assert.equal(reasons(slow, pool(10), budget('p95', 200)).length, 1);
  });
});

describe('a run that its abortOn stopped', () => {
  const completion = { state: 'aborted', errorRate: 0.5, forMs: 5_000 } as const;
  const half = plain.map((sample, index) =>
    index % 2 === 0 ? sample : ({ ...sample, outcome: 'status' } as const),
  );

  it('is a measurement, and fails whatever its budgets say', () => {
    const loose = budgets(budget('errorRate', 0.9));
    assert.equal(judge(recordOf(half), loose, '2026-11-21').verdict, 'pass');
    const { verdict, validity, notes } = judge(recordOf(half, { completion }), loose, '2026-11-21');
    assert.deepEqual([verdict, validity], ['fail', { state: 'valid' }]);
    assert.deepEqual(notes, [
      'The run was stopped after 10 s because 50% of requests failed within 5 s (abortOn).',
    ]);
  });

  it('is none where no answer ever came, or where it did not reach its first stage', () => {
    assert.match(reasons(ending('refused'), { completion })[0] ?? '', /^the target never answered/);
    assert.deepEqual(reasons(half.slice(0, 800), { completion, warmupMs: 5_000, stagesMs: [] }), [
      'nothing was measured: the run was stopped after 5 s because 50% of requests failed within 5 s (abortOn), before its first stage',
    ]);
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

  for (const [what, outcome] of [
    ['half an answer and then nothing, until the timeout', 'timeout'],
    ['answers that break off', 'closed'],
    ['something that is not HTTP', 'malformed'],
  ] as const) {
    it(`where all that comes of it is ${what}: it fails`, () => {
      const heard = ending(outcome, outcome === 'timeout' ? 10_000 : 1).map(sample => ({
        ...sample,
        bytes: 40,
      }));
      assert.deepEqual(reasons(heard), []);
      const { verdict, findings } = judge(recordOf(heard), budgets(limit), '2026-11-21');
      assert.equal(verdict, 'fail');
      for (const { status, reason } of findings) {
        assert.equal(status, 'fail', reason);
        assert.doesNotMatch(reason, /: $/, 'a reason that says nothing');
      }
    });
  }

  it('where a single byte came of all that was sent', () => {
    const once = ending('timeout', 10_000).map((sample, index) => ({
      ...sample,
      bytes: index === 7 ? 1 : 0,
    }));
    assert.deepEqual(reasons(once), []);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeRun } from '../../../src/judge/judge.ts';
import type { Budget } from '../../../src/model/judgement/budget.ts';
import type { InvalidReason } from '../../../src/model/judgement/invalid-reason.ts';
import { type FailureKind, failureKinds } from '../../../src/model/run/failure.ts';
import { budget, budgets } from './budgets.ts';
import { constantRate, type RunShape, recordOf, type Sample } from './record-builder.ts';

const plain = constantRate(200, 10, () => 5);
const limit = budget('p95', 100);

/** The reasons for which a run is no measurement; empty where it is one. */
function reasons(
  samples: readonly Sample[],
  shape: RunShape = {},
  ...limits: readonly Budget[]
): readonly InvalidReason[] {
  const { verdict, validity } = judgeRun(
    recordOf(samples, shape),
    budgets(...(limits.length > 0 ? limits : [limit])),
    '2026-11-21',
  );
  assert.equal(verdict === 'invalid', validity.state === 'invalid');
  return validity.state === 'invalid' ? validity.reasons : [];
}

const target = 'http://127.0.0.1:4010';
const kinds = (found: readonly InvalidReason[]) => found.map(({ kind }) => kind);
/** How many requests failed in which way: all others in none. */
const endsOf = (failed: { readonly [kind in FailureKind]?: number }) => ({
  failed: { ...Object.fromEntries(failureKinds.map(kind => [kind, 0])), ...failed },
  unfinished: 0,
});

const ending = (outcome: Sample['outcome'], responseMs = 1) =>
  plain.map(sample => ({ ...sample, responseMs, outcome }) as Sample);

describe('a run is no measurement', () => {
  it('where the run was given up since the target never answered', () => {
    const found = reasons(ending('timeout', 10_000), {
      completion: { state: 'neverAnswered', afterMs: 12_000 },
    });
    assert.deepEqual(found, [
      { kind: 'neverAnswered', afterMs: 12_000, ends: endsOf({ timeout: 2_000 }), target },
    ]);
  });

  for (const outcome of ['refused', 'dns', 'timeout', 'closed'] as const) {
    it(`where every request ended without an answer: ${outcome}`, () => {
      assert.deepEqual(reasons(ending(outcome, outcome === 'timeout' ? 10_000 : 1)), [
        {
          kind: 'nothingAnswered',
          isInterrupted: false,
          due: 2_000,
          ends: endsOf({ [outcome]: 2_000 }),
          target,
        },
      ]);
    });
  }

  it('where nothing was due', () => {
    assert.deepEqual(reasons([]), [{ kind: 'nothingDue' }]);
  });

  it('where an interrupt came in the warm-up', () => {
    const found = reasons(plain.slice(0, 100), {
      warmupMs: 5_000,
      stagesMs: [],
      completion: { state: 'interrupted', signal: 'SIGINT' },
    });
    assert.deepEqual(found, [{ kind: 'interruptedBeforeStages' }]);
  });

  it('where a worker died', () => {
    const found = reasons(plain, { completion: { state: 'workerDied', reason: 'out of memory' } });
    assert.deepEqual(found, [{ kind: 'workerDied', reason: 'out of memory' }]);
  });

  const serverEnd = { code: 7, signal: null, atMs: 9_900, lastLines: ['out of memory'] };

  it('where the API that Plimsoll had started ended, though every limit held', () => {
    assert.deepEqual(reasons(plain, { serverEnd }), [{ kind: 'serverEnded', end: serverEnd }]);
  });

  it('where that API ended, and a firm fail of what was measured comes first', () => {
    const refused = plain.map((sample, index) =>
      index < 1_500 ? sample : ({ ...sample, responseMs: 1, outcome: 'refused' } as const),
    );
    const { verdict, validity } = judgeRun(recordOf(refused, { serverEnd }), budgets(limit), '2026-11-21');
    assert.equal(verdict, 'fail');
    assert.deepEqual(validity, { state: 'invalid', reasons: [{ kind: 'serverEnded', end: serverEnd }] });
  });

  it('where the machine ran out of something', () => {
    const found = reasons(plain, { generator: { exhausted: { EMFILE: 12, EPERM: 3, ENOMEM: 0 } } });
    assert.deepEqual(found, [
      { kind: 'exhausted', code: 'EMFILE', attempts: 12, notSent: 0 },
      { kind: 'exhausted', code: 'EPERM', attempts: 3, notSent: 0 },
    ]);
    const unsent = plain.map((sample, index) =>
      index < 1_500 ? sample : ({ ...sample, outcome: 'notSent' } as const),
    );
    assert.deepEqual(reasons(unsent, { generator: { exhausted: { EMFILE: 12 } } }), [
      { kind: 'exhausted', code: 'EMFILE', attempts: 12, notSent: 500 },
    ]);
  });
});

describe('the lag of the generator', () => {
  const late = (share: number, lagMs: number) =>
    plain.map((_, index) => (index % Math.round(1 / share) === 0 ? lagMs : 0.1));
  /** 200/s of which some go out late, and take that much longer. */
  const delayed = (share: number, lateMs: number, ownMs = 5) =>
    constantRate(200, 10, () => ownMs).map((sample, index) =>
      index % Math.round(1 / share) === 0 ? { ...sample, lateMs, responseMs: ownMs + lateMs } : sample,
    );
  const judged = (samples: readonly Sample[], ...limits: readonly Budget[]) =>
    judgeRun(recordOf(samples), budgets(...limits), '2026-11-21');

  it('makes a run invalid where more than a tenth of its requests were more than 100 ms late', () => {
    const [reason] = reasons(plain, { lagMs: late(0.2, 120) });
    assert.deepEqual(reason, {
      kind: 'sentLate',
      late: 400,
      requests: 2_000,
      byMs: 100,
      cause: { kind: 'unknown' },
    });
    assert.deepEqual(reasons(plain, { lagMs: late(0.05, 500) }), []);
    assert.deepEqual(reasons(plain, { lagMs: late(1, 80) }), []);
  });

  it('is not made by one late request of few', () => {
    const few = constantRate(2, 4, () => 5);
    assert.deepEqual(reasons(few, { lagMs: few.map((_, index) => (index === 3 ? 500 : 0.1)) }), []);
    assert.equal(reasons(few, { lagMs: few.map((_, index) => (index < 3 ? 500 : 0.1)) }).length, 1);
  });

  it('is none of users, who set the pace themselves', () => {
    const load = { model: 'closed', offered: null } as const;
    assert.deepEqual(reasons(plain, { lagMs: late(0.5, 500), load }), []);
  });

  it('passes a limit that holds although requests were late', () => {
    assert.equal(judged(delayed(0.08, 20), budget('p95', 100)).verdict, 'pass');
  });

  it('lets a limit fail that breaks with each delay taken off as well', () => {
    const { verdict, findings } = judged(delayed(0.08, 20, 150), budget('p95', 100));
    assert.equal(verdict, 'fail');
    assert.equal(findings.find(({ metric }) => metric.name === 'p95')?.reason.kind, 'overLimit');
  });

  it('makes no more than the finding invalid that breaks by the delay alone', () => {
    const { verdict, validity, findings } = judged(delayed(0.08, 60), budget('p95', 50), budget('p50', 50));
    assert.equal(verdict, 'invalid');
    assert.equal(validity.state, 'valid');
    const [p95, p50] = ['p95', 'p50'].map(name => findings.find(({ metric }) => metric.name === name));
    assert.equal(p50?.status, 'pass');
    assert.equal(p95?.status, 'invalid');
    assert.ok(p95.reason.kind === 'brokenByLateness', p95.reason.kind);
    assert.equal(p95.reason.late, 154);
    assert.ok(Math.abs((p95.reason.onTime?.value ?? 0) - 5) < 0.1, `${p95.reason.onTime?.value} ms`);
  });

  it('hides no errors: statuses that are wrong are the doing of the target', () => {
    const failing = delayed(0.5, 400).map(sample => ({ ...sample, outcome: 'status' }) as Sample);
    const { verdict, firm, validity } = judged(failing, budget('errorRate', 0.01));
    assert.equal(validity.state, 'invalid');
    assert.deepEqual([verdict, firm], ['fail', true]);
  });

  it('may have made everything else that fails', () => {
    const { verdict, findings } = judged(delayed(0.5, 400), budget('p95', 100), budget('p50', 1_000));
    assert.equal(verdict, 'invalid');
    const [p95] = findings;
    assert.deepEqual([p95?.metric.name, p95?.status, p95?.firm], ['p95', 'invalid', false]);
    const tooSlow = judged(delayed(0.5, 400, 150), budget('p95', 100));
    assert.deepEqual(tooSlow.findings[0]?.reason, {
      kind: 'noMeasurement',
      failed: { kind: 'overLimit', ends: null },
    });
    assert.equal(tooSlow.verdict, 'invalid');
  });

  it('does not make a fail of too few errors to be sure stand before it', () => {
    const some = delayed(0.5, 400).map((sample, index) =>
      index % 91 === 0 ? ({ ...sample, outcome: 'status' } as Sample) : sample,
    );
    const { verdict, firm, findings } = judged(some, budget('errorRate', 0.01));
    assert.deepEqual([verdict, firm], ['invalid', false]);
    assert.deepEqual([findings[0]?.status, findings[0]?.firm], ['fail', false]);
  });

  it('may have made time-outs', () => {
    const hanging = delayed(0.5, 400).map((sample, index) =>
      index % 20 === 0 ? ({ ...sample, responseMs: 10_000, outcome: 'timeout' } as Sample) : sample,
    );
    assert.equal(judged(hanging, budget('errorRate', 0.01)).verdict, 'invalid');
  });

  it('is put down to a worker without a moment to spare', () => {
    const [reason] = reasons(plain, { lagMs: late(0.2, 140), generator: { busy: 0.963 } });
    assert.ok(
      reason?.kind === 'sentLate' && reason.cause.kind === 'ownWork' && reason.cause.busy === 0.963,
      JSON.stringify(reason),
    );
  });
});

describe('a pool of ten connections', () => {
  const notes = (samples: readonly Sample[], shape: RunShape, ...limits: readonly Budget[]) =>
    judgeRun(recordOf(samples, shape), budgets(...limits), '2026-11-21').notes;
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
    assert.ok(reason?.kind === 'smallPool', JSON.stringify(reason));
    const { stage, perSecond, max, enough } = reason.shortage;
    assert.deepEqual([stage, perSecond, max, enough, reason.queued], [1, 200, 10, 12, 900]);
    assert.ok(Math.abs(reason.shortage.serviceMs - 45) < 0.1, `${reason.shortage.serviceMs}`);
    assert.ok(Math.abs(reason.shortage.busy - 9) < 0.05, `${reason.shortage.busy}`);
    assert.deepEqual(
      reasons(
        served(() => 39),
        pool(10),
        ...usual,
      ),
      [],
    );
    const [worseThanFull] = reasons(
      served(() => 90),
      pool(10),
      ...usual,
    );
    assert.ok(worseThanFull?.kind === 'smallPool', JSON.stringify(worseThanFull));
    assert.ok(Math.abs(worseThanFull.shortage.busy - 18) < 0.1, `${worseThanFull.shortage.busy}`);
    assert.equal(worseThanFull.shortage.enough, 23);
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
    assert.ok(reason?.kind === 'smallPool' && reason.shortage.stage === 2, JSON.stringify(reason));
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
    assert.equal(
      judgeRun(recordOf(stalled, pool(10, 390)), budgets(...limits), '2026-11-21').verdict,
      'fail',
    );
  });

  it('excuses no budget that service time alone breaks, and says so', () => {
    const slow = served(() => 150);
    assert.deepEqual(reasons(slow, pool(10), limit), []);
    assert.deepEqual(notes(slow, pool(10), limit).at(-1), {
      kind: 'smallPoolYetBroken',
      connections: 10,
      metric: limit.metric,
      scope: { kind: 'total' },
    });
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
    assert.equal(judgeRun(recordOf(half), loose, '2026-11-21').verdict, 'pass');
    const { verdict, validity, notes } = judgeRun(recordOf(half, { completion }), loose, '2026-11-21');
    assert.deepEqual([verdict, validity], ['fail', { state: 'valid' }]);
    assert.deepEqual(notes, [
      { kind: 'stopped', stop: { errorRate: 0.5, forMs: 5_000, durationMs: 10_000 } },
    ]);
  });

  it('is none where no answer ever came, or where it did not reach its first stage', () => {
    assert.deepEqual(kinds(reasons(ending('refused'), { completion })), ['nothingAnswered']);
    assert.deepEqual(reasons(half.slice(0, 800), { completion, warmupMs: 5_000, stagesMs: [] }), [
      { kind: 'stoppedBeforeStages', stop: { errorRate: 0.5, forMs: 5_000, durationMs: 5_000 } },
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
      const { verdict, findings } = judgeRun(recordOf(heard), budgets(limit), '2026-11-21');
      assert.equal(verdict, 'fail');
      for (const { status, reason } of findings) {
        assert.equal(status, 'fail', reason.kind);
        const counts = 'ends' in reason ? Object.values(reason.ends?.failed ?? {}) : [];
        assert.ok(
          counts.some(count => count > 0),
          JSON.stringify(reason),
        );
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

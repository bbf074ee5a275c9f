import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeRun } from '../../../src/judge/judge.ts';
import type { ScenarioBudgets } from '../../../src/model/judgement/budget.ts';
import { isClustered } from '../../../src/model/judgement/evidence.ts';
import type { FindingReason } from '../../../src/model/judgement/finding-reason.ts';
import { notCompared } from '../../../src/model/judgement/regression.ts';
import type { Finding } from '../../../src/model/judgement/verdict.ts';
import { uniform } from '../../../src/stats/random.ts';
import { budget, budgets } from './budgets.ts';
import { constantRate, onlyEndpoint, type RunShape, recordOf, type Sample } from './record-builder.ts';

const today = '2026-11-21';

const judged = (samples: readonly Sample[], limits: ScenarioBudgets, shape?: RunShape) =>
  judgeRun(recordOf(samples, shape), limits, today);

/** The finding on one metric. */
function on(metric: string, findings: readonly Finding[]): Finding {
  const finding = findings.find(one => one.metric.name === metric);
  assert.ok(finding, `no finding on ${metric}`);
  return finding;
}

/** A reason with the samples that are needed rounded up, as people are told. */
function rounded(reason: FindingReason): FindingReason {
  return 'needed' in reason ? { ...reason, needed: Math.ceil(reason.needed) } : reason;
}

/** 200 requests a second for 10 s, of 20 to 90 ms, independent of one another; their p95 is about 83 ms. */
const independent = (seed: number, seconds = 10) =>
  constantRate(200, seconds, index => 20 * Math.exp(uniform(seed, 1, index) * 1.5));

describe('a run that keeps its budgets', () => {
  it('passes, firmly where the whole interval lies within the limit', () => {
    const { verdict, validity, findings, notes } = judged(independent(2), budgets(budget('p95', 100)));
    assert.equal(verdict, 'pass');
    assert.deepEqual(validity, { state: 'valid' });
    const p95 = on('p95', findings);
    assert.equal(p95.firm, true);
    assert.ok(p95.observed && p95.interval?.low && p95.interval.high, JSON.stringify(p95));
    assert.ok(
      p95.interval.low <= p95.observed.value && p95.observed.value <= p95.interval.high,
      `interval.low ${p95.interval.low}, observed.value ${p95.observed.value}, interval.high ${p95.interval.high}`,
    );
    assert.deepEqual(p95.reason, { kind: 'withinLimit' });
    assert.deepEqual(notes, []);
  });

  it('passes without being firm where the interval spans the limit, and says so', () => {
    const p95 = on('p95', judged(independent(1), budgets(budget('p95', 84))).findings);
    assert.equal(p95.status, 'pass');
    assert.equal(p95.firm, false);
    assert.deepEqual(p95.reason, { kind: 'withinLimit' });
  });

  it('is held to 1 % of errors where no budget names any', () => {
    const { findings } = judged(independent(1), budgets(budget('p95', 100)));
    assert.equal(on('errorRate', findings).limit, 0.01);
    const own = judged(independent(1), budgets(budget('errorRate', 0.05)));
    assert.deepEqual(
      own.findings.map(finding => finding.limit),
      [0.05],
    );
  });

  it('warns past the warning, of ceilings and floors', () => {
    const { verdict, findings } = judged(
      independent(1),
      budgets(
        budget('p95', 100, { warn: 70 }),
        budget('rps', 150, { warn: 300 }),
        budget('p50', 99, { warn: 98 }),
      ),
    );
    assert.equal(verdict, 'warn');
    assert.equal(on('p95', findings).status, 'warn');
    assert.deepEqual(on('p95', findings).reason, { kind: 'pastWarning' });
    assert.equal(on('rps', findings).status, 'warn');
    assert.equal(on('p50', findings).status, 'pass');
  });

  it('holds every kind of metric against its limit', () => {
    const { verdict, findings } = judged(
      independent(1),
      budgets(
        budget('avg', 50),
        budget('min', 25),
        budget('max', 95),
        budget('p50', 50),
        budget('service.p99', 95),
        budget('service.avg', 50),
        budget('ttfb.p75', 70),
        budget('rps', 190),
        budget('errorRate', 0.01),
      ),
    );
    assert.equal(verdict, 'pass');
    assert.ok(
      findings.every(finding => finding.firm),
      JSON.stringify(findings.filter(({ firm }) => !firm)),
    );
    assert.equal(on('max', findings).interval, null);
    assert.ok(on('rps', findings).interval?.low, 'rps has no interval');
    const average = on('avg', findings);
    assert.ok(Math.abs((average.observed?.value ?? 0) - 46) < 2, `observed.value ${average.observed?.value}`);
  });

  it('lets 0 % of errors stand without an error, though no run can make that firm', () => {
    const finding = on(
      'errorRate',
      judged(independent(1, 20), budgets(budget('errorRate', 0)), { stagesMs: [20_000] }).findings,
    );
    assert.equal(finding.status, 'pass');
    assert.equal(finding.firm, false);
  });

  it('does not keep 0 % of errors where it is too short to keep 0.1 %', () => {
    for (const limit of [0, 0.0001, 0.001]) {
      const finding = on('errorRate', judged(independent(1), budgets(budget('errorRate', limit))).findings);
      assert.equal(finding.status, 'inconclusive');
      assert.deepEqual(rounded(finding.reason), { kind: 'tooFewSamples', needed: 3_688, seconds: 10 });
    }
  });

  it('keeps a longer limit wherever it keeps a shorter one, however what is slow clusters', () => {
    const slow = new Map([
      [90, 120],
      [300, 500],
      [301, 500],
      [302, 60],
      [303, 60],
      [510, 120],
    ]);
    const samples = constantRate(60, 10, index => slow.get(index) ?? 5 + (index % 5));
    const statusAt = (limit: number) =>
      on('p99', judged(samples, budgets(budget('p99', limit))).findings).status;
    assert.deepEqual([55, 61, 121, 400, 600].map(statusAt), ['inconclusive', 'pass', 'pass', 'pass', 'pass']);
  });
});

describe('a run that breaks a budget', () => {
  it('fails, firmly where the whole interval lies over the limit', () => {
    const { verdict, findings } = judged(independent(1), budgets(budget('p95', 70), budget('rps', 250)));
    assert.equal(verdict, 'fail');
    assert.equal(on('p95', findings).firm, true);
    assert.deepEqual(on('p95', findings).reason, { kind: 'overLimit', ends: null });
    assert.equal(on('rps', findings).firm, true);
    assert.deepEqual(on('rps', findings).reason, { kind: 'overLimit', ends: null });
  });

  it('is red after two seconds of stall in ten, though the evidence is one cluster', () => {
    const stalled = constantRate(200, 10, (_, dueMs) =>
      dueMs >= 4_000 && dueMs < 6_000 ? 6_005 - dueMs : 5,
    );
    const { verdict, findings, notes } = judged(stalled, budgets(budget('p95', 100), budget('p99', 1_000)));
    assert.equal(verdict, 'fail');
    assert.equal(on('p95', findings).status, 'fail');
    assert.equal(on('p99', findings).status, 'fail');
    assert.ok(
      on('p95', findings).evidence.designEffect > 50,
      `designEffect ${on('p95', findings).evidence.designEffect}`,
    );
    const bursts = notes.find(({ kind }) => kind === 'bursts');
    assert.ok(bursts?.kind === 'bursts' && bursts.evidence.designEffect > 50, JSON.stringify(notes));
  });

  it('fails at p99 where two in a hundred time out, at no less than the time waited', () => {
    const samples = independent(1).map((sample, index) =>
      index % 50 === 0 ? ({ ...sample, responseMs: 10_000, outcome: 'timeout' } as const) : sample,
    );
    const { verdict, findings } = judged(samples, budgets(budget('p95', 100), budget('p99', 1_000)));
    assert.equal(verdict, 'fail');
    const p99 = on('p99', findings);
    assert.equal(p99.status, 'fail');
    assert.equal(p99.firm, true);
    assert.ok(p99.observed?.atLeast && p99.observed.value >= 9_990, JSON.stringify(p99.observed));
    assert.equal(p99.interval?.high, null);
    assert.deepEqual(p99.reason, { kind: 'overLimit', ends: { failed: { timeout: 40 }, unfinished: 0 } });
    assert.equal(on('p95', findings).status, 'pass');
  });

  it('fails a quantile among the timeouts whatever the limit', () => {
    const samples = independent(1).map((sample, index) =>
      index % 50 === 0 ? ({ ...sample, responseMs: 10_000, outcome: 'timeout' } as const) : sample,
    );
    const { findings } = judged(samples, budgets(budget('p99', 20_000), budget('max', 20_000)));
    assert.equal(on('p99', findings).status, 'fail');
    assert.equal(on('max', findings).status, 'fail');
  });

  it('is not flattered by fast 500s: p95 is that of the good answers, and the error rate fails', () => {
    const good = independent(1);
    const mixed = good.map((sample, index) =>
      index % 2 === 0 ? ({ ...sample, responseMs: 0.2, outcome: 'status' } as const) : sample,
    );
    const { verdict, findings } = judged(mixed, budgets(budget('p95', 60)));
    assert.equal(verdict, 'fail');
    assert.equal(on('p95', findings).status, 'fail');
    const errors = on('errorRate', findings);
    assert.equal(errors.status, 'fail');
    assert.equal(errors.firm, true);
    assert.equal(errors.observed?.value, 0.5);
    assert.deepEqual(errors.reason, {
      kind: 'overLimit',
      ends: { failed: { status: 1_000 }, unfinished: 0 },
    });
  });

  it('fails, and is a measurement, where the target answers 500 to everything', () => {
    const endpoints = [onlyEndpoint, 'GET /users/:id'];
    const { verdict, validity, findings } = judged(
      independent(1).map(sample => ({ ...sample, outcome: 'status' }) as const),
      budgets(
        budget('p95', 100),
        budget('rps', 100),
        budget('p95', 100, { scope: { kind: 'endpoint', endpoint: 'GET /users/:id' } }),
      ),
      { endpoints, load: { abandoned: 2_000 } },
    );
    assert.equal(verdict, 'fail');
    assert.equal(validity.state, 'valid');
    assert.equal(on('errorRate', findings).observed?.value, 1);
    assert.ok(
      findings.every(finding => finding.status === 'fail'),
      findings.map(({ status }) => status).join(),
    );
    assert.deepEqual(findings.at(-1)?.reason, { kind: 'journeysEndedEarly', journeys: 2_000 });
  });

  it('fails by its errors where some answers came and then the server died', () => {
    const samples = independent(1).map((sample, index) =>
      index >= 1_000 ? ({ ...sample, responseMs: 0.1, outcome: 'refused' } as const) : sample,
    );
    const { verdict, validity } = judged(samples, budgets(budget('p95', 100)));
    assert.equal(verdict, 'fail');
    assert.equal(validity.state, 'valid');
  });
});

describe('a baseline that is required', () => {
  const quick = constantRate(100, 10, () => 5);
  const required = { ...budgets(budget('p95', 100)), requireBaseline: true };
  const today = '2026-11-21';

  it('fails a run that was to be compared and is not, and no other', () => {
    const alone = judgeRun(recordOf(quick), required, today, notCompared);
    assert.deepEqual([alone.verdict, alone.firm, alone.lacksBaseline], ['fail', false, true]);
    assert.equal(judgeRun(recordOf(quick), required, today).verdict, 'pass', 'a record that is judged again');
    assert.equal(judgeRun(recordOf(quick), budgets(), today, notCompared).lacksBaseline, undefined);
  });

  it('makes no fail of what is no measurement', () => {
    const silent = judgeRun(recordOf([]), required, today, notCompared);
    assert.deepEqual([silent.verdict, silent.lacksBaseline], ['invalid', undefined]);
  });
});

describe('thin evidence', () => {
  const few = constantRate(5, 10, () => 5);

  it('turns a pass into inconclusive, with the length that would settle it', () => {
    const { verdict, findings, onInconclusive } = judged(
      few,
      budgets(budget('p95', 100), budget('p50', 100)),
    );
    assert.equal(verdict, 'inconclusive');
    assert.equal(onInconclusive, 'warn');
    const p95 = on('p95', findings);
    assert.equal(p95.status, 'inconclusive');
    assert.equal(p95.evidence.samples, 50);
    assert.deepEqual(rounded(p95.reason), { kind: 'tooFewSamples', needed: 72, seconds: 10 });
    assert.equal(on('p50', findings).status, 'pass');
    assert.equal(on('errorRate', findings).status, 'inconclusive');
  });

  it('is settled by the length that it names', () => {
    const { findings } = judged(
      constantRate(5, 15, () => 5),
      budgets(budget('p95', 100)),
      { stagesMs: [15_000] },
    );
    assert.equal(on('p95', findings).status, 'pass');
    assert.equal(on('p95', findings).firm, true);
  });

  it('never excuses a fail', () => {
    const { findings } = judged(
      few.map(sample => ({ ...sample, responseMs: 150 })),
      budgets(budget('p95', 100), budget('p99', 100)),
    );
    assert.equal(on('p95', findings).status, 'fail');
    const p99 = on('p99', findings);
    assert.equal(p99.observed, null);
    assert.equal(p99.status, 'fail');
    assert.equal(p99.evidence.samples, 50);
    assert.ok(p99.reason.kind === 'tooManyOver' && p99.reason.over === 50, JSON.stringify(p99.reason));
    assert.ok(Math.abs(p99.reason.allowed - 0.01) < 1e-9, `${p99.reason.allowed}`);
    assert.ok((p99.reason.share.low ?? 0) > 0.9, `${p99.reason.share.low}`);
  });

  it('leaves a quantile open that was not seen, even with one sample over the limit', () => {
    const { findings } = judged(
      few.map((sample, index) => (index === 7 ? { ...sample, responseMs: 150 } : sample)),
      budgets(budget('p99', 100)),
    );
    const p99 = on('p99', findings);
    assert.equal(p99.status, 'inconclusive');
    assert.deepEqual(rounded(p99.reason), { kind: 'unseen', needed: 368, seconds: 10 });
  });

  it('counts clustered samples for what they are worth', () => {
    const slowFifth = (isSlow: (index: number) => boolean) =>
      on(
        'p90',
        judged(
          constantRate(20, 30, index => (isSlow(index) ? 60 : 5) + uniform(1, 1, index)),
          budgets(budget('p90', 100)),
          { stagesMs: [30_000] },
        ).findings,
      );
    const spread = slowFifth(index => index % 5 === 0);
    const clustered = slowFifth(index => Math.floor(index / 20) % 5 === 0);
    assert.equal(spread.status, 'pass');
    assert.ok(spread.evidence.designEffect < 2, `designEffect ${spread.evidence.designEffect}`);
    assert.equal(spread.evidence.samples, 600);
    assert.ok(clustered.evidence.designEffect > 5, `designEffect ${clustered.evidence.designEffect}`);
    assert.ok(
      clustered.evidence.effectiveSamples < 120,
      `effectiveSamples ${clustered.evidence.effectiveSamples}`,
    );
    assert.equal(clustered.evidence.samples, 600);
  });

  const bursts = constantRate(
    20,
    30,
    (index, dueMs) => (dueMs >= 8_000 && dueMs < 9_000 ? 60 : 5) + uniform(1, 1, index),
  );

  it('may come of clusters alone', () => {
    const p95 = on('p95', judged(bursts, budgets(budget('p95', 50)), { stagesMs: [30_000] }).findings);
    assert.equal(p95.status, 'inconclusive');
    assert.deepEqual(rounded(p95.reason), { kind: 'tooFewSamples', needed: 72, seconds: 30 });
    assert.ok(isClustered(p95.evidence), `${p95.evidence.designEffect}`);
  });

  it('does not come of clusters that stay far under the limit', () => {
    const p95 = on('p95', judged(bursts, budgets(budget('p95', 1_000)), { stagesMs: [30_000] }).findings);
    assert.deepEqual([p95.status, p95.firm], ['pass', false]);
    assert.equal(p95.interval?.high, null);
    assert.deepEqual(p95.reason, { kind: 'withinLimit' });
    assert.ok(isClustered(p95.evidence), `${p95.evidence.designEffect}`);
  });

  it('shows fewer samples than a perfect run would need, wherever it leaves a budget open', () => {
    for (const limitMs of [5.99, 20, 50, 60, 1_000]) {
      for (const seconds of [1, 3, 10, 30]) {
        const samples = bursts.filter(({ dueMs }) => dueMs < seconds * 1_000);
        const { findings } = judged(samples, budgets(budget('p95', limitMs)), {
          stagesMs: [seconds * 1_000],
        });
        const { status, firm, interval, evidence } = on('p95', findings);
        const told = JSON.stringify({ limitMs, seconds, status, firm, interval, evidence });
        if (status === 'inconclusive') assert.ok(evidence.effectiveSamples < 72, told);
        if (typeof interval?.high === 'number' && interval.high <= limitMs)
          assert.deepEqual([status, firm], ['pass', true], told);
      }
    }
  });

  it('is one sample, of which nothing can be said', () => {
    const { findings } = judged([{ dueMs: 0, responseMs: 2 }], budgets(budget('p50', 100)), {
      stagesMs: [2_000],
    });
    const { reason, evidence } = on('errorRate', findings);
    assert.equal(evidence.samples, 1);
    assert.deepEqual(rounded(reason), { kind: 'tooFewSamples', needed: 368, seconds: 2 });
  });
});

describe('no data', () => {
  it('is invalid, never green: a budget on an endpoint that nothing was due for', () => {
    const { verdict, findings } = judged(
      independent(1),
      budgets(budget('p95', 100), budget('p99', 100, { scope: { kind: 'endpoint', endpoint: 'GET /rare' } })),
      { endpoints: [onlyEndpoint, 'GET /rare'] },
    );
    assert.equal(verdict, 'invalid');
    const p99 = on('p99', findings);
    assert.equal(p99.status, 'invalid');
    assert.equal(p99.observed, null);
    assert.deepEqual(p99.reason, { kind: 'noneDue' });
  });

  it('is invalid for a stage that an interrupt kept from starting', () => {
    const { verdict, notes } = judged(
      independent(1),
      budgets(budget('p95', 100), budget('p95', 100, { scope: { kind: 'stage', stage: 2 } })),
      { stagesMs: [10_000, 0], completion: { state: 'interrupted', signal: 'SIGINT' } },
    );
    assert.equal(verdict, 'invalid');
    assert.deepEqual(notes[0], { kind: 'interrupted', signal: 'SIGINT', measuredMs: 10_000 });
  });
});

describe('an interrupted run', () => {
  it('is judged on what there is, and noted as partial', () => {
    const samples = independent(1).map((sample, index) =>
      index >= 1_997 ? ({ ...sample, responseMs: 4, outcome: 'unfinished' } as const) : sample,
    );
    const { verdict, findings, notes } = judged(samples, budgets(budget('p95', 100), budget('p50', 60)), {
      completion: { state: 'interrupted', signal: 'SIGINT' },
    });
    assert.equal(verdict, 'pass');
    assert.equal(on('p95', findings).observed?.atLeast, false);
    assert.deepEqual(notes[0], { kind: 'interrupted', signal: 'SIGINT', measuredMs: 10_000 });
  });

  it('leaves open what its unfinished requests hide', () => {
    const samples = independent(1).map((sample, index) =>
      index >= 1_890 ? ({ ...sample, responseMs: 4, outcome: 'unfinished' } as const) : sample,
    );
    const { findings } = judged(samples, budgets(budget('p95', 100), budget('max', 100)), {
      completion: { state: 'interrupted', signal: 'SIGTERM' },
    });
    assert.equal(on('p95', findings).status, 'inconclusive');
    assert.deepEqual(on('p95', findings).reason, {
      kind: 'mayBeMore',
      ends: { failed: {}, unfinished: 110 },
    });
    assert.equal(on('max', findings).status, 'inconclusive');
  });
});

describe('a waiver', () => {
  const waiver = (until: string) => ({ until, reason: 'the index lands next week' });

  it('turns a fail into a warning until its day is over, and names the reason', () => {
    const { verdict, findings } = judged(
      independent(1),
      budgets(budget('p95', 70, { waiver: waiver(today) })),
    );
    assert.equal(verdict, 'warn');
    assert.deepEqual(on('p95', findings).reason, {
      kind: 'waived',
      waiver: waiver(today),
      failed: { kind: 'overLimit', ends: null },
    });
  });

  it('is over the day after, and the finding says so', () => {
    const { verdict, findings } = judged(
      independent(1),
      budgets(budget('p95', 70, { waiver: waiver('2026-11-20') })),
    );
    assert.equal(verdict, 'fail');
    assert.deepEqual(on('p95', findings).reason, {
      kind: 'waiverExpired',
      waiver: waiver('2026-11-20'),
      failed: { kind: 'overLimit', ends: null },
    });
  });

  it('changes nothing about a pass', () => {
    const { findings } = judged(
      independent(1),
      budgets(budget('p95', 100, { waiver: waiver('2026-01-01') })),
    );
    assert.equal(on('p95', findings).status, 'pass');
    assert.deepEqual(on('p95', findings).reason, { kind: 'withinLimit' });
  });
});

describe('a run that did less than it was asked', () => {
  const limits = budgets(budget('p95', 100));
  const counted = { model: 'closed', offered: 5_000, delivered: 2_004, cut: 4 } as const;

  it('warns where not all journeys were made in the time that they had', () => {
    const { verdict, undone } = judged(independent(1), limits, { load: counted });
    assert.equal(verdict, 'warn');
    assert.deepEqual(undone, [{ kind: 'journeys', made: 2_000, asked: 5_000, maxDurationMs: 10_000 }]);
  });

  it('warns where users never started', () => {
    const users = { asked: 50, started: 47 };
    const { verdict, undone } = judged(independent(1), limits, {
      load: { model: 'closed', offered: null, users },
    });
    assert.equal(verdict, 'warn');
    assert.deepEqual(undone, [{ kind: 'users', ...users }]);
  });

  it('warns where an endpoint was never requested, unless a budget of its own says so', () => {
    const shape = { endpoints: [onlyEndpoint, 'GET /never'], load: { cut: 40 } };
    const { verdict, undone } = judged(independent(1), limits, shape);
    assert.equal(verdict, 'warn');
    assert.deepEqual(undone, [{ kind: 'endpoints', endpoints: ['GET /never'], cut: 40, abandoned: 0 }]);
    const own = budgets(budget('p95', 100, { scope: { kind: 'endpoint', endpoint: 'GET /never' } }));
    const invalid = judged(independent(1), own, shape);
    assert.deepEqual([invalid.verdict, invalid.undone], ['invalid', []]);
  });

  it('passes where the end of a timed load cut journeys, and where all were made', () => {
    const timed = judged(independent(1), limits, { load: { cut: 40 } });
    assert.deepEqual([timed.verdict, timed.undone], ['pass', []]);
    const whole = judged(independent(1), limits, { load: { ...counted, delivered: 5_000, cut: 0 } });
    assert.deepEqual([whole.verdict, whole.undone], ['pass', []]);
  });

  it('says nothing of it where it was interrupted, and fails where it broke a limit', () => {
    const cutShort = judged(independent(1), limits, {
      load: counted,
      completion: { state: 'interrupted', signal: 'SIGINT' },
    });
    assert.deepEqual(cutShort.undone, []);
    assert.equal(judged(independent(1), budgets(budget('p95', 50)), { load: counted }).verdict, 'fail');
  });
});

describe('what a judgement tells besides', () => {
  it('lists endpoints that no budget names', () => {
    const { unbudgeted } = judged(
      independent(1),
      budgets(
        budget('p95', 100),
        budget('p95', 100, { scope: { kind: 'endpoint', endpoint: onlyEndpoint } }),
      ),
      { endpoints: [onlyEndpoint, 'GET /users/:id'] },
    );
    assert.deepEqual(unbudgeted, ['GET /users/:id']);
  });

  it('notes an endpoint whose answers are nearly all redirects, unless the scenario expects just these', () => {
    const redirected = (statuses: { readonly [status: string]: number }, expected?: readonly number[]) => {
      const record = recordOf(independent(1));
      const endpoints = record.measurement.endpoints.map(endpoint => ({
        ...endpoint,
        ...(expected === undefined ? {} : { expected }),
        windows: endpoint.windows.map(window => ({ ...window, statuses })),
      }));
      const changed = { ...record, measurement: { ...record.measurement, endpoints } };
      return judgeRun(changed, budgets(budget('p95', 100)), today).notes;
    };
    const note = { kind: 'redirects', endpoint: onlyEndpoint, answers: 2_000 } as const;
    const all = [{ ...note, redirects: 2_000, statuses: [302] }];
    assert.deepEqual(redirected({ 302: 2_000 }), all);
    assert.deepEqual(redirected({ 302: 2_000 }, [200]), all);
    assert.deepEqual(redirected({ 302: 2_000 }, [200, 302]), []);
    assert.deepEqual(redirected({ 200: 200, 301: 1_000, 308: 800 }), [
      { ...note, redirects: 1_800, statuses: [301, 308] },
    ]);
    assert.deepEqual(redirected({ 200: 1_000, 302: 1_000 }), []);
    assert.deepEqual(redirected({ 304: 2_000 }), []);
  });

  it('notes errors of GraphQL in answers that count as ok', () => {
    const record = recordOf(independent(1));
    const counts = { endpoint: onlyEndpoint, seen: 200, withErrors: 3, message: 'no' };
    const changed = { ...record, measurement: { ...record.measurement, errorBodies: [counts] } };
    const { notes, verdict } = judgeRun(changed, budgets(budget('p95', 100)), today);
    assert.deepEqual([notes, verdict], [[{ kind: 'errorBodies', ...counts }], 'pass']);
  });

  it('notes a closed model, a shared machine and a full pool', () => {
    const limits = budgets(budget('p95', 100));
    const closed = judged(independent(1), limits, {
      load: { model: 'closed', offered: null },
      generator: { sharesMachine: true },
    });
    assert.deepEqual(closed.notes, [{ kind: 'closedModel' }, { kind: 'sharedMachine' }]);
    const pooled = judged(independent(1), limits, { connections: { queued: 40, max: 10 } });
    assert.deepEqual(pooled.notes, [{ kind: 'queued', requests: 40, connections: 10 }]);
  });

  it('notes a generator without time to spare, autocannon, and certificates that nobody verified', () => {
    const limits = budgets(budget('p95', 100));
    const busy = judged(independent(1), limits, { generator: { busy: 0.94 } });
    assert.deepEqual(busy.notes, [{ kind: 'busyWorker', busy: 0.94, model: 'open', engine: 'http' }]);
    assert.deepEqual(judged(independent(1), limits, { generator: { busy: 0.9 } }).notes, []);
    assert.deepEqual(judged(independent(1), limits, { generator: { busy: null } }).notes, []);
    const late = judged(independent(1), limits, {
      generator: { busy: 0.94 },
      lagMs: independent(1).map(() => 200),
    });
    assert.ok(!late.notes.some(({ kind }) => kind === 'busyWorker'), 'the reason names it already');
    const other = judged(independent(1), limits, {
      generator: { engine: 'autocannon', busy: 0.94 },
      connections: { insecure: true },
    });
    assert.deepEqual(other.notes, [
      { kind: 'busyWorker', busy: 0.94, model: 'open', engine: 'autocannon' },
      { kind: 'autocannon' },
      { kind: 'unverifiedCertificates' },
    ]);
  });

  it('tells of budgets for scenarios that nobody knows', () => {
    const { notes, verdict } = judged(independent(2), {
      ...budgets(budget('p95', 100)),
      unused: ['itens', 'signup'],
    });
    assert.equal(verdict, 'pass');
    assert.deepEqual(notes, [
      { kind: 'unusedBudgets', file: 'budgets.json', scenarios: ['itens', 'signup'] },
    ]);
  });

  it('leaves record and budgets as they were', () => {
    const record = recordOf(independent(1));
    const limits = budgets(budget('p95', 100));
    const before = structuredClone({ record, limits });
    const first = judgeRun(record, limits, today);
    assert.deepEqual({ record, limits }, before);
    assert.deepEqual(judgeRun(record, limits, today), first);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeComparison, judgeRun } from '../../../src/judge/judge.ts';
import { regressionsIn } from '../../../src/model/judgement/regression.ts';
import { budget, budgets } from './budgets.ts';
import { compared, findingOf, headed, runOf } from './earlier-runs.ts';

const today = '2026-11-21';
const base = runOf({ medianMs: 20, seed: 1 });
const bar = { tolerance: 0.25, floorMs: 2 };
const slower = (factor: number, seed = 2) => runOf({ medianMs: 20 * factor, seed });
const statuses = (comparison: ReturnType<typeof compared>) =>
  Object.fromEntries(regressionsIn(comparison).map(({ metric, status }) => [metric.name, status]));

describe('a run against one stored run of the same machine', () => {
  it('fails where it is slower by more than a quarter and 2 ms, for certain', () => {
    const comparison = compared(slower(1.5), [base]);
    assert.deepEqual(statuses(comparison), { p50: 'fail', p95: 'fail', p99: 'fail', errorRate: 'pass' });
    const { baseline, observed, change, evidence, firm, basis, reason } = findingOf(comparison, 'p50');
    assert.ok(baseline && observed && change?.interval, JSON.stringify({ baseline, observed, change }));
    assert.equal(change.value, observed.value / baseline.value - 1);
    const { low, high } = change.interval;
    assert.ok(
      low !== null && high !== null && low < change.value && change.value < high,
      `low ${low}, high ${high}, change.value ${change.value}`,
    );
    assert.ok(low > 0.25, `low ${low}`);
    assert.deepEqual(evidence, { kind: 'withinRuns', bar: 0.25, others: 0, asSlow: 0 });
    assert.ok(firm, 'it is not firm');
    assert.equal(basis.kind, 'fewRuns');
    assert.equal(basis.why.kind, 'latest');
    assert.deepEqual(reason, { kind: 'pastBar', bar, doubts: [] });
  });
  it('passes within the bar, above all where it is faster', () => {
    assert.deepEqual(statuses(compared(slower(1.1), [base])), {
      p50: 'pass',
      p95: 'pass',
      p99: 'pass',
      errorRate: 'pass',
    });
    const faster = findingOf(compared(slower(0.5), [base]), 'p95');
    assert.equal(faster.status, 'pass');
    assert.ok(faster.firm, 'it is not firm');
    assert.ok((faster.change?.value ?? 0) < -0.4, `${faster.change?.value}`);
    assert.deepEqual(faster.reason, { kind: 'withinBar', bar });
  });
  it('passes where it is half as slow again, but by less than 2 ms', () => {
    const comparison = compared(runOf({ medianMs: 3, seed: 2 }), [runOf({ medianMs: 2, seed: 1 })]);
    assert.equal(findingOf(comparison, 'p50').status, 'pass');
    assert.deepEqual(findingOf(comparison, 'p50').reason, { kind: 'withinBar', bar });
  });
  it('warns past the bar where the interval is not clear of it', () => {
    const thin = { perSecond: 10, spread: 0.9 };
    const comparison = compared(runOf({ medianMs: 30, seed: 4, ...thin }), [
      runOf({ medianMs: 20, seed: 3, ...thin }),
    ]);
    const { status, firm, reason } = findingOf(comparison, 'p50');
    assert.equal(status, 'warn');
    assert.ok(!firm, 'it is firm');
    assert.deepEqual(reason, { kind: 'pastBar', bar, doubts: [{ kind: 'notClear' }] });
  });
  it('says that this is weak evidence and what would be stronger', () => {
    const comparison = compared(slower(1), [base]);
    assert.ok(comparison.state === 'compared', `state ${comparison.state}`);
    const fewest = { ofTimes: 4, ofShares: 8 };
    assert.deepEqual(comparison.notes, [
      { kind: 'fewRuns', runs: 1, bar, fewest: 8 },
      { kind: 'rateUnknown', runs: 1, spread: 'unknown', fewest },
    ]);
  });
  it('points to a duet where the scenario has a file, and an engine that takes turns', () => {
    const filed = headed(base, { file: 'scenarios/a.yaml' });
    const run = headed(slower(1), { file: 'scenarios/a.yaml' });
    const { measurement } = run;
    const generator = { ...measurement.generator, engine: 'autocannon' as const };
    const driven = { ...run, measurement: { ...measurement, generator } };
    for (const [of, points] of [
      [run, true],
      [driven, false],
    ] as const) {
      const comparison = compared(of, [filed]);
      assert.ok(comparison.state === 'compared', `state ${comparison.state}`);
      assert.equal(
        comparison.notes.some(({ kind }) => kind === 'duetTells'),
        points,
      );
    }
  });
  it('comes to the same whenever it is judged', () => {
    assert.deepEqual(compared(slower(1.5), [base]), compared(slower(1.5), [base]));
  });
});

describe('a run against several stored runs', () => {
  it('only warns where another of them was as slow', () => {
    const slowOnce = headed(slower(1.4, 7), { id: 'slow' });
    const { status, reason, evidence } = findingOf(compared(slower(1.5), [base, slowOnce]), 'p95');
    assert.equal(status, 'warn');
    assert.deepEqual(evidence, { kind: 'withinRuns', bar: 0.25, others: 1, asSlow: 1 });
    const doubts = [{ kind: 'othersAlike', count: 1, of: 1 }];
    assert.deepEqual(reason, { kind: 'pastBar', bar, doubts });
  });
  it('fails where none of them came near', () => {
    const others = [3, 4, 5].map(seed => slower(1.02, seed));
    assert.equal(findingOf(compared(slower(1.5), [base, ...others]), 'p95').status, 'fail');
  });
});

describe('what is known of how far runs of the same code differ', () => {
  const doubtsOf = (comparison: ReturnType<typeof compared>) => {
    const { reason } = findingOf(comparison, 'p50');
    return reason.kind === 'pastBar' ? reason.doubts : [];
  };
  const spreadNote = (comparison: ReturnType<typeof compared>) =>
    comparison.state === 'compared' && comparison.notes.find(({ kind }) => kind === 'rateUnknown');

  it('keeps a run from failing where calibrated starts differ by as much', () => {
    const startSpread = { value: 0.2, upper: 0.25, starts: 20 };
    const comparison = compared(slower(1.5), [base], { startSpread });
    assert.equal(findingOf(comparison, 'p50').status, 'warn');
    const [doubt] = doubtsOf(comparison);
    assert.ok(doubt?.kind === 'differ' && doubt.of === 'starts' && doubt.count === 20, JSON.stringify(doubt));
    assert.ok(doubt.bound > 30 && doubt.bound < 45, `20 ms, and 2.8 times 0.25 more: ${doubt.bound}`);
    assert.equal(findingOf(compared(slower(3), [base], { startSpread }), 'p50').status, 'fail');
    const note = spreadNote(comparison);
    assert.ok(note && note.kind === 'rateUnknown' && note.spread === 'starts', JSON.stringify(note));
  });
  it('leaves the bar as it is where starts hardly differ', () => {
    const startSpread = { value: 0.02, upper: 0.03, starts: 20 };
    assert.equal(findingOf(compared(slower(1.5), [base], { startSpread }), 'p50').status, 'fail');
  });
  it('keeps it from failing where four stored runs differ by as much, and three say too little', () => {
    const levels = [0.75, 1.1, 0.8, 1.05].map((factor, index) => slower(factor, 30 + index));
    const comparison = compared(slower(1.5), levels);
    assert.equal(findingOf(comparison, 'p50').status, 'warn');
    const [doubt] = doubtsOf(comparison);
    assert.ok(doubt?.kind === 'differ' && doubt.of === 'runs' && doubt.count === 4, JSON.stringify(doubt));
    assert.equal(findingOf(compared(slower(1.5), levels.slice(0, 3)), 'p50').status, 'fail');
    const note = spreadNote(comparison);
    assert.ok(note && note.kind === 'rateUnknown' && note.spread === 'runs', JSON.stringify(note));
  });
});

describe('a run against a run of another machine', () => {
  const elsewhere = headed(base, {}, { cpu: 'other', cores: 8 });
  it('warns at most, and says how the machines differ', () => {
    const comparison = compared(slower(2), [elsewhere]);
    assert.deepEqual(statuses(comparison), { p50: 'warn', p95: 'warn', p99: 'warn', errorRate: 'pass' });
    assert.deepEqual(findingOf(comparison, 'p95').reason, {
      kind: 'pastBar',
      bar,
      doubts: [{ kind: 'unlike' }],
    });
    assert.ok(comparison.state === 'compared', `state ${comparison.state}`);
    const machine = [
      { part: 'cpu', baseline: 'other', run: 'test' },
      { part: 'cores', baseline: '8', run: '2' },
    ];
    assert.deepEqual(comparison.notes, [
      { kind: 'unlike', mismatch: { workload: false, machine }, bar },
      { kind: 'moreRunsTell', fewest: 8 },
    ]);
  });
  it('uses an earlier run of its own machine instead where there is one', () => {
    const own = headed(base, { id: 'own' });
    const comparison = compared(slower(2), [elsewhere, own]);
    assert.ok(comparison.state === 'compared' && comparison.basis.kind === 'fewRuns', comparison.state);
    assert.equal(comparison.basis.reference.entry.header.id, 'own');
    assert.equal(findingOf(comparison, 'p95').status, 'fail');
  });
});

describe('runs of different endpoints', () => {
  const [only] = base.measurement.endpoints;
  assert.ok(only, 'there is none');
  const withEndpoints = (...names: readonly string[]) => ({
    ...base,
    measurement: { ...base.measurement, endpoints: names.map(name => ({ ...only, name })) },
  });
  it('are compared by those that both have, and the others are named', () => {
    const later = headed(withEndpoints('GET /a', 'GET /new', 'PUT /new'), { id: 'later' });
    const comparison = compared(later, [withEndpoints('GET /a', 'GET /old')]);
    assert.ok(comparison.state === 'compared', `state ${comparison.state}`);
    assert.deepEqual(comparison.notes.slice(0, 2), [
      { kind: 'onlyIn', which: 'run', endpoints: ['GET /new', 'PUT /new'] },
      { kind: 'onlyIn', which: 'baseline', endpoints: ['GET /old'] },
    ]);
    assert.equal(statuses(comparison).errorRate, 'pass');
  });
  it('are not compared where they have none in common', () => {
    const later = headed(withEndpoints('GET /new'), { id: 'later' });
    const comparison = compared(later, [withEndpoints('GET /old')]);
    assert.ok(
      comparison.state === 'refused' && comparison.reason.kind === 'nothingInCommon',
      'reason' in comparison ? comparison.reason.kind : comparison.state,
    );
    assert.notEqual(judgeComparison(later, budgets(), comparison).verdict, 'pass');
  });
});

describe('a run of another version of the scenario', () => {
  const changed = headed(base, { digest: 'e'.repeat(64) });
  it('is not compared, and the reason is said', () => {
    const comparison = compared(slower(2), [changed], { named: true });
    assert.ok(comparison.state === 'refused', `state ${comparison.state}`);
    assert.deepEqual(comparison.reason, {
      kind: 'otherWorkload',
      baseline: 'e'.repeat(64),
      run: base.header.digest,
    });
  });
  it('is compared for warnings where that is asked for', () => {
    const comparison = compared(slower(2), [changed], { named: true, otherWorkload: 'weak' });
    assert.equal(findingOf(comparison, 'p95').status, 'warn');
  });
});

describe('what cannot be compared', () => {
  const partial = runOf(
    { medianMs: 20, seed: 5 },
    { completion: { state: 'interrupted', signal: 'SIGINT' } },
  );
  it('is a run that did not complete, on either side', () => {
    const ours = compared(partial, [base]);
    assert.ok(ours.state === 'refused', `state ${ours.state}`);
    assert.deepEqual(ours.reason, { kind: 'incomplete', which: 'run' });
    const theirs = compared(slower(1), [partial], { named: true });
    assert.ok(theirs.state === 'refused', `state ${theirs.state}`);
    assert.deepEqual(theirs.reason, { kind: 'incomplete', which: 'baseline' });
  });
  it('is a baseline that is no measurement', () => {
    const lagging = runOf({ medianMs: 20, seed: 6 }, { lagMs: new Array<number>(1_000).fill(150) });
    const comparison = compared(slower(1), [lagging]);
    assert.ok(
      comparison.state === 'refused' && comparison.reason.kind === 'noMeasurement',
      'reason' in comparison ? comparison.reason.kind : comparison.state,
    );
    assert.ok(comparison.reason.of === 'baseline', comparison.reason.of);
    assert.deepEqual(
      comparison.reason.reasons.map(({ kind }) => kind),
      ['sentLate'],
    );
  });
  it('is a run that is no measurement: it is invalid, never slow', () => {
    const lagging = headed(
      runOf({ medianMs: 40, seed: 6 }, { lagMs: new Array<number>(1_000).fill(150) }),
      {},
    );
    const { verdict, comparison } = judgeRun(lagging, budgets(), today, compared(lagging, [base]));
    assert.equal(verdict, 'invalid');
    assert.deepEqual(regressionsIn(comparison), []);
  });
  it('is nothing where there is no earlier run', () => {
    const comparison = compared(base, []);
    assert.equal(comparison.state, 'none');
    assert.equal(judgeRun(base, budgets(), today, comparison).verdict, 'pass');
  });
});

describe('thin data', () => {
  const few = (seed: number, medianMs = 20) => runOf({ medianMs, seed, perSecond: 4 });
  it('is inconclusive with what is missing, however slow it looks', () => {
    const { status, reason, evidence } = findingOf(compared(few(2, 200), [few(1)]), 'p95');
    assert.equal(status, 'inconclusive');
    assert.deepEqual(evidence, { kind: 'thin' });
    assert.deepEqual(reason, {
      kind: 'tooFewSamples',
      which: 'baseline',
      samples: 80,
      needed: 100,
      seconds: 20,
    });
  });
  it('leaves p99 out unless a budget asks for it, and then says what is missing', () => {
    const metrics = regressionsIn(compared(few(2), [few(1)])).map(({ metric }) => metric.name);
    assert.deepEqual(metrics, ['p50', 'p95', 'errorRate']);
    const asked = compared(few(2), [few(1)], { budgets: budgets(budget('p99', 900)) });
    assert.equal(findingOf(asked, 'p99').status, 'inconclusive');
    assert.ok(findingOf(asked, 'p99').required, 'p99 is not required though a budget asks for it');
  });
  it('of too few slices for an interval is inconclusive', () => {
    const short = (seed: number) => runOf({ medianMs: 20, seed, perSecond: 500, seconds: 2 }, { blocks: 4 });
    assert.deepEqual(findingOf(compared(short(2), [short(1)]), 'p50').reason, { kind: 'tooShort' });
  });
  it('makes the run inconclusive, except where the metric is optional', () => {
    const slowAtTimes = runOf({ medianMs: 20, seed: 10, tail: { share: 0.03, factor: 450 } });
    const hanging = runOf({
      ...{ medianMs: 20, seed: 9 },
      outcome: index => (index % 50 === 7 ? 'timeout' : undefined),
    });
    const comparison = compared(hanging, [slowAtTimes]);
    const p99 = findingOf(comparison, 'p99');
    assert.equal(p99.status, 'inconclusive');
    assert.ok(!p99.required, 'p99 is required');
    assert.equal(findingOf(comparison, 'p50').status, 'pass');
    assert.equal(judgeRun(slower(1), budgets(), today, compared(few(2), [few(1)])).verdict, 'inconclusive');
  });
  it('is a quantile among timeouts: a baseline that is not known, or a run that may be any slower', () => {
    const hanging = (seed: number) =>
      runOf({
        medianMs: 20,
        seed,
        seconds: 20,
        outcome: index => (index % 10 === 0 ? 'timeout' : undefined),
      });
    const unknown = findingOf(compared(slower(1), [hanging(8)]), 'p95');
    assert.equal(unknown.status, 'inconclusive');
    assert.deepEqual(unknown.reason, { kind: 'baselineUnknown' });
    const hung = findingOf(compared(hanging(9), [base]), 'p95');
    assert.equal(hung.status, 'fail');
    assert.ok(hung.observed?.atLeast, `${hung.observed?.value} is no lower bound`);
    assert.equal(hung.change?.interval?.high, null);
    assert.ok(hung.confounded, 'it is not marked as confounded');
  });
});

describe('error rates', () => {
  const failing = (share: number, seed: number) =>
    runOf({
      medianMs: 20,
      seed,
      outcome: index => (index % Math.round(1 / share) === 3 ? 'status' : undefined),
    });
  it('fail where they rise beyond chance, with the interval of their difference', () => {
    const { status, change, baseline, observed, evidence, reason } = findingOf(
      compared(failing(0.04, 2), [base]),
      'errorRate',
    );
    assert.equal(status, 'fail');
    assert.deepEqual([baseline?.value, observed?.value], [0, 0.04]);
    assert.ok(change?.kind === 'difference' && change.value === 0.04, JSON.stringify(change));
    assert.ok(
      (change.interval?.low ?? 0) > 0.02 && (change.interval?.high ?? 0) < 0.06,
      `interval.low ${change.interval?.low}, interval.high ${change.interval?.high}`,
    );
    assert.ok(evidence.kind === 'shares' && evidence.more === 40, JSON.stringify(evidence));
    assert.deepEqual(reason, { kind: 'worseShare', more: 40, doubts: [] });
  });
  it('pass where there are hardly more, or fewer', () => {
    assert.equal(findingOf(compared(failing(0.004, 2), [base]), 'errorRate').status, 'pass');
    assert.equal(findingOf(compared(slower(1), [failing(0.04, 3)]), 'errorRate').status, 'pass');
  });
  it('are open where the errors came all at once', () => {
    const burst = runOf({
      medianMs: 20,
      seed: 2,
      outcome: index => (index >= 500 && index < 540 ? 'status' : undefined),
    });
    const { status, reason } = findingOf(compared(burst, [base]), 'errorRate');
    assert.equal(status, 'inconclusive');
    assert.deepEqual(reason, { kind: 'mayBeChance', why: 'together' });
  });
  it('are open where so few failed that it may be chance, and did not fail together', () => {
    const run = (seed: number, share: number) =>
      runOf({
        ...{ medianMs: 20, seed, perSecond: 20 },
        outcome: index => (share > 0 && index % Math.round(1 / share) === 7 ? 'status' : undefined),
      });
    const { status, reason } = findingOf(compared(run(2, 1 / 66), [run(1, 0)]), 'errorRate');
    assert.equal(status, 'inconclusive');
    assert.deepEqual(reason, { kind: 'mayBeChance', why: 'few' });
  });
  it('are open of so few requests that a point more could go unseen', () => {
    const few = (seed: number) => runOf({ medianMs: 20, seed, perSecond: 10 });
    const { status, reason } = findingOf(compared(few(2), [few(1)]), 'errorRate');
    assert.equal(status, 'inconclusive');
    const few200 = { which: 'run', requests: 200, needed: 381, change: 0.01, seconds: 20 };
    assert.deepEqual(reason, { kind: 'tooFewRequests', ...few200 });
  });
  it('only warn where another stored run had as many, or the baseline is of another machine', () => {
    const asBad = headed(failing(0.04, 3), { id: 'bad' });
    const again = findingOf(compared(failing(0.04, 2), [base, asBad]), 'errorRate');
    assert.equal(again.status, 'warn');
    const doubts = [{ kind: 'othersAlike', count: 1, of: 1 }];
    assert.deepEqual(again.reason, { kind: 'worseShare', more: 40, doubts });
    const elsewhere = headed(base, {}, { cpu: 'other' });
    assert.equal(findingOf(compared(failing(0.04, 2), [elsewhere]), 'errorRate').status, 'warn');
  });
  it('of eight stored runs that differ among themselves take more to fail than those of steady ones', () => {
    const tally = (shares: readonly number[], share: number) => {
      const earlier = shares.map((each, index) => headed(failing(each, 40 + index), { id: `e${index}` }));
      return findingOf(compared(failing(share, 60), earlier), 'errorRate');
    };
    const steady = tally(new Array<number>(8).fill(0.01), 0.04);
    assert.equal(steady.status, 'fail');
    assert.ok(Math.abs((steady.baseline?.value ?? 0) - 0.01) < 0.001, `${steady.baseline?.value}`);
    const uneven = tally([0.01, 0.002, 0.03, 0.002, 0.03, 0.002, 0.025, 0.002], 0.04);
    assert.equal(uneven.status, 'inconclusive');
    assert.deepEqual(uneven.reason, { kind: 'mayBeChance', why: 'runsDiffer' });
    assert.ok((uneven.baseline?.value ?? 0) > 0.01, 'all eight are the baseline');
    assert.equal(tally(new Array<number>(8).fill(1e-9), 0.04).status, 'fail', 'where none ever failed');
  });
  it('that differ confound the times, whichever way', () => {
    for (const comparison of [compared(failing(0.04, 2), [base]), compared(base, [failing(0.04, 2)])]) {
      assert.ok(findingOf(comparison, 'p95').confounded, 'the times are of other requests');
    }
    assert.ok(!findingOf(compared(slower(1), [base]), 'p95').confounded, 'it is marked as confounded');
  });
});

describe('a run against eight or more stored runs', () => {
  const steady = Array.from({ length: 10 }, (_, index) =>
    runOf({ medianMs: 20, seed: 20 + index, perSecond: 100 }),
  );
  const now = (factor: number) => runOf({ medianMs: 20 * factor, seed: 90, perSecond: 100 });
  it('fails past what their spread predicts, at a change that one stored run could not tell', () => {
    const comparison = compared(now(1.2), steady);
    const { status, evidence, basis, change, reason } = findingOf(comparison, 'p50');
    assert.equal(status, 'fail');
    assert.equal(basis.kind, 'manyRuns');
    assert.ok(evidence.kind === 'prediction' && evidence.runs === 10, JSON.stringify(evidence));
    assert.ok(evidence.detectable > 0 && evidence.detectable < 0.1, `detectable ${evidence.detectable}`);
    assert.ok((change?.interval?.low ?? 0) > 0, `interval.low ${change?.interval?.low}`);
    const { kind: _kind, ...prediction } = evidence;
    assert.deepEqual(reason, { kind: 'pastPrediction', prediction });
    assert.equal(Math.round(1 / prediction.chance), 400);
  });
  it('passes the same code, and prints the change that it would have seen', () => {
    const comparison = compared(now(1), steady);
    assert.equal(findingOf(comparison, 'p50').status, 'pass');
    assert.equal(findingOf(comparison, 'p50').reason.kind, 'withinPrediction');
    assert.ok(comparison.state === 'compared', `state ${comparison.state}`);
    const [note] = comparison.notes;
    assert.ok(note?.kind === 'manyRuns', JSON.stringify(comparison.notes));
    assert.deepEqual([note.runs, note.power], [10, 0.8]);
    assert.ok(
      note.detectable.least > 0 && note.detectable.least <= note.detectable.most,
      'what would be seen',
    );
  });
  it('warns of a change that is sure, and surely tolerated', () => {
    const tolerated = { ...budgets(), regression: { ...budgets().regression, tolerance: 0.5 } };
    const { status, reason } = findingOf(compared(now(1.2), steady, { budgets: tolerated }), 'p50');
    assert.equal(status, 'warn');
    assert.ok(reason.kind === 'tolerated' && reason.tolerance === 0.5, JSON.stringify(reason));
  });
  const wild = Array.from({ length: 10 }, (_, index) =>
    runOf({ medianMs: 20 * (index % 2 === 0 ? 0.8 : 1.2), seed: 20 + index }),
  );
  it('passes by the bar of fewer runs, and not firmly, where they differ so much that it may be more', () => {
    const { status, firm, reason } = findingOf(compared(now(1.1), wild), 'p50');
    assert.equal(status, 'pass');
    assert.ok(!firm, 'it is firm');
    assert.ok(reason.kind === 'byFewerRuns', JSON.stringify(reason));
    assert.ok(reason.prediction.detectable > reason.tolerance, `${reason.prediction.detectable}`);
    assert.deepEqual(reason.bar, bar);
  });
  it('only warns past that bar, as they differ by as much, and fails past what they predict', () => {
    const { status, firm, reason } = findingOf(compared(now(1.4), wild), 'p50');
    assert.deepEqual([status, firm], ['warn', false]);
    assert.ok(reason.kind === 'pastBar', JSON.stringify(reason));
    const [doubt] = reason.doubts;
    assert.ok(doubt?.kind === 'differ' && doubt.of === 'runs' && doubt.count === 10, JSON.stringify(doubt));
    assert.equal(findingOf(compared(now(9), wild), 'p50').status, 'fail');
    assert.equal(findingOf(compared(now(0.1), wild), 'p50').status, 'pass', 'but faster is faster');
  });
});

describe('a run whose requests went out late', () => {
  /** A third of the requests, 15 ms late: past the bar of p95, not of p50. */
  const aThird = (index: number) => (index % 3 === 0 ? 15 : 0);

  it('has regressed where it is slower without the delay as well', () => {
    const late = runOf({ medianMs: 30, seed: 2, lateMs: aThird });
    const { status, firm, reason } = findingOf(compared(late, [base]), 'p95');
    assert.deepEqual([status, firm], ['fail', true]);
    assert.deepEqual(reason, { kind: 'pastBar', bar, doubts: [] });
  });
  it('is invalid, in that finding alone, where it is not', () => {
    const late = runOf({ medianMs: 20, seed: 2, lateMs: aThird });
    const comparison = compared(late, [base]);
    assert.deepEqual(statuses(comparison), {
      p50: 'pass',
      p95: 'invalid',
      p99: 'warn',
      errorRate: 'pass',
    });
    const { firm, observed, reason } = findingOf(comparison, 'p95');
    assert.ok(!firm, 'it is firm');
    assert.ok(reason.kind === 'brokenByLateness', JSON.stringify(reason));
    assert.deepEqual(reason.broken, { kind: 'pastBar', bar, doubts: [] });
    assert.equal(reason.late, 334);
    const onTime = findingOf(compared(runOf({ medianMs: 20, seed: 2 }), [base]), 'p95').observed;
    assert.ok(onTime && Math.abs(reason.onTime.value / onTime.value - 1) < 0.01, `${reason.onTime.value}`);
    assert.ok(observed && observed.value > onTime.value + 2, 'what was measured is shown');
    assert.equal(judgeRun(late, budgets(), today, comparison).verdict, 'invalid');
  });
  it('passes what holds with the delay', () => {
    const late = runOf({ medianMs: 20, seed: 2, lateMs: index => (index % 3 === 0 ? 2 : 0) });
    assert.deepEqual(statuses(compared(late, [base])), {
      p50: 'pass',
      p95: 'pass',
      p99: 'pass',
      errorRate: 'pass',
    });
  });
  it('only warns, and says why, where nothing could have failed', () => {
    const late = headed(runOf({ medianMs: 20, seed: 2, lateMs: aThird }), {}, { cores: 8 });
    const { status, reason } = findingOf(compared(late, [base]), 'p95');
    assert.equal(status, 'warn');
    assert.ok(reason.kind === 'brokenByLateness', JSON.stringify(reason));
    assert.deepEqual(reason.broken, { kind: 'pastBar', bar, doubts: [{ kind: 'unlike' }] });
  });
  it('is judged alike by many earlier runs', () => {
    const steady = Array.from({ length: 10 }, (_, index) =>
      runOf({ medianMs: 20, seed: 20 + index, perSecond: 100 }),
    );
    const now = (medianMs: number) => runOf({ medianMs, seed: 90, perSecond: 100, lateMs: aThird });
    const of = (medianMs: number) => findingOf(compared(now(medianMs), steady), 'p95');
    assert.equal(of(20).status, 'invalid');
    assert.ok(of(20).reason.kind === 'brokenByLateness', JSON.stringify(of(20).reason));
    assert.equal(of(30).reason.kind, 'pastPrediction');
    assert.equal(of(30).status, 'fail');
  });
});

describe('earlier runs whose requests went out late', () => {
  const always = () => 15;
  const lateBase = runOf({ medianMs: 20, seed: 1, lateMs: always });
  it('hide no regression, since their delays are taken off', () => {
    const comparison = compared(slower(1.5), [lateBase]);
    assert.deepEqual(statuses(comparison), { p50: 'fail', p95: 'fail', p99: 'fail', errorRate: 'pass' });
    const [onTime, late] = [[base], [lateBase]].map(runs => findingOf(compared(slower(1.5), runs), 'p50'));
    assert.ok(onTime?.baseline && late?.baseline && onTime.change && late.change, 'both have a change');
    assert.ok(Math.abs(late.baseline.value / onTime.baseline.value - 1) < 0.01, `${late.baseline.value}`);
    assert.ok(Math.abs(late.change.value - onTime.change.value) < 0.02, `${late.change.value}`);
    assert.ok(comparison.state === 'compared', `state ${comparison.state}`);
    assert.deepEqual(comparison.notes[0], {
      kind: 'sentLate',
      which: 'baseline',
      late: 1_000,
      requests: 1_000,
      effect: 'takenOff',
    });
  });
  it('hide none where there are many either', () => {
    const earlier = Array.from({ length: 10 }, (_, index) =>
      runOf({ medianMs: 20, seed: 20 + index, perSecond: 100, lateMs: always }),
    );
    const comparison = compared(runOf({ medianMs: 24, seed: 90, perSecond: 100 }), earlier);
    const { status, basis } = findingOf(comparison, 'p50');
    assert.deepEqual([basis.kind, status], ['manyRuns', 'fail']);
  });
  it('are taken as they are, with a note, where an older record does not say what the delay added', () => {
    const older = runOf({ medianMs: 20, seed: 1 }, { lagMs: Array.from({ length: 1_000 }, () => 15) });
    const comparison = compared(slower(1.1), [older]);
    assert.ok(comparison.state === 'compared', `state ${comparison.state}`);
    assert.deepEqual(comparison.notes[0], {
      kind: 'sentLate',
      which: 'baseline',
      late: 1_000,
      requests: 1_000,
      effect: 'unknown',
    });
  });
});

describe('the verdict', () => {
  it('is fail where the budgets hold and a regression is established', () => {
    const run = slower(1.5);
    const { verdict, findings } = judgeRun(run, budgets(), today, compared(run, [base]));
    assert.ok(
      findings.every(({ status }) => status === 'pass'),
      findings.map(({ status }) => status).join(),
    );
    assert.equal(verdict, 'fail');
  });
  it('of a comparison alone knows no budgets, and nothing to compare with is no pass', () => {
    const run = slower(1.01);
    const { verdict, findings } = judgeComparison(run, budgets(budget('p95', 1)), compared(run, [base]));
    assert.equal(verdict, 'pass');
    assert.deepEqual(findings, []);
    assert.equal(judgeComparison(run, budgets(), compared(run, [])).verdict, 'invalid');
  });
});

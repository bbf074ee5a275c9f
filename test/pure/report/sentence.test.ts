import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JudgedRun } from '../../../src/model/judgement/judged-run.ts';
import { spoken } from '../../../src/report/words/inline.ts';
import * as sentences from '../../../src/report/words/verdict/run-sentence.ts';
import * as scenarios from '../../../src/report/words/verdict/scenarios-sentence.ts';
import { exampleRuns, severalRuns } from '../../fixtures/example-runs.ts';
import { endpoint, judgedRun, total } from '../../fixtures/judged-run.ts';
import { exampleRecord } from '../../fixtures/record.ts';

const runSentence = (run: JudgedRun) => spoken(sentences.runSentence(run));
const verdictSentence = (runs: readonly JudgedRun[]) => spoken(scenarios.verdictSentence(runs));
const saidOf = (name: string) => verdictSentence(exampleRuns[name] ?? []);

describe('the verdict sentence', () => {
  test('of a pass says what held, for how many requests, at what rate', () => {
    assert.equal(
      saidOf('pass'),
      'PASS: browse-bills held all 5 budgets: 2,400 requests at 120/s, p95 16.4 ms, no errors.',
    );
  });
  test('of a fail names what was broken, by how much, and first what is farthest over', () => {
    assert.equal(
      saidOf('fail'),
      'FAIL: browse-bills broke 3 of 8 budgets: GET /api/bills p99 was ≥ 10 s, limit 250 ms; GET /api/bills p95 was 142 ms, ' +
        'limit 100 ms; total error rate was 1.38%, limit 1%.',
    );
  });
  test('names three findings and counts the others', () => {
    const limits = ['p50', 'p75', 'p90', 'p95', 'p99'].map(metric => [total, metric, 1] as const);
    assert.match(
      runSentence(judgedRun(exampleRecord(), limits)),
      /p95 was [^;]+; total p90 was [^;]+; and 2 more\.$/,
    );
  });
  test('of a floor says what was wanted', () => {
    const run = judgedRun(exampleRecord(), [[endpoint('GET /api/bills'), 'rps', 380]]);
    assert.equal(
      runSentence(run),
      'FAIL: browse-bills broke 1 of 1 budget: GET /api/bills rps was 60/s, at least 380/s wanted.',
    );
  });
  test('of a run that is not compared though it must be says why', () => {
    const choice = { kind: 'none', because: 'noneStored' } as const;
    const selection = { choice, mismatch: null, alike: [], passedOver: {}, skipped: [] };
    const missing = {
      verdict: 'fail',
      lacksBaseline: true,
      comparison: { state: 'none', selection },
    } as const;
    const run = judgedRun(exampleRecord(), [[total, 'p95', 100]], missing);
    assert.equal(
      runSentence(run),
      'FAIL: browse-bills held its 1 budget, and was not compared, which is required: none is stored.',
    );
    assert.equal(
      verdictSentence([run, run]),
      'FAIL: all 2 scenarios failed: browse-bills (not compared), browse-bills (not compared).',
    );
    const broken = judgedRun(exampleRecord(), [[total, 'p95', 1]], {
      ...missing,
      comparison: { state: 'none', selection: null },
    });
    assert.match(
      runSentence(broken),
      /limit 1 ms; was not compared, which is required: the command asks for no baseline\.$/,
    );
  });
  test('of a run that did less than it was asked says so first', () => {
    const undone = [
      { kind: 'journeys', made: 712, asked: 5_000, maxDurationMs: 4_000 },
      { kind: 'users', started: 47, asked: 50 },
      { kind: 'endpoints', endpoints: ['GET /a', 'GET /b'], cut: 1, abandoned: 2 },
    ] as const;
    const [first, ...others] = undone;
    const warns = { verdict: 'warn' } as const;
    assert.equal(
      runSentence(judgedRun(exampleRecord(), [[total, 'p95', 100]], { ...warns, undone: [first] })),
      'WARN: browse-bills held its limits, but 712 of 5,000 journeys were made because maxDuration ended first, after 4 s.',
    );
    assert.equal(
      runSentence(judgedRun(exampleRecord(), [], { ...warns, undone: others })),
      'WARN: browse-bills was held against no budget, but 3 of 50 users never started a journey before the load ended; ' +
        'GET /a, GET /b had no request: the end of the load cut 1 journey short, and 2 journeys ended early for want of a captured value.',
    );
    assert.equal(
      runSentence(
        judgedRun(exampleRecord(), [[total, 'p95', 100, { status: 'warn' }]], { ...warns, undone: [first] }),
      ),
      'WARN: browse-bills held its limits, but 712 of 5,000 journeys were made because maxDuration ended first, after 4 s; ' +
        'total p95 was 16.4 ms, limit 100 ms.',
    );
  });
  test('of an invalid run says why it is no measurement', () => {
    assert.equal(
      saidOf('invalid'),
      'INVALID: browse-bills is not a measurement: the target never answered: no byte of an answer came within 12 s (1,200 refused); check that it runs at http://127.0.0.1:4010.',
    );
  });
  test('of a budget without data says that nothing was measured', () => {
    const run = judgedRun(exampleRecord(), [[endpoint('GET /api/none'), 'p95', 380]]);
    assert.equal(
      runSentence(run),
      'INVALID: browse-bills is not a measurement: 1 of 1 budget has no data: GET /api/none p95 was not measured.',
    );
  });
  test('of an interrupted run says that it is partial', () => {
    assert.match(
      saidOf('partial'),
      /^PASS \(partial: interrupted by SIGINT after 7\.01 s\): browse-bills held /,
    );
  });
  test('of a run that its abortOn stopped says that it is partial and why, whatever its budgets say', () => {
    assert.match(
      saidOf('aborted'),
      /^FAIL \(partial: stopped after 12 s because 80\.3% of requests failed within 10 s \(abortOn\)\): browse-bills broke 2 of 2 budgets: /,
    );
    const loose = (exampleRuns.aborted ?? []).map(({ record }) =>
      judgedRun(record, [[total, 'errorRate', 0.9]], { verdict: 'fail' }),
    );
    assert.match(
      verdictSentence(loose),
      /\(abortOn\)\): browse-bills broke no budget until it was stopped: 1,200 requests at 22\.9\/s, /,
    );
    const both = [...loose, ...(exampleRuns.partial ?? [])];
    assert.match(
      verdictSentence(both),
      /^FAIL \(partial: 1 of 2 interrupted, 1 of 2 stopped by abortOn\): 1 of 2 scenarios failed: browse-bills \(stopped by abortOn\)\.$/,
    );
  });
  test('of an inconclusive run names what is open', () => {
    assert.match(
      saidOf('inconclusive'),
      /^INCONCLUSIVE: browse-bills gave too little evidence on 1 of 4 budgets: /,
    );
  });
  test('of a regression says what went from where to where, and that the budgets held', () => {
    assert.match(
      saidOf('regressed'),
      /^FAIL: browse-bills held all 5 budgets \(1 not firm\), and regressed in 5 of 11 comparisons: GET \/api\/bills\/:id error rate 0% → 2\.88% \(\+2\.9 pp\); .*; and 2 more\.$/,
    );
    const [regressed] = exampleRuns.regressed ?? [];
    const broken = judgedRun(
      exampleRecord(),
      [[total, 'p95', 1]],
      regressed && {
        comparison: regressed.judgement.comparison,
      },
    );
    assert.match(
      runSentence(broken),
      /^FAIL: browse-bills broke 1 of 1 budget: total p95 was [^;]*; and regressed in 5 of 11 comparisons: /,
    );
    assert.match(
      verdictSentence([broken, ...(exampleRuns.pass ?? [])]),
      /^FAIL: 1 of 2 scenarios broke a budget or regressed: /,
    );
    const [open] = exampleRuns.inconclusive ?? [];
    assert.match(
      runSentence(
        judgedRun(exampleRecord(), [], {
          ...regressed?.judgement,
          findings: open?.judgement.findings ?? [],
        }),
      ),
      /^FAIL: browse-bills broke none of 4 budgets, and regressed in 5 of 11 comparisons: /,
    );
  });
  test('of several scenarios names those that decide, and by what', () => {
    assert.equal(
      verdictSentence(severalRuns),
      'FAIL: 1 of 2 scenarios broke a budget: vote-night (GET /api/bills p99 was ≥ 10 s, limit 250 ms, and 2 more).',
    );
    const held = [...(exampleRuns.pass ?? []), ...(exampleRuns.pass ?? [])];
    assert.equal(
      verdictSentence(held),
      'PASS: all 2 scenarios held their budgets: browse-bills, browse-bills.',
    );
  });
  test('of several scenarios names what failed first, and then what is no measurement, whatever stands', () => {
    const [failed, invalid, passed] = ['fail', 'invalid', 'pass'].flatMap(one => exampleRuns[one] ?? []);
    assert.ok(failed && invalid && passed, 'there are examples of all three');
    const wasSilent = '1 is not a measurement: browse-bills (the target never answered).';
    assert.equal(
      verdictSentence([passed, invalid, failed]),
      'FAIL: 1 of 3 scenarios broke a budget: browse-bills (GET /api/bills p99 was ≥ 10 s, limit 250 ms, and 2 more); ' +
        wasSilent,
    );
    const notFirm = judgedRun(exampleRecord(), [[total, 'p50', 9, { firm: false }]]);
    assert.equal(
      verdictSentence([passed, invalid, notFirm]),
      `INVALID: 1 of 3 scenarios broke a budget: browse-bills (total p50 was 9.14 ms, limit 9 ms); ${wasSilent}`,
    );
    assert.equal(
      verdictSentence([passed, invalid]),
      'INVALID: 1 of 2 scenarios is not a measurement: browse-bills (the target never answered).',
    );
  });
  test('of a run that failed although it is no measurement says both, what failed first', () => {
    const validity = {
      state: 'invalid',
      reasons: [{ kind: 'sentLate', late: 120, requests: 400, byMs: 100, cause: { kind: 'unknown' } }],
    } as const;
    const run = judgedRun(exampleRecord(), [[total, 'errorRate', -1]], { validity });
    assert.match(
      runSentence(run),
      /^FAIL: browse-bills broke 1 of 1 budget: total error rate was 0%[^;]*; otherwise it is not a measurement: the generator was the bottleneck: 120 of 400 requests went out more than 100 ms late, /,
    );
  });
  test('of a budget that broke by lateness alone says so, after what broke without it', () => {
    const cause = { kind: 'unknown' } as const;
    const late = {
      status: 'invalid',
      firm: false,
      reason: { kind: 'brokenByLateness', late: 40, onTime: { value: 7, atLeast: false }, cause },
    } as const;
    const byLateness = [total, 'p50', 8, late] as const;
    assert.equal(
      runSentence(judgedRun(exampleRecord(), [byLateness])),
      'INVALID: browse-bills is not a measurement: 1 of 1 budget broke only because requests went out late: total p50 was 9.14 ms, limit 8 ms (7 ms on time).',
    );
    assert.equal(
      runSentence(judgedRun(exampleRecord(), [byLateness, [total, 'p95', 1]])),
      'FAIL: browse-bills broke 1 of 2 budgets: total p95 was 16.4 ms, limit 1 ms; 1 of 2 budgets broke only because requests went out late: total p50 was 9.14 ms, limit 8 ms (7 ms on time).',
    );
    assert.equal(
      runSentence(judgedRun(exampleRecord(), [byLateness, [total, 'p95', 16, { firm: false }]])),
      'INVALID: browse-bills broke 1 of 2 budgets, not firmly: total p95 was 16.4 ms, limit 16 ms; 1 of 2 budgets broke only because requests went out late: total p50 was 9.14 ms, limit 8 ms (7 ms on time).',
    );
  });
  test('shows no control character of a hostile name', () => {
    assert.match(
      saidOf('hostile'),
      /^FAIL: <\/details><img src=x onerror=alert\(1\)>\\n# heading @octocat broke/,
    );
  });
});

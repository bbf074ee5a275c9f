import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nothingAnswered } from '../../../src/judge/duet/effects.ts';
import { judgeDuet } from '../../../src/judge/duet/judge.ts';
import type { DuetRecord, Restart, Side, SideReading, StartSpread } from '../../../src/model/duet/duet.ts';
import type { DuetFinding, DuetJudgement } from '../../../src/model/duet/duet-judgement.ts';
import type { ScenarioBudgets } from '../../../src/model/judgement/budget.ts';
import { type DuetEndpoint, type DuetExample, exampleDuet } from '../../fixtures/duet.ts';
import { budget, budgets } from './budgets.ts';

const name = 'GET /api/bills';

interface Judging {
  readonly policy?: ScenarioBudgets;
  readonly spread?: StartSpread;
}

function judged(example: DuetExample, { policy = budgets(), spread }: Judging = {}): DuetJudgement {
  return judgeDuet(exampleDuet(example), policy, spread ?? null);
}

function finding(judgement: DuetJudgement, metric: string, endpoint = name): DuetFinding {
  const found = judgement.findings.find(one => one.endpoint === endpoint && one.metric.name === metric);
  assert.ok(found, `a finding on ${metric} of ${endpoint}`);
  return found;
}

const tooFew = { kind: 'tooFewSamples', needed: 100, repeat: 'restart' } as const;
const failedIn = (...sides: readonly Side[]) => ({ kind: 'allFailed', sides, repeat: 'restart' }) as const;

const statusesOf = (judgement: DuetJudgement) =>
  Object.fromEntries(judgement.findings.map(({ metric, status }) => [metric.name, status]));

const none: SideReading = {
  ...{ requests: 0, errors: 0, samples: 0, unanswered: 0 },
  ...{ p50Us: null, p95Us: null, p99Us: null },
};
const waitedInVain: SideReading = { ...none, requests: 400, errors: 400, samples: 400, unanswered: 400 };

/** A record with one side's readings, or whole restarts, rewritten. */
function rewritten(record: DuetRecord, rewrite: (restart: Restart, index: number) => Restart): DuetRecord {
  return { ...record, restarts: record.restarts.map(rewrite) };
}

function swapped(record: DuetRecord): DuetRecord {
  return rewritten(record, restart => ({
    ...restart,
    endpoints: restart.endpoints.map(({ endpoint, base, head }) => ({ endpoint, base: head, head: base })),
  }));
}

describe('a duet of ten restarts or more', () => {
  it('fails where everything is 10% slower and restarts differ by 4%', () => {
    const judgement = judged({ restarts: 20, endpoints: [{ name, slower: 0.1 }] });
    assert.equal(judgement.verdict, 'fail');
    const p95 = finding(judgement, 'p95');
    assert.deepEqual([p95.status, p95.evidence.established, p95.evidence.restarts], ['fail', true, 20]);
    assert.ok((p95.evidence.pValue ?? 1) <= 0.01, `${p95.evidence.pValue}`);
    assert.ok(Math.abs((p95.change?.value ?? 0) - 0.1) < 0.04, `${p95.change?.value}`);
    assert.deepEqual(p95.reason, { kind: 'worse', tolerance: 0.1, isEarly: true, repeat: 'restart' });
    assert.deepEqual(judgement.progress.state, 'over');
  });

  it('passes where nothing changed, and says how far the evidence reaches', () => {
    const judgement = judged({ restarts: 10 });
    assert.equal(judgement.verdict, 'pass');
    assert.deepEqual(statusesOf(judgement), { p50: 'pass', p95: 'pass', errorRate: 'pass' });
    const bounded = { kind: 'bounded', tolerance: 0.1, already: null, repeat: 'restart' };
    assert.deepEqual(finding(judgement, 'p95').reason, bounded);
    const reach = judgement.notes.find(note => note.kind === 'reach');
    assert.deepEqual([reach?.bounded, reach?.required], [2, 2]);
    assert.ok((reach?.widest.high ?? 1) < 0.1, JSON.stringify(reach));
  });

  it('gives the change of the geometric means, with an interval around it that says its confidence', () => {
    const p95 = finding(judged({ restarts: 13, endpoints: [{ name, slower: 0.2 }] }), 'p95');
    const { base, head, change } = p95;
    assert.ok(base !== null && head !== null && change?.interval, 'a whole finding');
    assert.ok(Math.abs(head / base - 1 - change.value) < 1e-9, `${head / base - 1} is ${change.value}`);
    const { low, high, confidence } = change.interval;
    // Of the looks at 10 and at 13, either side: 2 · (0.5 % + 1 %).
    assert.ok(Math.abs(confidence - 0.97) < 1e-12, `${confidence}`);
    assert.ok(
      low !== null && high !== null && low < change.value && change.value < high,
      `${low} to ${high} holds ${change.value}`,
    );
  });

  it('warns of 5% that is established and surely less than 10%, and fails it only where it may be as much', () => {
    const statuses = [1, 2, 3, 4, 5, 6].map(
      seed =>
        finding(judged({ seed, restarts: 26, spread: 0.03, endpoints: [{ name, slower: 0.05 }] }), 'p95')
          .status,
    );
    assert.ok(statuses.includes('warn'), statuses.join(', '));
    assert.ok(!statuses.includes('fail'), statuses.join(', '));
    const noisy = finding(
      judged({ seed: 2, restarts: 26, spread: 0.1, endpoints: [{ name, slower: 0.09 }] }),
      'p95',
    );
    assert.ok((noisy.change?.interval?.high ?? 0) > 0.1, noisy.reason.kind);
    assert.equal(noisy.status === 'fail', noisy.evidence.established, noisy.reason.kind);
  });

  it('does not call a change one that is under the floor, however sure it is', () => {
    const judgement = judged({ restarts: 26, spread: 0.005, endpoints: [{ name, slower: 0.02 }] });
    const p95 = finding(judgement, 'p95');
    assert.ok((p95.change?.interval?.low ?? 0) > 0, 'the interval lies above 0');
    assert.deepEqual([p95.status, p95.evidence.established], ['pass', false]);
  });

  it('never accuses for one restart that is far out', () => {
    for (const factor of [1.5, 5, 100]) {
      const record = rewritten(exampleDuet({ restarts: 20 }), (restart, index) => ({
        ...restart,
        endpoints: restart.endpoints.map(reading =>
          index === 4
            ? { ...reading, head: { ...reading.head, p95Us: (reading.head.p95Us ?? 0) * factor } }
            : reading,
        ),
      }));
      const judgement = judgeDuet(record, budgets(), null);
      assert.notEqual(finding(judgement, 'p95').status, 'fail', `${factor}`);
      assert.notEqual(judgement.verdict, 'fail', `${factor}`);
    }
  });

  it('tells a change as it is, and finds it, where one restart of one side was 20 times slower', () => {
    for (const side of ['base', 'head'] as const) {
      const record = rewritten(
        exampleDuet({ restarts: 20, endpoints: [{ name, slower: 0.25 }] }),
        (restart, index) => ({
          ...restart,
          endpoints: restart.endpoints.map(reading => {
            const { p50Us, p95Us, ...rest } = reading[side];
            const disturbed = { ...rest, p50Us: 20 * (p50Us ?? 0), p95Us: 20 * (p95Us ?? 0) };
            return index === 4 ? { ...reading, [side]: disturbed } : reading;
          }),
        }),
      );
      const judgement = judgeDuet(record, budgets(), null);
      const p95 = finding(judgement, 'p95');
      assert.equal(p95.status, 'fail', side);
      const told = p95.change?.value ?? 0;
      assert.ok(told > 0.14 && told < 0.37, `${side}: ${told}`);
      const ratio = (p95.head ?? 0) / (p95.base ?? 1) - 1;
      assert.ok(Math.abs(ratio - 0.25) < 0.05, `${side}: both values are of the others, ${ratio}`);
      const note = judgement.notes.find(({ kind }) => kind === 'disturbed');
      assert.deepEqual(note, { kind: 'disturbed', numbers: [5], of: 20, repeat: 'restart' });
    }
  });

  /** A record in which one side of some restarts is so many times slower. */
  const slowAtTimes = (restarts: number, side: Side, which: readonly number[], times = 2) =>
    rewritten(exampleDuet({ restarts }), (restart, index) => ({
      ...restart,
      endpoints: restart.endpoints.map(reading => {
        const { p50Us, p95Us, ...rest } = reading[side];
        const slow = { ...rest, p50Us: times * (p50Us ?? 0), p95Us: times * (p95Us ?? 0) };
        return which.includes(index) ? { ...reading, [side]: slow } : reading;
      }),
    }));

  it('does not pass a head of which some restarts are twice as slow, and says so', () => {
    const early = judgeDuet(slowAtTimes(10, 'head', [2, 7]), budgets(), null);
    const { status, reason } = finding(early, 'p95');
    assert.equal(status, 'inconclusive');
    assert.ok(reason.kind === 'slowAtTimes', JSON.stringify(reason));
    assert.deepEqual(reason.excess, { above: 2, below: 0, pValue: 0.25 });
    assert.equal(reason.nextLook, 13);
    const late = judgeDuet(slowAtTimes(26, 'head', [2, 7, 11, 19, 25]), budgets(), null);
    const p95 = finding(late, 'p95');
    assert.deepEqual([p95.status, p95.reason.kind], ['inconclusive', 'slowAtTimes']);
    const note = late.notes.find(({ kind }) => kind === 'slowAtTimes');
    assert.ok(note?.kind === 'slowAtTimes', JSON.stringify(late.notes));
    assert.deepEqual(note.excess, { above: 5, below: 0, pValue: 1 / 32 });
  });

  it('passes one of which a single restart was, or two of 26, or as many of base', () => {
    for (const record of [
      slowAtTimes(10, 'head', [4]),
      slowAtTimes(26, 'head', [4, 18]),
      slowAtTimes(26, 'base', [4, 9, 13, 19]),
    ]) {
      const judgement = judgeDuet(record, budgets(), null);
      assert.equal(finding(judgement, 'p95').status, 'pass');
      assert.ok(!judgement.notes.some(({ kind }) => kind === 'slowAtTimes'), 'a note says so');
    }
  });

  /** The times around p95 of each side, as a multiple of its p95; the head's times of so many restarts as told. */
  const withTails = (record: DuetRecord, tails: (restart: number) => { base: number; head: number }) =>
    rewritten(record, (restart, index) => ({
      ...restart,
      endpoints: restart.endpoints.map(({ endpoint, base, head }) => ({
        endpoint,
        base: { ...base, tailUs: (base.p95Us ?? 0) * tails(index).base },
        head: { ...head, tailUs: (head.p95Us ?? 0) * tails(index).head },
      })),
    }));

  it('tests p95 by the times around it, where both sides know them, and shows p95', () => {
    const record = exampleDuet({ restarts: 10, spread: 0.3, endpoints: [{ name, slower: 0.3 }] });
    const alone = finding(judgeDuet(record, budgets(), null), 'p95');
    assert.equal(alone.status, 'inconclusive');
    const ratioOf = (index: number) => {
      const [reading] = record.restarts[index]?.endpoints ?? [];
      return (reading?.head.p95Us ?? 0) / (reading?.base.p95Us ?? 1);
    };
    // The times around it are 30 % to 40 % higher in each restart, however p95 scatters.
    const steady = withTails(record, index => ({ base: 1, head: (1.3 + 0.01 * index) / ratioOf(index) }));
    const tested = finding(judgeDuet(steady, budgets(), null), 'p95');
    assert.deepEqual([tested.status, tested.base, tested.head], ['fail', alone.base, alone.head]);
    assert.ok(Math.abs((tested.change?.value ?? 0) - 0.345) < 0.01, `${tested.change?.value}`);
  });

  it('accuses no p95 of what lies above it: it has to be slower by the floor itself', () => {
    const record = exampleDuet({ restarts: 13, spread: 0.01 });
    const above = withTails(record, index => ({ base: 1, head: 1.2 + 0.01 * index }));
    const p95 = finding(judgeDuet(above, budgets(), null), 'p95');
    assert.notEqual(p95.status, 'fail');
    assert.notEqual(p95.status, 'pass', 'nor is it shown that nothing changed');
  });

  it('tests p95 alone where the times around it are not known: of one side, or of an older record', () => {
    const record = exampleDuet({ restarts: 13 });
    const known = withTails(record, () => ({ base: 1, head: 2 }));
    const half = rewritten(known, restart => ({
      ...restart,
      endpoints: restart.endpoints.map(reading => ({ ...reading, base: { ...reading.base, tailUs: null } })),
    }));
    assert.deepEqual(
      finding(judgeDuet(half, budgets(), null), 'p95'),
      finding(judgeDuet(record, budgets(), null), 'p95'),
    );
  });

  it('says of no restart that it was disturbed where all of them scatter', () => {
    for (const seed of [1, 2, 3]) {
      const { notes } = judged({ seed, restarts: 26, spread: 0.2 });
      assert.ok(!notes.some(({ kind }) => kind === 'disturbed'), `${seed}`);
    }
  });

  it('keeps a pass that an earlier look gave, although the later bound is wider', () => {
    const wide = rewritten(exampleDuet({ restarts: 13, spread: 0.08, seed: 4 }), (restart, index) => ({
      ...restart,
      endpoints: restart.endpoints.map(reading =>
        index >= 10
          ? { ...reading, head: { ...reading.head, p95Us: (reading.head.p95Us ?? 0) * 1.27 } }
          : reading,
      ),
    }));
    const p95 = finding(judgeDuet(wide, budgets(), null), 'p95');
    assert.ok((p95.change?.interval?.high ?? 0) > 0.1, JSON.stringify(p95.change));
    assert.equal(p95.status, 'pass');
    assert.ok(p95.reason.kind === 'bounded' && p95.reason.already === 10, JSON.stringify(p95.reason));
  });

  it('mirrors where the sides are swapped: the intervals turn over, and slower becomes faster', () => {
    const record = exampleDuet({ restarts: 20, endpoints: [{ name, slower: 0.15 }] });
    const [slower, faster] = [record, swapped(record)].map(one => judgeDuet(one, budgets(), null));
    assert.ok(slower && faster, 'two judgements');
    assert.deepEqual([slower.verdict, faster.verdict], ['fail', 'pass']);
    const [was, is] = [finding(slower, 'p95'), finding(faster, 'p95')];
    assert.deepEqual([is.reason, is.evidence.restarts], [{ kind: 'improved', repeat: 'restart' }, 20]);
    const mirrored = (value: number | null | undefined) => 1 / (1 + (value ?? Number.NaN)) - 1;
    const close = (one: number | null | undefined, other: number) =>
      assert.ok(Math.abs((one ?? Number.NaN) - other) < 1e-9, `${one} is ${other}`);
    close(is.change?.value, mirrored(was.change?.value));
    close(is.change?.interval?.low, mirrored(was.change?.interval?.high));
    close(is.change?.interval?.high, mirrored(was.change?.interval?.low));
  });

  it('rests on the restarts of the look alone: later ones wait', () => {
    const record = exampleDuet({ restarts: 16, spread: 0.2 });
    const [at13, at16] = [13, 16].map(count =>
      judgeDuet({ ...record, restarts: record.restarts.slice(0, count) }, budgets(), null),
    );
    assert.deepEqual(at16?.findings, at13?.findings);
    const looks = {
      kind: 'looks',
      measured: 16,
      most: 26,
      looks: [10, 13],
      later: 3,
      repeat: 'restart',
      builds: 1,
    };
    assert.deepEqual(at16?.notes[0], looks);
  });
});

describe('a duet of fewer than ten restarts', () => {
  it('never fails, however much slower the head is, and says at which restart it is judged', () => {
    for (let restarts = 0; restarts < 10; restarts += 1) {
      const judgement = judged({ restarts, endpoints: [{ name, slower: 3 }] });
      assert.equal(judgement.verdict, 'inconclusive', `${restarts}`);
      assert.deepEqual(judgement.progress, { state: 'goesOn', nextLook: 10 });
      for (const { status, evidence } of judgement.findings) {
        assert.deepEqual([status, evidence.pValue], ['inconclusive', null]);
      }
    }
  });

  it('has no say either where as many of the restarts tell of a cell', () => {
    const record = rewritten(
      exampleDuet({ restarts: 20, endpoints: [{ name, slower: 1 }] }),
      (restart, index) => ({
        ...restart,
        endpoints: restart.endpoints.map(reading =>
          index % 2 === 0 ? reading : { ...reading, head: { ...reading.head, samples: 9 } },
        ),
      }),
    );
    const restarts = [...record.restarts.slice(0, 19), ...record.restarts.slice(0, 1)];
    const some = judgeDuet({ ...record, restarts: restarts.slice(0, 13) }, budgets(), null);
    assert.equal(finding(some, 'p95').evidence.restarts, 7);
    assert.notEqual(some.verdict, 'fail');
  });
});

describe('the error rate of a duet', () => {
  const failing = (count: (restart: number) => number, base = (_unit: number) => 0) => ({
    restarts: 20,
    endpoints: [{ name, errors: { base, head: count } }],
  });

  it('fails of any increase that is established, and marks the times as those of other requests', () => {
    const judgement = judged(failing(restart => 2 + (restart % 3)));
    const errors = finding(judgement, 'errorRate');
    assert.equal(errors.status, 'fail');
    assert.ok(Math.abs((errors.change?.value ?? 0) - 3 / 400) < 0.001, `${errors.change?.value}`);
    assert.ok(finding(judgement, 'p95').confounded, 'the times are of other requests');
  });

  it('fails of neither a burst in one restart nor fewer than five errors in all', () => {
    assert.notEqual(
      finding(judged(failing(restart => (restart === 3 ? 200 : 0))), 'errorRate').status,
      'fail',
    );
    const few = { ...failing(restart => (restart < 4 ? 1 : 0)), restarts: 10 };
    assert.equal(finding(judged(few), 'errorRate').status, 'pass');
  });

  const likely = [3, 4, 2, 5, 3, 0, 4, 3, 6, 2];
  const ofRestarts = (restarts: number) =>
    judged({
      restarts,
      endpoints: [{ name, requests: 675, errors: { head: restart => likely[restart % likely.length] ?? 0 } }],
    });

  it('does not pass against the evidence: it waits where more errors are likely and one restart had none', () => {
    const first = ofRestarts(10);
    const errors = finding(first, 'errorRate');
    assert.equal(errors.status, 'inconclusive');
    assert.ok((errors.change?.interval?.high ?? 1) < 0.01, 'surely less than the tolerance');
    assert.deepEqual(errors.reason, { kind: 'held', tolerance: 0.01, nextLook: 13, repeat: 'restart' });
    assert.deepEqual(first.progress, { state: 'goesOn', nextLook: 13 });
    assert.equal(finding(ofRestarts(20), 'errorRate').status, 'fail');
  });

  it('passes at the last look what is likely to this day, and at once what is as likely on neither side', () => {
    const few = (restart: number) => (restart % 13 === 0 ? 3 : 0);
    const at = (restarts: number, base: (restart: number) => number) =>
      finding(judged({ restarts, endpoints: [{ name, errors: { base, head: few } }] }), 'errorRate').status;
    assert.equal(at(10, few), 'pass');
    assert.equal(
      at(26, () => 0),
      'pass',
    );
  });

  it('passes where both sides fail as often', () => {
    const both = (restart: number) => 3 + (restart % 2);
    assert.equal(finding(judged(failing(both, both)), 'errorRate').status, 'pass');
  });

  it('is open where so few requests without any error do not exclude one percentage point', () => {
    const judgement = judged({ restarts: 10, endpoints: [{ name, requests: 20 }] });
    const errors = finding(judgement, 'errorRate');
    assert.equal(errors.status, 'inconclusive');
    const { reason } = errors;
    assert.ok(reason.kind === 'open' && reason.tolerance === 0.01, JSON.stringify(reason));
    assert.ok(reason.settling.kind === 'restarts' && reason.settling.needed > 10, JSON.stringify(reason));
  });
});

describe('a cell without data', () => {
  it('is inconclusive where it is required, says what rate it takes, and ends a duet that nothing else is open in', () => {
    const judgement = judged({
      restarts: 10,
      endpoints: [{ name }, { name: 'GET /rare', requests: 80 }],
    });
    const rare = finding(judgement, 'p95', 'GET /rare');
    assert.deepEqual([rare.status, rare.change, rare.evidence.restarts], ['inconclusive', null, 0]);
    assert.deepEqual(rare.reason, { ...tooFew, samples: 80 });
    assert.equal(judgement.verdict, 'inconclusive');
    assert.ok(judgement.progress.state === 'over', 'over');
    assert.equal(judgement.progress.reason.kind, 'hopeless');
  });

  it('is left out where it is optional, and required where a budget asks for it', () => {
    const thin = { restarts: 10, endpoints: [{ name, requests: 400 }] };
    assert.equal(statusesOf(judged(thin)).p99, undefined);
    const asked = judged(thin, { policy: budgets(budget('p99', 250)) });
    assert.equal(statusesOf(asked).p99, 'inconclusive');
    assert.equal(asked.verdict, 'inconclusive');
    const seen = finding(judged({ restarts: 10, endpoints: [{ name, requests: 500 }] }), 'p99');
    assert.equal(seen.required, false);
  });

  it('is never green: an endpoint that no request went to leaves the duet open', () => {
    const judgement = judged({ restarts: 26, endpoints: [{ name }, { name: 'GET /never', requests: 0 }] });
    assert.equal(judgement.verdict, 'inconclusive');
    const noneDue = { kind: 'noneDue', sides: ['base', 'head'], repeat: 'restart' };
    assert.deepEqual(finding(judgement, 'errorRate', 'GET /never').reason, noneDue);
  });

  it('is one of all requests that failed on the head: the times are not seen, the error rate fails', () => {
    const judgement = judged({ restarts: 10, endpoints: [{ name, errors: { head: () => 400 } }] });
    assert.equal(judgement.verdict, 'fail');
    assert.equal(finding(judgement, 'errorRate').status, 'fail');
    assert.deepEqual(finding(judgement, 'p95').reason, failedIn('head'));
  });

  it('names the side of which nothing was answered in time, whatever it waited', () => {
    const record = rewritten(exampleDuet({ restarts: 10 }), restart => ({
      ...restart,
      endpoints: restart.endpoints.map(reading => ({ ...reading, head: waitedInVain })),
    }));
    const { verdict, findings } = judgeDuet(record, budgets(), null);
    assert.equal(verdict, 'fail');
    const [p50] = findings;
    assert.deepEqual(p50?.reason, failedIn('head'));
  });

  it('is the time they were given where p95 of both sides is of timeouts, and stays open', () => {
    const late = (share: number) => (reading: SideReading) => {
      const unanswered = Math.round(share * reading.samples);
      return { ...reading, errors: unanswered, unanswered, p95Us: 10_000_000, p99Us: 10_000_000 };
    };
    const of = (base: number, head: number) =>
      judgeDuet(
        rewritten(exampleDuet({ restarts: 10 }), restart => ({
          ...restart,
          endpoints: restart.endpoints.map(reading => ({
            endpoint: reading.endpoint,
            base: late(base)(reading.base),
            head: late(head)(reading.head),
          })),
        })),
        budgets(),
        null,
      );
    const { status, reason } = finding(of(0.06, 0.06), 'p95');
    assert.equal(status, 'inconclusive');
    assert.deepEqual(reason, { kind: 'timedOut', repeat: 'restart' });
    assert.notEqual(finding(of(0.06, 0.06), 'p50').status, 'inconclusive');
    assert.notEqual(finding(of(0.04, 0.06), 'p95').change, null);
  });

  it('names no side where all requests of both failed', () => {
    const all = () => 400;
    const judgement = judged({ restarts: 10, endpoints: [{ name, errors: { base: all, head: all } }] });
    assert.deepEqual(finding(judgement, 'p95').reason, failedIn('base', 'head'));
  });

  it('is too few requests where none of them failed, though most restarts have none', () => {
    const record = rewritten(
      exampleDuet({ restarts: 10, endpoints: [{ name, requests: 5 }] }),
      (restart, index) =>
        index < 4
          ? restart
          : {
              ...restart,
              endpoints: restart.endpoints.map(({ endpoint }) => ({ endpoint, base: none, head: none })),
            },
    );
    const judgement = judgeDuet(record, budgets(), null);
    assert.deepEqual(finding(judgement, 'p95').reason, { ...tooFew, samples: 2 });
  });

  it('does not count times that were waited in vain as samples', () => {
    const endpoints = [{ name, requests: 50 }];
    const record = rewritten(exampleDuet({ restarts: 10, endpoints }), (restart, index) =>
      index < 5
        ? restart
        : { ...restart, endpoints: restart.endpoints.map(reading => ({ ...reading, head: waitedInVain })) },
    );
    const { reason } = finding(judgeDuet(record, budgets(), null), 'p95');
    assert.deepEqual(reason, { ...tooFew, samples: 25 });
  });

  it('names the side that no request was due on', () => {
    const record = rewritten(exampleDuet({ restarts: 10 }), restart => ({
      ...restart,
      endpoints: restart.endpoints.map(reading => ({ ...reading, head: none })),
    }));
    const judgement = judgeDuet(record, budgets(), null);
    for (const metric of ['p95', 'errorRate']) {
      const noneDue = { kind: 'noneDue', sides: ['head'], repeat: 'restart' };
      assert.deepEqual(finding(judgement, metric).reason, noneDue);
    }
  });
});

describe('a duet in which nothing was answered', () => {
  const failing = (base: number, head: number) =>
    exampleDuet({ restarts: 10, endpoints: [{ name, errors: { base: () => base, head: () => head } }] })
      .restarts;

  it('is one of both sides, in all restarts and endpoints', () => {
    assert.equal(nothingAnswered(failing(400, 400)), true);
    assert.equal(nothingAnswered(failing(400, 399)), false);
    assert.equal(nothingAnswered(failing(0, 400)), false);
    assert.equal(nothingAnswered([...failing(400, 400), ...failing(0, 0).slice(0, 1)]), false);
  });

  it('is one without requests, but none without restarts', () => {
    assert.equal(
      nothingAnswered(exampleDuet({ restarts: 3, endpoints: [{ name, requests: 0 }] }).restarts),
      true,
    );
    assert.equal(nothingAnswered([]), false);
  });
});

describe('a duet goes on', () => {
  const stateAt = (restarts: number, example: DuetExample) => judged({ ...example, restarts }).progress;

  it('to the next look while a required cell is open, and ends with the last restarts', () => {
    const noisy = { spread: 0.2, seed: 3 };
    assert.deepEqual(stateAt(10, noisy), { state: 'goesOn', nextLook: 13 });
    assert.deepEqual(stateAt(12, noisy), { state: 'goesOn', nextLook: 13 });
    assert.deepEqual(stateAt(13, noisy), { state: 'goesOn', nextLook: 20 });
    assert.equal(stateAt(26, noisy).state, 'over');
  });

  it('not past the first fail, nor once everything required is settled', () => {
    const failed = stateAt(10, { endpoints: [{ name, slower: 0.3 }] });
    assert.deepEqual(failed, { state: 'over', reason: { kind: 'failed', repeat: 'restart' } });
    assert.deepEqual(stateAt(10, {}), { state: 'over', reason: { kind: 'settled', repeat: 'restart' } });
  });

  it('to no look past its most restarts', () => {
    const record = exampleDuet({ restarts: 10, spread: 0.2, seed: 3 });
    const short = { ...record, layout: { ...record.layout, mostRestarts: 12 } };
    assert.equal(judgeDuet(short, budgets(), null).progress.state, 'over');
  });

  it('not where what is left cannot settle what is open', () => {
    const noisy = judged({ restarts: 20, spread: 1.5, seed: 11 });
    const open = noisy.findings.filter(({ required, status }) => required && status === 'inconclusive');
    assert.ok(open.length > 0, 'something is open');
    const { progress } = noisy;
    const hopeless = { kind: 'hopeless', open: open.length, repeat: 'restart' };
    assert.deepEqual(progress, { state: 'over', reason: hopeless });
  });
});

describe('rounds of two APIs that run already', () => {
  const slower = { repeat: 'round', restarts: 20, endpoints: [{ name, slower: 0.2 }] } as const;

  const from = { kind: 'thisMachine' } as const;

  it('fail of what is established as more than starts may make: 18.8% of one endpoint on this machine', () => {
    const judgement = judged({ ...slower, endpoints: [{ name, slower: 0.4 }] });
    assert.equal(judgement.verdict, 'fail');
    const { reason, evidence } = finding(judgement, 'p95');
    assert.ok(reason.kind === 'worseThanStarts', reason.kind);
    assert.ok(Math.abs(reason.margin.most - 0.1877) < 0.0005, `${reason.margin.most}`);
    assert.deepEqual(reason.margin, { most: reason.margin.most, deviation: 0.07, from, endpoints: 1 });
    assert.ok((evidence.pValue ?? 1) <= 0.007, `${evidence.pValue}`);
    assert.deepEqual(judgement.progress, { state: 'over', reason: { kind: 'failed', repeat: 'round' } });
    assert.deepEqual(
      judgement.notes.find(({ kind }) => kind === 'instances'),
      { kind: 'instances', margin: reason.margin },
    );
  });

  it('warn of a difference of the two instances that their starts may have made', () => {
    const judgement = judged({ ...slower, endpoints: [{ name, slower: 0.13 }] });
    assert.equal(judgement.verdict, 'warn');
    const p95 = finding(judgement, 'p95');
    assert.deepEqual([p95.status, p95.reason.kind, p95.evidence.established], ['warn', 'mayBeStart', true]);
    assert.deepEqual(judgement.progress, { state: 'over', reason: { kind: 'settled', repeat: 'round' } });
  });

  it('may differ by more where more endpoints do, elsewhere, and as a calibration says', () => {
    const marginOf = (example: DuetExample, spread?: StartSpread) => {
      const note = judged({ ...slower, ...example }, spread ? { spread } : {}).notes.find(
        ({ kind }) => kind === 'instances',
      );
      return note?.kind === 'instances' ? note.margin : assert.fail('no note');
    };
    const one = marginOf({});
    const four = marginOf({ endpoints: [1, 2, 3, 4].map(of => ({ name: `GET /${of}` })) });
    assert.deepEqual([four.endpoints, four.most > one.most], [4, true]);
    const urls = (base: string, head: string) => ({
      contestants: { base: { kind: 'url', url: base }, head: { kind: 'url', url: head } } as const,
    });
    for (const changes of [
      urls('http://10.0.0.7', 'http://10.0.0.8'),
      urls('http://localhost:1', 'http://10.0.0.8'),
    ]) {
      const there = marginOf({ changes });
      assert.deepEqual([there.deviation, there.from], [0.1, { kind: 'otherMachine' }]);
    }
    const spread = { value: 0.028, upper: 0.04, starts: 20 };
    const calibrated = marginOf({}, spread);
    assert.deepEqual([calibrated.deviation, calibrated.from], [0.04, { kind: 'calibration', spread }]);
    assert.ok(calibrated.most < one.most, `${calibrated.most}`);
    const tiny = marginOf({}, { ...spread, upper: 0 });
    assert.equal(tiny.most, 0.03, 'never less than the floor');
  });

  it('fail of less where a calibration found that starts differ little', () => {
    const spread = { value: 0.015, upper: 0.021, starts: 20 };
    assert.equal(judged(slower, { spread }).verdict, 'fail');
    assert.equal(judged(slower).verdict, 'warn');
  });

  it('go on while a warning may become a failure, and no longer', () => {
    const near = { ...slower, restarts: 10, spread: 0.06, endpoints: [{ name, slower: 0.21 }] };
    const { progress, verdict } = judged(near);
    assert.deepEqual([verdict, progress], ['warn', { state: 'goesOn', nextLook: 13 }]);
    const { progress: over } = judged({ ...near, spread: 0.03, endpoints: [{ name, slower: 0.12 }] });
    assert.equal(over.state, 'over');
  });

  it('say of a small warning too that starts alone may have made the difference', () => {
    const judgement = judged({ ...slower, spread: 0.01, endpoints: [{ name, slower: 0.06 }] });
    assert.equal(judgement.verdict, 'warn');
    const { reason } = finding(judgement, 'p95');
    assert.ok(reason.kind === 'tolerated' && reason.margin?.deviation === 0.07, JSON.stringify(reason));
  });

  it('fail of errors, which no start explains', () => {
    const errors = { ...slower, endpoints: [{ name, errors: { head: () => 4 } }] };
    assert.equal(finding(judged(errors), 'errorRate').status, 'fail');
  });

  it('are held against the floor: a slowing of 2% is none', () => {
    const judgement = judged({ ...slower, spread: 0.005, endpoints: [{ name, slower: 0.02 }] });
    assert.equal(judgement.verdict, 'pass');
  });
});

describe('the notes of a duet', () => {
  it('tell the CPU time a request with its interval where it is known', () => {
    const { notes } = judged({ restarts: 13 });
    const cpu = notes.find(note => note.kind === 'cpu');
    assert.ok(cpu && cpu.medianUs.base >= 700 && cpu.medianUs.base < 900, JSON.stringify(notes));
    assert.ok(cpu.change.value >= 0.04 && cpu.change.value < 0.06, `${cpu.change.value}`);
    assert.equal(cpu.change.interval?.confidence, 0.97);
    assert.ok((cpu.change.interval.low ?? 0) > 0, `${cpu.change.interval.low}`);
    assert.ok(
      !judged({ restarts: 13, repeat: 'round' }).notes.some(({ kind }) => kind === 'cpu'),
      'none of rounds',
    );
  });

  it('say of the required times only as much as was bounded', () => {
    const reachOf = (...endpoints: DuetEndpoint[]) =>
      judged({ restarts: 10, endpoints }).notes.find(note => note.kind === 'reach');
    const shareOf = (...endpoints: DuetEndpoint[]) => {
      const reach = reachOf(...endpoints);
      return reach && [reach.bounded, reach.required];
    };
    const rare = { name: 'GET /rare', requests: 80 };
    assert.deepEqual(shareOf({ name }, { name: 'GET /other' }), [4, 4]);
    assert.deepEqual(shareOf({ name }, rare), [3, 4]);
    assert.deepEqual(shareOf(rare), [1, 2]);
    const widest = reachOf(rare)?.widest;
    assert.deepEqual([widest?.metric, widest?.endpoint, widest?.confidence], ['p50', 'GET /rare', 0.99]);
    assert.equal(reachOf({ name, requests: 5 }), undefined);
  });

  it('tell restarts that were measured cold', () => {
    const record = rewritten(exampleDuet({ restarts: 10 }), (restart, index) => ({
      ...restart,
      isWarm: index > 1,
    }));
    const { notes } = judgeDuet(record, budgets(), null);
    assert.deepEqual(
      notes.find(({ kind }) => kind === 'cold'),
      { kind: 'cold', count: 2, of: 10, repeat: 'restart' },
    );
  });
});

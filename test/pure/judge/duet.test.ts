import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nothingAnswered } from '../../../src/judge/duet/effects.ts';
import { judgeDuet } from '../../../src/judge/duet/judge.ts';
import type {
  DuetFinding,
  DuetJudgement,
  DuetRecord,
  Restart,
  SideReading,
  StartSpread,
} from '../../../src/model/duet/duet.ts';
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
    assert.match(p95.reason, /^p95 rose from .* established by 20 restarts \(adjusted p /);
    assert.deepEqual(judgement.progress.state, 'over');
  });

  it('passes where nothing changed, and says how far the evidence reaches', () => {
    const judgement = judged({ restarts: 10 });
    assert.equal(judgement.verdict, 'pass');
    assert.deepEqual(statusesOf(judgement), { p50: 'pass', p95: 'pass', errorRate: 'pass' });
    assert.match(finding(judgement, 'p95').reason, /surely less than the tolerance of \+10%$/);
    assert.ok(
      judgement.notes.some(note => /^No required time rose by more than \+/.test(note)),
      'a note',
    );
  });

  it('gives the change of the geometric means, with an interval around it that says its confidence', () => {
    const p95 = finding(judged({ restarts: 13, endpoints: [{ name, slower: 0.2 }] }), 'p95');
    const { base, head, change } = p95;
    assert.ok(base !== null && head !== null && change?.interval, 'a whole finding');
    assert.ok(Math.abs(head / base - 1 - change.value) < 1e-9, `${head / base - 1} is ${change.value}`);
    const { low, high, confidence } = change.interval;
    assert.equal(confidence, 0.98);
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
    assert.ok((noisy.change?.interval?.high ?? 0) > 0.1, noisy.reason);
    assert.equal(noisy.status === 'fail', noisy.evidence.established, noisy.reason);
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

  it('keeps a pass that an earlier look gave, although the later bound is wider', () => {
    const wide = rewritten(exampleDuet({ restarts: 13 }), (restart, index) => ({
      ...restart,
      endpoints: restart.endpoints.map(reading =>
        index >= 11
          ? { ...reading, head: { ...reading.head, p95Us: (reading.head.p95Us ?? 0) * 2.2 } }
          : reading,
      ),
    }));
    const p95 = finding(judgeDuet(wide, budgets(), null), 'p95');
    assert.ok((p95.change?.interval?.high ?? 0) > 0.1, p95.reason);
    assert.equal(p95.status, 'pass');
    assert.match(p95.reason, /, as 10 restarts had shown already$/);
  });

  it('mirrors where the sides are swapped: the intervals turn over, and slower becomes faster', () => {
    const record = exampleDuet({ restarts: 20, endpoints: [{ name, slower: 0.15 }] });
    const [slower, faster] = [record, swapped(record)].map(one => judgeDuet(one, budgets(), null));
    assert.ok(slower && faster, 'two judgements');
    assert.deepEqual([slower.verdict, faster.verdict], ['fail', 'pass']);
    const [was, is] = [finding(slower, 'p95'), finding(faster, 'p95')];
    assert.match(is.reason, /: faster, established by 20 restarts$/);
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
    assert.match(at16?.notes[0] ?? '', /the latest 3 wait/);
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
    const p95 = finding(judgement, 'p95');
    assert.ok(p95.confounded && /times of other requests$/.test(p95.reason), p95.reason);
  });

  it('fails of neither a burst in one restart nor fewer than five errors in all', () => {
    assert.notEqual(
      finding(judged(failing(restart => (restart === 3 ? 200 : 0))), 'errorRate').status,
      'fail',
    );
    const few = { ...failing(restart => (restart < 4 ? 1 : 0)), restarts: 10 };
    assert.equal(finding(judged(few), 'errorRate').status, 'pass');
  });

  it('passes where both sides fail as often', () => {
    const both = (restart: number) => 3 + (restart % 2);
    assert.equal(finding(judged(failing(both, both)), 'errorRate').status, 'pass');
  });

  it('is open where so few requests without any error do not exclude one percentage point', () => {
    const judgement = judged({ restarts: 10, endpoints: [{ name, requests: 20 }] });
    const errors = finding(judgement, 'errorRate');
    assert.equal(errors.status, 'inconclusive');
    assert.match(errors.reason, /about \d+ restarts would settle it/);
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
    assert.match(
      rare.reason,
      /takes 100 samples a side, where a restart has about 80: about 1.3 times the rate/,
    );
    assert.equal(judgement.verdict, 'inconclusive');
    assert.ok(judgement.progress.state === 'over', 'over');
    assert.match(judgement.progress.why, /would not be settled/);
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
    assert.match(finding(judgement, 'errorRate', 'GET /never').reason, /no request of it was due/);
  });

  it('is one of all requests that failed on the head: the times are not seen, the error rate fails', () => {
    const judgement = judged({ restarts: 10, endpoints: [{ name, errors: { head: () => 400 } }] });
    assert.equal(judgement.verdict, 'fail');
    assert.equal(finding(judgement, 'errorRate').status, 'fail');
    assert.match(finding(judgement, 'p95').reason, /all of its requests failed in head$/);
  });

  it('names the side of which nothing was answered in time, whatever it waited', () => {
    const record = rewritten(exampleDuet({ restarts: 10 }), restart => ({
      ...restart,
      endpoints: restart.endpoints.map(reading => ({ ...reading, head: waitedInVain })),
    }));
    const { verdict, findings } = judgeDuet(record, budgets(), null);
    assert.equal(verdict, 'fail');
    const [p50] = findings;
    assert.equal(p50?.reason, 'no restart tells its p50: all of its requests failed in head');
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
    assert.match(reason, /^no restart tells its p95: so many requests of both sides timed out that /);
    assert.notEqual(finding(of(0.06, 0.06), 'p50').status, 'inconclusive');
    assert.notEqual(finding(of(0.04, 0.06), 'p95').change, null);
  });

  it('names no side where all requests of both failed', () => {
    const all = () => 400;
    const judgement = judged({ restarts: 10, endpoints: [{ name, errors: { base: all, head: all } }] });
    assert.match(finding(judgement, 'p95').reason, /all of its requests failed$/);
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
    assert.match(
      finding(judgement, 'p95').reason,
      /takes 100 samples a side, where a restart has about 2: about 50 times the rate would do$/,
    );
  });

  it('does not count times that were waited in vain as samples', () => {
    const endpoints = [{ name, requests: 50 }];
    const record = rewritten(exampleDuet({ restarts: 10, endpoints }), (restart, index) =>
      index < 5
        ? restart
        : { ...restart, endpoints: restart.endpoints.map(reading => ({ ...reading, head: waitedInVain })) },
    );
    const { reason } = finding(judgeDuet(record, budgets(), null), 'p95');
    assert.match(reason, /where a restart has about 25: about 4 times the rate would do$/);
  });

  it('names the side that no request was due on', () => {
    const record = rewritten(exampleDuet({ restarts: 10 }), restart => ({
      ...restart,
      endpoints: restart.endpoints.map(reading => ({ ...reading, head: none })),
    }));
    const judgement = judgeDuet(record, budgets(), null);
    for (const metric of ['p95', 'errorRate']) {
      assert.equal(finding(judgement, metric).reason, 'no request of it was due in head');
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
    assert.ok(failed.state === 'over' && /established/.test(failed.why), JSON.stringify(failed));
    const settled = stateAt(10, {});
    assert.ok(settled.state === 'over' && /settled/.test(settled.why), JSON.stringify(settled));
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
    assert.ok(
      progress.state === 'over' && /still open would not be settled/.test(progress.why),
      open[0]?.reason ?? '',
    );
  });
});

describe('rounds of two APIs that run already', () => {
  const slower = { repeat: 'round', restarts: 20, endpoints: [{ name, slower: 0.2 }] } as const;

  it('fail where starts are known to differ by 0.03 or less, and say what the claim holds for', () => {
    const judgement = judged(slower, { spread: { value: 0.015, upper: 0.021, starts: 20 } });
    assert.equal(judgement.verdict, 'fail');
    assert.ok(
      judgement.notes.some(note => /these two instances .* 0\.015 .* at most 0\.021/.test(note)),
      judgement.notes.join('\n'),
    );
  });

  it('are inconclusive where starts differ by more, or nobody knows by how much', () => {
    for (const spread of [{ value: 0.028, upper: 0.039, starts: 20 }, undefined]) {
      const judgement = judged(slower, spread ? { spread } : {});
      assert.equal(judgement.verdict, 'inconclusive');
      const p95 = finding(judgement, 'p95');
      assert.deepEqual([p95.status, p95.evidence.established], ['inconclusive', true]);
      assert.match(
        p95.reason,
        spread ? /commits instead of URLs would settle it/ : /differ is not known here/,
      );
      assert.equal(judgement.progress.state, 'over');
    }
  });

  it('go on past a time that starts alone may have changed, as long as errors are open', () => {
    const errors = { head: (restart: number) => (restart % 2 === 0 ? 14 : 0) };
    const { progress, findings } = judged({
      repeat: 'round',
      restarts: 10,
      endpoints: [{ name, slower: 0.3, errors }],
    });
    const statuses = findings.filter(({ required }) => required).map(({ status }) => status);
    assert.deepEqual([...new Set(statuses)], ['inconclusive']);
    assert.deepEqual(progress, { state: 'goesOn', nextLook: 13 });
  });

  it('say of a warning too that starts alone may have made the difference', () => {
    const judgement = judged({ ...slower, spread: 0.01, endpoints: [{ name, slower: 0.06 }] });
    assert.equal(judgement.verdict, 'warn');
    assert.match(finding(judgement, 'p95').reason, /it may be this start alone/);
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
    assert.ok(
      notes.some(note =>
        /^CPU time a request: [78]\d\d µs in base, .* \+[45]\S*%, 98% interval \+/.test(note),
      ),
      notes.join('\n'),
    );
    assert.ok(
      !judged({ restarts: 13, repeat: 'round' }).notes.some(note => /CPU/.test(note)),
      'none of rounds',
    );
  });

  it('say of the required times only as much as was bounded', () => {
    const reachOf = (...endpoints: DuetEndpoint[]) =>
      judged({ restarts: 10, endpoints }).notes.find(note => / rose by /.test(note)) ?? '';
    const rare = { name: 'GET /rare', requests: 80 };
    assert.match(reachOf({ name }, { name: 'GET /other' }), /^No required time rose by more than \+/);
    assert.match(
      reachOf({ name }, rare),
      /^Of the 3 of 4 required times that could be bounded, none rose by more than \+/,
    );
    assert.match(
      reachOf(rare),
      /^Only 1 of 2 required times could be bounded: p50 of GET \/rare rose by \+\S+ at most, /,
    );
    assert.equal(reachOf({ name, requests: 5 }), '');
  });

  it('tell restarts that were measured cold', () => {
    const record = rewritten(exampleDuet({ restarts: 10 }), (restart, index) => ({
      ...restart,
      isWarm: index > 1,
    }));
    const { notes } = judgeDuet(record, budgets(), null);
    assert.ok(
      notes.includes('In 2 of 10 restarts the median was not seen to be flat before the measurement began.'),
      notes.join('\n'),
    );
  });
});

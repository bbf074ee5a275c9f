import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DuetReading, DuetRecord, SideReading } from '../../../src/model/duet/duet.ts';
import { type DuetExample, exampleDuet, judgedDuet } from '../../fixtures/duet.ts';

const name = 'GET /api/bills';
const rounds: DuetExample = { repeat: 'round', restarts: 20, spread: 0.02 };
const judged = (example: DuetExample) => judgedDuet(exampleDuet({ ...rounds, ...example })).judgement;
const p95Of = (example: DuetExample) =>
  judged(example).findings.find(({ metric }) => metric.name === 'p95') ?? assert.fail('no p95');
const slower = (by: number) => [{ name, slower: by }];

/** A duet whose instances show something else in every round. */
function withInstances(
  duet: DuetRecord,
  change: (one: SideReading, instance: number, side: 'base' | 'head') => SideReading,
): DuetRecord {
  const changed = (reading: DuetReading): DuetReading => {
    const { base = [], head = [] } = reading.instances ?? {};
    return {
      ...reading,
      instances: {
        base: base.map((one, instance) => change(one, instance, 'base')),
        head: head.map((one, instance) => change(one, instance, 'head')),
      },
    };
  };
  const restarts = duet.restarts.map(restart => ({ ...restart, endpoints: restart.endpoints.map(changed) }));
  return { ...duet, restarts };
}

describe('several instances a side', () => {
  it('narrow what starts may make by the root of their number, up to four of them', () => {
    const marginOf = (count: number) => {
      const note = judged({ instances: { count, spread: 0.03 } }).notes.find(
        ({ kind }) => kind === 'instances',
      );
      return note?.kind === 'instances' ? note.margin : null;
    };
    const [one, four] = [marginOf(1), marginOf(4)];
    assert.equal(one?.instances, undefined);
    assert.equal(four?.instances, 4);
    const ratio = Math.log1p(one?.most ?? 0) / Math.log1p(four?.most ?? 0);
    assert.ok(Math.abs(ratio - 2) < 1e-9, `${ratio} times as wide`);
    assert.equal(marginOf(5), null);
  });

  it('fail by their labels from five a side on, of less than starts of two may make', () => {
    const p95 = p95Of({ instances: { count: 5, spread: 0.02 }, endpoints: slower(0.15) });
    assert.equal(p95.status, 'fail');
    assert.ok(p95.reason.kind === 'worseByInstances', p95.reason.kind);
    assert.deepEqual(p95.reason.labels, { instances: 5, draws: 252, level: 0.008 });
    assert.ok(Math.abs((p95.evidence.pValue ?? 0) - 1 / 252) < 1e-12, `${p95.evidence.pValue}`);
    assert.equal(p95.evidence.established, true);
    assert.equal(p95Of({ instances: { count: 1, spread: 0 }, endpoints: slower(0.15) }).status, 'warn');
  });

  it('warn of a difference of these instances that their labels do not establish', () => {
    // One slow instance of head moves the mean of its side for good, and is one of ten.
    const duet = withInstances(
      exampleDuet({ ...rounds, instances: { count: 5, spread: 0.01 } }),
      (one, instance, side) =>
        side === 'head' && instance === 2
          ? { ...one, p50Us: 2 * (one.p50Us ?? 0), p95Us: 2 * (one.p95Us ?? 0) }
          : one,
    );
    const { judgement } = judgedDuet(duet);
    const p95 = judgement.findings.find(({ metric }) => metric.name === 'p95');
    assert.equal(judgement.verdict, 'warn');
    assert.ok(p95?.reason.kind === 'mayBeInstances', p95?.reason.kind);
    assert.ok(p95.reason.pValue > 0.1, `${p95.reason.pValue}`);
    assert.deepEqual(judgement.progress, { state: 'over', reason: { kind: 'settled', repeat: 'round' } });
  });

  it('bound what the builds differ by, beside what these instances do', () => {
    const judgement = judged({ instances: { count: 6, spread: 0.05 } });
    const labels = judgement.notes.find(({ kind }) => kind === 'labels');
    assert.ok(labels?.kind === 'labels', 'a note on the labels');
    assert.equal(labels.labels.draws, 924);
    assert.ok((labels.widest?.high ?? 0) > 0, `${labels.widest?.high}`);
  });

  it('tell nothing before the first look', () => {
    const judgement = judged({
      restarts: 9,
      instances: { count: 5, spread: 0.02 },
      endpoints: slower(0.4),
    });
    assert.equal(judgement.verdict, 'inconclusive');
    assert.equal(
      judgement.notes.some(({ kind }) => kind === 'labels'),
      false,
    );
  });

  it('let error rates fail as always', () => {
    const errors = { head: () => 12 };
    const judgement = judged({ instances: { count: 5, spread: 0.02 }, endpoints: [{ name, errors }] });
    const rate = judgement.findings.find(({ metric }) => metric.name === 'errorRate');
    assert.deepEqual([rate?.status, rate?.reason.kind], ['fail', 'worseShare']);
  });

  it('are named where every request to one of them failed', () => {
    const duet = withInstances(
      exampleDuet({ ...rounds, restarts: 10, instances: { count: 2, spread: 0 } }),
      (one, instance, side) =>
        side === 'head' && instance === 1 ? { ...one, errors: one.requests, samples: 0 } : one,
    );
    const { notes } = judgedDuet(duet).judgement;
    assert.deepEqual(
      notes.find(({ kind }) => kind === 'failedInstances'),
      { kind: 'failedInstances', instances: [{ side: 'head', url: 'http://127.0.0.1:4021' }] },
    );
    const whole = judged({ instances: { count: 2, spread: 0 } }).notes;
    assert.equal(
      whole.some(({ kind }) => kind === 'failedInstances'),
      false,
    );
  });

  it('show the geometric mean of their times, and none where one of them has too few', () => {
    const times = [10_000, 20_000, 40_000];
    const duet = exampleDuet({ ...rounds, restarts: 10, spread: 0, instances: { count: 3, spread: 0 } });
    const p50Of = (record: DuetRecord) =>
      judgedDuet(record).judgement.findings.find(({ metric }) => metric.name === 'p50');
    const spread = withInstances(duet, (one, instance) => ({ ...one, p50Us: times[instance] ?? 0 }));
    assert.ok(Math.abs((p50Of(spread)?.base ?? 0) - 20) < 1e-9, `${p50Of(spread)?.base} ms`);
    const rare = withInstances(duet, (one, instance) => (instance === 1 ? { ...one, samples: 8 } : one));
    assert.deepEqual(
      [p50Of(rare)?.status, p50Of(rare)?.reason],
      ['inconclusive', { kind: 'tooFewSamples', needed: 10, samples: 8, repeat: 'round' }],
    );
  });
});

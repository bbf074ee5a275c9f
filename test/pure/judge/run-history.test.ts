import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseMetric } from '../../../src/analysis/metrics/table.ts';
import { type HistoryQuery, historyOf, indexedValue } from '../../../src/judge/history/run-history.ts';
import type { StoredRun } from '../../../src/model/judgement/baseline.ts';
import { indexEntryOf } from '../../../src/store/records/index-entry.ts';
import { historyIn } from '../../fixtures/rendered.ts';
import { runOf } from '../../real/store/repository.ts';

const stored = (id: string, about: Parameters<typeof runOf>[1]): StoredRun => ({
  where: id,
  entry: indexEntryOf(runOf(id, about)),
});
const day = (number: number) => `2026-03-${String(number).padStart(2, '0')}T09:00:00.000Z`;
const commit = (letter: string) => letter.repeat(40);

const queryFor = (metric: string, changes: Partial<HistoryQuery> = {}): HistoryQuery => {
  const parsed = parseMetric(metric);
  assert.ok(parsed, 'the metric is not known');
  return {
    of: runOf('asked').header,
    hasFile: () => true,
    endpoint: null,
    metric: parsed,
    distances: new Map([
      [commit('a'), 2],
      [commit('b'), 1],
      [commit('c'), 0],
    ]),
    everyMachine: false,
    everyBranch: false,
    ...changes,
  };
};
const historyOfRuns = (runs: readonly StoredRun[], options = queryFor('p95')) =>
  historyOf({ runs, skipped: [] }, options, run => indexedValue(run, options) ?? null);

describe('the history of a metric', () => {
  test('is in the order of the commits, and of time within one, whenever they were measured', async () => {
    const history = await historyOfRuns([
      stored('c', { commit: commit('c'), startedAt: day(3), medianMs: 30 }),
      stored('a-again', { commit: commit('a'), startedAt: day(4), medianMs: 11 }),
      stored('a', { commit: commit('a'), startedAt: day(1), medianMs: 10 }),
      stored('b', { commit: commit('b'), startedAt: day(2), medianMs: 20 }),
    ]);
    assert.deepEqual(
      history.points.map(({ run }) => run),
      ['a', 'a-again', 'b', 'c'],
    );
    const [first, , third, last] = history.points.map(({ value }) => value);
    assert.ok(
      first && third && last && third / first > 1.9 && last / first > 2.8,
      `${first}, ${third}, ${last}`,
    );
    assert.deepEqual(history.points[0]?.requests, 100);
    assert.deepEqual(history.leftOut, {});
  });
  test('leaves out and counts what cannot be compared with the newest run', async () => {
    const runs = [
      stored('newest', { commit: commit('c'), startedAt: day(9) }),
      stored('dirty', { commit: commit('c'), startedAt: day(10), dirty: true }),
      stored('cut', {
        commit: commit('c'),
        startedAt: day(11),
        measurement: { completion: { state: 'aborted', errorRate: 1, forMs: 1 } },
      }),
      stored('workload', { commit: commit('b'), startedAt: day(2), digest: 'other' }),
      stored('machine', { commit: commit('b'), startedAt: day(3), cpu: 'Other' }),
      stored('branch', { commit: commit('9'), startedAt: day(12) }),
      stored('scenario', { commit: commit('b'), scenario: 'vote', file: 'scenarios/vote.yaml' }),
    ];
    const history = await historyOfRuns(runs);
    assert.deepEqual(
      history.points.map(({ run }) => run),
      ['newest'],
    );
    assert.deepEqual(history.leftOut, {
      uncommittedChanges: 1,
      incomplete: 1,
      otherWorkload: 1,
      otherMachine: 1,
      otherBranch: 1,
    });
    assert.match(historyIn(history, 'terminal'), /Runs left out:\n {2}1 of uncommitted changes\n/);
    const all = await historyOfRuns(runs, queryFor('p95', { everyMachine: true, everyBranch: true }));
    assert.deepEqual(
      all.points.map(({ run }) => run),
      ['machine', 'newest', 'branch'],
    );
  });
  test('is by time where there is no repository', async () => {
    const history = await historyOfRuns(
      [
        stored('two', { commit: null, startedAt: day(2) }),
        stored('one', { commit: null, startedAt: day(1) }),
      ],
      queryFor('rps', { distances: null }),
    );
    assert.deepEqual(
      history.points.map(({ run, commit }) => [run, commit]),
      [
        ['one', null],
        ['two', null],
      ],
    );
    assert.equal(history.unit, 'perSecond');
  });
  test('knows endpoints, and says where the metric was not seen', async () => {
    const runs = [stored('a', { commit: commit('a') })];
    const ofEndpoint = await historyOfRuns(runs, queryFor('p50', { endpoint: 'GET /api/bills' }));
    assert.equal(ofEndpoint.points.length, 1);
    const gone = await historyOfRuns(runs, queryFor('p50', { endpoint: 'GET /gone' }));
    assert.deepEqual([gone.points, gone.leftOut], [[], { noValue: 1 }]);
    assert.equal(indexedValue(runs[0] as StoredRun, queryFor('p97')), undefined);
  });
  test('names the commit at which it changed, by how much and how sure that is', async () => {
    const letters = [...'0123456789abcdef'].flatMap(one => [`${one}a`, `${one}b`]).slice(0, 24);
    const commits = letters.map(pair => pair.repeat(20));
    const runs = commits.map((commit, index) =>
      stored(`r${index}`, {
        commit,
        startedAt: day(index + 1),
        medianMs: (index < 12 ? 10 : 13) * (1 + 0.02 * ((index * 7) % 5)),
      }),
    );
    const distances = new Map(commits.map((commit, index) => [commit, commits.length - index]));
    const history = await historyOfRuns(runs, queryFor('p50', { distances }));
    const [only, ...others] = history.changes;
    assert.ok(only && others.length === 0, `${others.length + 1} changes`);
    assert.deepEqual([only.commit, only.run, only.previousRun], [commits[12], 'r12', 'r11']);
    assert.ok(only.change !== null && only.change > 0.25 && only.change < 0.35, String(only.change));
    assert.ok(only.confidence > 0.99, `confidence ${only.confidence}`);
    assert.match(
      historyIn(history, 'terminal'),
      /Change points:\n {2}after 5b5b5b5b5b, from 6a6a6a6a6a on: 10\.\d ms → 13\.\d ms \(\+\d\d(\.\d)?%\), 99\.\d%? sure/,
    );
    const calm = await historyOfRuns(runs.slice(0, 12), queryFor('p50', { distances }));
    assert.deepEqual(calm.changes, []);
    assert.match(historyIn(calm, 'terminal'), /No change point\./);
    const broken = await historyOfRuns(runs, queryFor('errorRate', { distances }));
    assert.deepEqual(broken.changes, []);
  });
  test('is CSV that commas and quotes do not break and a spreadsheet does not run', async () => {
    const history = await historyOfRuns([
      stored('a', { commit: commit('a'), startedAt: day(1), branch: '=cmd()' }),
      stored('b', { commit: commit('b'), startedAt: day(2), branch: 'a,"b"' }),
    ]);
    const [head, one, two, end] = historyIn(history, 'csv').split('\r\n');
    assert.equal(head, 'commit,branch,startedAt,run,metric,unit,value,atLeast,requests,verdict,accepted');
    assert.match(one ?? '', /^a{40},'=cmd\(\),2026-03-01T09:00:00\.000Z,a,p95,ms,\d+\.\d+,false,100,,$/);
    assert.match(two ?? '', /^b{40},"a,""b""",/);
    assert.equal(end, '');
  });
});

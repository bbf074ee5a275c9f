import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseBaseline, namedBaseline } from '../../../src/judge/baseline/baseline-choice.ts';
import type { BaselineSelection, CommitHistory, StoredRun } from '../../../src/model/judgement/baseline.ts';
import { newestFirst } from '../../../src/model/judgement/baseline.ts';
import type { RecordHeader } from '../../../src/model/run/record.ts';
import { baselineSentence } from '../../../src/report/words/baseline-sentence.ts';
import { indexEntryOf } from '../../../src/store/records/index-entry.ts';
import { runOf } from '../../real/store/repository.ts';

const commit = (letter: string) => letter.repeat(40);
const stored = (id: string, about: Parameters<typeof runOf>[1] = {}): StoredRun => ({
  where: `plimsoll-data:runs/${id}.json`,
  entry: indexEntryOf(runOf(id, about)),
});
const headerOf = (about: Parameters<typeof runOf>[1] = {}) =>
  runOf('this', { commit: commit('f'), branch: 'faster', ...about }).header;

/** Main has a, b, c, d; the branch left it at c with e and f. */
const branched: CommitHistory = {
  head: commit('f'),
  target: 'main',
  mergeBase: commit('c'),
  ancestors: [
    { commit: commit('c'), distance: 0 },
    { commit: commit('b'), distance: 1 },
    { commit: commit('a'), distance: 2 },
  ],
  onTarget: ['d', 'c', 'b', 'a'].map(commit),
};
/** Only the commits of these runs count as measured. */
const historyWith = (runs: readonly StoredRun[], history = branched): CommitHistory => {
  const measured = new Set(runs.map(({ entry }) => entry.header.fingerprint.git?.commit));
  return {
    ...history,
    ancestors: history.ancestors.filter(one => measured.has(one.commit)),
    onTarget: history.onTarget.filter(one => measured.has(one)),
  };
};

function choose(
  runs: readonly StoredRun[],
  about: { readonly run?: ReturnType<typeof headerOf>; readonly history?: CommitHistory | null } & Partial<
    Omit<Parameters<typeof chooseBaseline>[2], 'history'>
  > = {},
): BaselineSelection {
  const { run = headerOf(), history = historyWith(runs), ...rest } = about;
  return chooseBaseline(run, newestFirst(runs), { ...rest, history });
}

const chosen = ({ choice }: BaselineSelection) =>
  choice.kind === 'none' ? null : choice.run.entry.header.id;

describe('the baseline of a run', () => {
  test("is its merge-base's, though newer ones of the target branch and of its own branch are stored", () => {
    const runs = [
      stored('own', { commit: commit('e'), branch: 'faster', startedAt: '2026-03-18T09:00:00.000Z' }),
      stored('later', { commit: commit('d'), startedAt: '2026-03-17T09:00:00.000Z' }),
      stored('base', { commit: commit('c'), startedAt: '2026-03-16T09:00:00.000Z' }),
      stored('older', { commit: commit('a') }),
    ];
    const selection = choose(runs);
    assert.equal(selection.choice.kind, 'mergeBase');
    assert.equal(chosen(selection), 'base');
    assert.deepEqual(selection.mismatch, { workload: false, machine: [] });
    assert.deepEqual(
      selection.alike.map(({ entry }) => entry.header.id),
      ['base', 'older'],
    );
    assert.equal(
      baselineSentence(selection),
      'Baseline: the run of 2026-03-16 09:00 at cccccccccc, where this commit left main.',
    );
  });
  test("is the nearest ancestor's where the merge-base was not measured", () => {
    const selection = choose([stored('b', { commit: commit('b') }), stored('a', { commit: commit('a') })]);
    assert.deepEqual(
      selection.choice.kind === 'ancestor' && [selection.choice.distance, selection.choice.from],
      [1, 'mergeBase'],
    );
    assert.match(
      baselineSentence(selection),
      /at bbbbbbbbbb, the nearest measured ancestor, 1 commit before where this commit left main\.$/,
    );
  });
  test('is the latest of the target branch where no ancestor was measured', () => {
    const runs = [
      stored('d', { commit: commit('d') }),
      // A squashed commit that the history here does not have.
      stored('squashed', { commit: commit('9'), startedAt: '2026-03-19T09:00:00.000Z' }),
      stored('elsewhere', { commit: commit('8'), branch: 'other', startedAt: '2026-03-20T09:00:00.000Z' }),
    ];
    const selection = choose(runs);
    assert.equal(chosen(selection), 'squashed');
    assert.deepEqual(
      selection.alike.map(({ entry }) => entry.header.id),
      ['squashed', 'd'],
    );
    assert.match(
      baselineSentence(selection),
      /, the latest of main, since no ancestor of this commit was measured\.$/,
    );
  });
  test('on the target branch itself is the one before, not another run of the same commit', () => {
    const onMain: CommitHistory = {
      ...branched,
      head: commit('c'),
      mergeBase: commit('c'),
    };
    const runs = [stored('same', { commit: commit('c') }), stored('before', { commit: commit('b') })];
    const run = headerOf({ commit: commit('c'), branch: 'main' });
    assert.equal(chosen(choose(runs, { run, history: onMain })), 'before');
    const dirty = headerOf({ commit: commit('c'), branch: 'main', dirty: true });
    const selection = choose(runs, { run: dirty, history: onMain });
    assert.equal(chosen(selection), 'same');
    assert.match(baselineSentence(selection), /this commit without its uncommitted changes\.$/);
  });
  test('never is a run of uncommitted changes, one that did not complete, or the run itself', () => {
    const runs = [
      stored('dirty', { commit: commit('c'), dirty: true }),
      stored('cut', {
        commit: commit('c'),
        measurement: { completion: { state: 'interrupted', signal: 'SIGINT' } },
      }),
      stored('this', { commit: commit('c') }),
    ];
    const selection = choose(runs);
    assert.deepEqual(selection.choice, { kind: 'none', because: 'noneUsable' });
    assert.deepEqual(selection.passedOver, { uncommittedChanges: 1, incomplete: 1, sameRun: 1 });
    assert.match(baselineSentence(selection), /1 measured uncommitted changes, 1 did not complete\)\.$/);
  });
  test('of several of one commit is the one of a like machine, then the newest', () => {
    const runs = [
      stored('elsewhere', { commit: commit('c'), cpu: 'Other', startedAt: '2026-03-18T09:00:00.000Z' }),
      stored('newer', { commit: commit('c'), startedAt: '2026-03-17T09:00:00.000Z' }),
      stored('older', { commit: commit('c') }),
    ];
    assert.equal(chosen(choose(runs)), 'newer');
  });
  test('is found by branch where the commit is not known here, and by time where there are no commits', () => {
    const runs = [
      stored('branch', { commit: commit('8'), branch: 'faster', startedAt: '2026-03-18T09:00:00.000Z' }),
      stored('main', { commit: commit('7') }),
    ];
    const unknown = choose(runs, { history: null });
    assert.equal(chosen(unknown), 'main');
    assert.match(
      baselineSentence(unknown),
      /the latest of main, since this run's commit is not known here\.$/,
    );
    const bare = [
      stored('one', { commit: null }),
      stored('two', { commit: null, startedAt: '2026-03-19T09:00:00.000Z' }),
    ];
    const latest = choose(bare, { run: headerOf({ commit: null }), history: null });
    assert.equal(chosen(latest), 'two');
    assert.match(baselineSentence(latest), /, the latest, since this run belongs to no commit\.$/);
  });
  test('may be named, whatever it is, and then its mismatch is said', () => {
    const selection = namedBaseline(headerOf(), stored('x', { digest: 'other', dirty: true }));
    assert.equal(chosen(selection), 'x');
    assert.deepEqual(selection.alike, []);
    assert.match(
      baselineSentence(selection),
      /which was named; weak evidence, since it differs: the scenario has changed/,
    );
  });
  test('is none, with the reason, where there is none', () => {
    const reasonOf = ({ choice }: BaselineSelection) => (choice.kind === 'none' ? choice.because : null);
    assert.equal(reasonOf(choose([])), 'noneStored');
    assert.equal(reasonOf(choose([stored('x', { scenario: 'vote', file: 'vote.yaml' })])), 'noneOfScenario');
    assert.equal(reasonOf(choose([stored('x', { commit: commit('8'), branch: 'other' })])), 'noneRelated');
    assert.equal(baselineSentence(choose([])), 'No baseline: none is stored.');
  });
});

describe('a baseline of another workload or machine', () => {
  test('of another workload is refused, unless the policy takes it as weak', () => {
    const runs = [
      stored('c', { commit: commit('c'), digest: 'other' }),
      stored('b', { commit: commit('b') }),
    ];
    const refused = choose(runs);
    assert.equal(chosen(refused), 'b');
    assert.deepEqual(refused.passedOver, { otherWorkload: 1 });
    const weak = choose(runs, { policy: { workload: 'weak', machine: 'weak' } });
    assert.equal(chosen(weak), 'c');
    assert.equal(weak.mismatch?.workload, true);
    assert.deepEqual(
      weak.alike.map(({ entry }) => entry.header.id),
      ['b'],
    );
  });
  test('of another machine is weak, unless the policy refuses it', () => {
    const runs = [stored('c', { commit: commit('c'), cpu: 'Other CPU' })];
    const weak = choose(runs);
    assert.equal(chosen(weak), 'c');
    assert.deepEqual(weak.mismatch, {
      workload: false,
      machine: [{ part: 'cpu', baseline: 'Other CPU', run: 'Example CPU at 2.60GHz' }],
    });
    assert.deepEqual(weak.alike, []);
    assert.match(
      baselineSentence(weak),
      /; weak evidence, since it differs: processor Other CPU, now Example CPU at 2\.60GHz\.$/,
    );
    const refused = choose(runs, { policy: { workload: 'refuse', machine: 'refuse' } });
    assert.deepEqual(refused.choice, { kind: 'none', because: 'noneUsable' });
    assert.deepEqual(refused.passedOver, { otherMachine: 1 });
  });
  test('is not one for a patch release of the system or of Node, or some memory that a kernel keeps', () => {
    const run = headerOf();
    const base = stored('c', { commit: commit('c') });
    const withPrint = (changes: Partial<typeof run.fingerprint>) => ({
      ...run,
      fingerprint: { ...run.fingerprint, ...changes },
    });
    const partsOf = (changes: Partial<typeof run.fingerprint>) =>
      choose([base], { run: withPrint(changes) }).mismatch?.machine.map(({ part }) => part);
    assert.deepEqual(
      partsOf({ os: 'Linux 6.1.77-azure x64', node: '20.21.0', memoryMb: 16_300, plimsoll: '9' }),
      [],
    );
    assert.deepEqual(partsOf({ os: 'Linux 6.8.0 x64' }), ['os']);
    assert.deepEqual(partsOf({ node: '22.1.0' }), ['node']);
    assert.deepEqual(partsOf({ memoryMb: 8_192, cores: 2, ci: null }), ['cores', 'ci', 'memory']);
  });
});

describe('the subject of a run', () => {
  const served = (serve: string | null, path = 'scenarios/browse-bills.yaml') => ({ path, serve });
  const reasons = (about: Parameters<typeof runOf>[1], run: Parameters<typeof runOf>[1] = {}) =>
    choose([stored('x', { commit: commit('c'), ...about })], { run: headerOf(run) });

  test('is another one on another port, scheme, base path or host, and says so', () => {
    for (const target of [
      'http://127.0.0.1:4011',
      'https://127.0.0.1:4010',
      'http://127.0.0.1:4010/v2',
      'http://10.0.0.7:4010',
      'http://api.example.org:4010',
    ]) {
      const selection = reasons({ target });
      assert.deepEqual(selection.passedOver, { otherTarget: 1 }, target);
      assert.match(baselineSentence(selection), /No baseline: .*\(1 measured another target\)\.$/);
    }
  });
  test('is the same under another address of its kind, and under another port where Plimsoll serves it', () => {
    const local = { target: 'http://localhost:4010/' };
    assert.equal(chosen(reasons(local)), 'x');
    const [one, other] = ['http://10.0.0.7:80', 'http://192.168.1.9'].map(target => ({ target }));
    assert.equal(chosen(reasons(one, other)), 'x');
    const subject = served('npm start');
    assert.equal(chosen(reasons({ target: 'http://127.0.0.1:5', subject }, { subject })), 'x');
  });
  test('is another one by another command in serve, and where nothing was served', () => {
    const run = { subject: served('npm start') };
    for (const serve of ['node other.js', null]) {
      assert.deepEqual(reasons({ subject: served(serve) }, run).passedOver, { otherServe: 1 });
    }
  });
  test('is that of a record of an earlier version, which says nothing of serve and of the repository', () => {
    const run = { subject: served('npm start', 'api/scenarios/browse-bills.yaml') };
    assert.equal(chosen(reasons({}, run)), 'x');
  });
  test('is another one by another file of the same name', () => {
    const [one, other] = ['users', 'orders'].map(name => ({ subject: served(null, `${name}/load.yaml`) }));
    assert.deepEqual(reasons(one, other).passedOver, { otherFile: 1 });
  });
  test('is known by its workload where its file was moved or its name changed, and says so', () => {
    const old = stored('x', { commit: commit('c'), scenario: 'old', file: 'scenarios/old.yaml' });
    const hasFile = ({ scenario }: RecordHeader) => scenario !== 'old';
    const moved = choose([old], { hasFile });
    assert.match(
      baselineSentence(moved),
      /left main, when the scenario was called old \(scenarios\/old\.yaml\)\.$/,
    );
    assert.equal(chosen(choose([old], { hasFile: () => true })), null);
    const changed = stored('x', { commit: commit('c'), scenario: 'old', file: 'a.yaml', digest: 'other' });
    assert.equal(chosen(choose([changed], { hasFile })), null);
    const renamed = stored('x', { commit: commit('c'), scenario: 'old' });
    assert.match(baselineSentence(choose([renamed])), /, when the scenario was called old /);
  });
  test('is compared with another one that is named, which is said', () => {
    const selection = namedBaseline(headerOf(), stored('x', { target: 'http://127.0.0.1:4011' }));
    assert.equal(chosen(selection), 'x');
    assert.match(
      baselineSentence(selection),
      /it measured another target: http:\/\/127\.0\.0\.1:4011, now http:\/\/127\.0\.0\.1:4010\.$/,
    );
  });
  test('has no baseline among runs that nobody saved, where the store holds those too', () => {
    const runs = [stored('x', { commit: commit('c') })];
    const selection = choose(runs, { onlySaved: true });
    assert.match(
      baselineSentence(selection),
      /^No baseline: no run of this scenario was saved \(plimsoll baseline save does that\)\.$/,
    );
    const [run] = runs.map(one => ({ ...one, entry: { ...one.entry, baseline: {} } }));
    assert.ok(run, 'there is no run');
    assert.equal(chosen(choose([run], { onlySaved: true })), 'x');
  });
});

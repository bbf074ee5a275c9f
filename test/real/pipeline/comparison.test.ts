import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { usualRegression } from '../../../src/model/judgement/regression-policy.ts';
import { openBaselines } from '../../../src/pipeline/baselines/baselines.ts';
import { comparisonFor } from '../../../src/pipeline/baselines/comparison.ts';
import { runsNamed } from '../../../src/pipeline/baselines/named-runs.ts';
import { compareNamed } from '../../../src/pipeline/run/compare.ts';
import { judgeRecord } from '../../../src/pipeline/run/run.ts';
import { summaryOf } from '../../../src/report/summary/summary.ts';
import { baselineSentence } from '../../../src/report/words/baseline-sentence.ts';
import { writeRecord } from '../../../src/store/records/record-file.ts';
import { runsIn } from '../../fixtures/rendered.ts';
import { headed, runOf } from '../../pure/judge/earlier-runs.ts';
import { cloneOf, gitEnv, newRepository, notMeasured } from '../store/repository.ts';

const budgets = {
  budgets: [],
  regression: usualRegression,
  onInconclusive: 'warn',
  file: null,
  unused: [],
} as const;
const run = headed(runOf({ medianMs: 40, seed: 9 }), { startedAt: '2026-11-21T12:00:00.000Z' });
const earlier = (seed: number) =>
  headed(runOf({ medianMs: 20, seed }), { startedAt: `2026-11-21T0${seed}:00:00.000Z` });

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-comparison-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function stored(folder: string, ...seeds: readonly number[]) {
  const baselines = await openBaselines({ cwd: folder, env: {}, out: folder, store: 'dir' });
  await baselines.store.save(seeds.map(earlier));
  return baselines;
}

/** Cuts a record short without a change of its length, so that only reading all of it tells. */
async function damage(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const half = text.slice(0, text.length / 2);
  await writeFile(file, `${half.padEnd(text.length - 1)}\n`);
}

describe('the comparison of a run with what a store holds', () => {
  it('is with the latest run, and counts the others', async () => {
    await inFolder(async folder => {
      const comparison = await comparisonFor(run, budgets, { baselines: await stored(folder, 1, 3, 2) });
      assert.ok(comparison.state === 'compared' && comparison.basis.kind === 'fewRuns', comparison.state);
      assert.equal(comparison.basis.reference.entry.header.id, 'run-3');
      assert.equal(comparison.basis.others.length, 2);
    });
  });
  it('is with those that are named, by id or by file', async () => {
    await inFolder(async folder => {
      const baselines = await stored(folder, 1, 3);
      const file = await writeRecord(folder, earlier(2));
      for (const [options, id] of [
        ['run-1', 'run-1'],
        [file, 'run-2'],
      ] as const) {
        const named = await runsNamed(options, baselines, folder);
        const comparison = await comparisonFor(run, budgets, { baselines, named });
        assert.ok(comparison.state === 'compared', `state ${comparison.state}`);
        assert.equal(comparison.basis.why.kind, 'named');
        assert.equal(comparison.basis.reference.entry.header.id, id);
      }
    });
  });
  it('is none where what was named is of other scenarios, and says so', async () => {
    await inFolder(async folder => {
      const baselines = await stored(folder, 1);
      const other = headed(run, { scenario: 'vote-night', digest: 'other' });
      const named = await runsNamed('run-1', baselines, folder);
      const comparison = await comparisonFor(other, budgets, { baselines, named });
      assert.ok(comparison.state === 'none', `state ${comparison.state}`);
      assert.deepEqual(comparison.selection?.choice, { kind: 'none', because: 'noneOfScenario' });
    });
  });
  it('passes a damaged record over for another, and says so', async () => {
    await inFolder(async folder => {
      const baselines = await stored(folder, 1, 3);
      const { runs } = await baselines.store.list();
      await damage(runs[0]?.where ?? '');
      const read = { ...baselines, store: { ...baselines.store, list: async () => ({ runs, skipped: [] }) } };
      const comparison = await comparisonFor(run, budgets, { baselines: read });
      assert.ok(comparison.state === 'compared', `state ${comparison.state}`);
      assert.equal(comparison.basis.reference.entry.header.id, 'run-1');
      const [note] = comparison.notes;
      assert.ok(note?.kind === 'passedOver' && note.why.kind === 'unreadable', JSON.stringify(note));
      assert.match(note.why.what, /: the record is damaged \[record\.corrupt\]$/);
    });
  });
  it('names what the store could not read', async () => {
    await inFolder(async folder => {
      const baselines = await stored(folder, 1, 3);
      const { runs } = await baselines.store.list();
      const [newest, oldest] = runs.map(({ where }) => where);
      await writeFile(newest ?? '', '{');
      const compared = await comparisonFor(run, budgets, { baselines });
      assert.ok(compared.state === 'compared', `state ${compared.state}`);
      const what = `${newest}: the record is damaged [record.corrupt]`;
      assert.deepEqual(compared.notes[0], { kind: 'passedOver', why: { kind: 'unreadable', what } });
      await writeFile(oldest ?? '', '{');
      const none = await comparisonFor(run, budgets, { baselines });
      assert.ok(none.state === 'none' && none.selection, none.state);
      assert.match(
        baselineSentence(none.selection),
        /^No baseline: none is stored \(2 cannot be read: .*run-1\.json, .*run-3\.json\)\.$/,
      );
    });
  });
  it('is refused where the branch of baselines is damaged', async () => {
    await inFolder(async folder => {
      const code = newRepository(folder);
      const baselines = await openBaselines({ cwd: folder, env: process.env, out: folder });
      await baselines.store.save([earlier(1)]);
      const tip = code.run('rev-parse', 'plimsoll-data');
      await rm(join(folder, '.git', 'objects', tip.slice(0, 2), tip.slice(2)));
      const comparison = await comparisonFor(run, budgets, { baselines });
      assert.ok(
        comparison.state === 'refused' && comparison.reason.kind === 'unreadable',
        'reason' in comparison ? comparison.reason.kind : comparison.state,
      );
      assert.match(comparison.reason.what, /the branch of baselines is damaged \[store\.branch-corrupt\]$/);
    });
  });
  it('passes a run that was no measurement over, whether it is the newest or one of many', async () => {
    const exhausted = headed(runOf({ medianMs: 90, seed: 8 }, { generator: { exhausted: { EMFILE: 3 } } }), {
      startedAt: '2026-11-21T08:00:00.000Z',
    });
    for (const [others, kind] of [
      [[1], 'fewRuns'],
      [[1, 2, 3, 4, 5, 6, 7, 9], 'manyRuns'],
    ] as const) {
      await inFolder(async folder => {
        const baselines = await stored(folder, ...others);
        await baselines.store.save([exhausted]);
        const later = headed(run, { id: 'later' });
        const comparison = await comparisonFor(later, budgets, { baselines });
        assert.ok(comparison.state === 'compared' && comparison.basis.kind === kind, comparison.state);
        assert.equal(comparison.basis.reference.entry.header.id, `run-${others.at(-1)}`);
        assert.deepEqual(
          comparison.selection.alike.map(({ entry }) => entry.header.id).includes('run-8'),
          false,
        );
        assert.ok(
          comparison.findings.some(({ status }) => status === 'fail'),
          'no finding fails',
        );
        const [note] = comparison.notes;
        assert.ok(note?.kind === 'passedOver' && note.why.kind === 'noMeasurement', JSON.stringify(note));
        assert.match(note.why.where, /run-8\.json$/);
        assert.equal(note.why.reasons[0]?.kind, 'exhausted');
      });
    }
  });
  it('is refused where the only stored run was no measurement', async () => {
    await inFolder(async folder => {
      const baselines = await stored(folder);
      await baselines.store.save([
        runOf({ medianMs: 20, seed: 1 }, { generator: { exhausted: { EMFILE: 3 } } }),
      ]);
      const comparison = await comparisonFor(run, budgets, { baselines });
      assert.ok(
        comparison.state === 'refused' && comparison.reason.kind === 'noMeasurement',
        'reason' in comparison ? comparison.reason.kind : comparison.state,
      );
      assert.ok(comparison.reason.of === 'stored', comparison.reason.of);
      assert.match(comparison.reason.where, /run-1\.json$/);
    });
  });
  it('is refused, not fatal, where nothing can be read', async () => {
    await inFolder(async folder => {
      const baselines = await stored(folder, 1);
      const { runs } = await baselines.store.list();
      await damage(runs[0]?.where ?? '');
      const read = { ...baselines, store: { ...baselines.store, list: async () => ({ runs, skipped: [] }) } };
      const comparison = await comparisonFor(run, budgets, { baselines: read });
      assert.ok(
        comparison.state === 'refused' && comparison.reason.kind === 'unreadable',
        'reason' in comparison ? comparison.reason.kind : comparison.state,
      );
      assert.match(comparison.reason.what, /the record is damaged \[record\.corrupt\]$/);
    });
  });
  it('is none without an earlier run, and of a run that did not complete', async () => {
    await inFolder(async folder => {
      const none = await comparisonFor(run, budgets, { baselines: await stored(folder) });
      assert.ok(none.state === 'none' && none.selection?.choice.kind === 'none', none.state);
      const cut = runOf(
        { medianMs: 20, seed: 9 },
        { completion: { state: 'interrupted', signal: 'SIGINT' } },
      );
      const partial = await comparisonFor(cut, budgets, { baselines: await stored(folder, 1) });
      assert.deepEqual(partial, { state: 'none', selection: null });
    });
  });
});

describe('a word that means runs', () => {
  it('is a commit before it is a file, unless it can only be a file', async () => {
    await inFolder(async folder => {
      const code = newRepository(join(folder, 'code'));
      const commit = await code.commit('one');
      const out = join(folder, 'reports');
      const baselines = await openBaselines({ cwd: code.folder, env: process.env, out });
      const of = (seed: number) =>
        headed(earlier(seed), {}, { git: { commit, branch: 'main', dirty: false } });
      await baselines.store.save([of(1)]);
      const file = join(folder, 'branch');
      await rename(await writeRecord(folder, of(2)), file);
      const idsOf = async (options: string) =>
        (await runsNamed(options, baselines, out)).runs.map(({ stored }) => stored.entry.header.id);
      const before = process.cwd();
      process.chdir(folder);
      try {
        assert.deepEqual(await idsOf('branch'), ['run-2']);
        code.run('branch', 'branch');
        assert.deepEqual(await idsOf('branch'), ['run-1']);
        assert.deepEqual(await idsOf('./branch'), ['run-2']);
      } finally {
        process.chdir(before);
      }
    });
  });
  it('is told to lie beyond what a shallow clone has', async () => {
    await inFolder(async folder => {
      const code = newRepository(join(folder, 'code'));
      await code.commit('one');
      await code.commit('two');
      const clone = cloneOf(code.folder, join(folder, 'clone'), '--depth=1');
      const baselines = await openBaselines({ cwd: clone.folder, env: process.env, out: folder });
      await assert.rejects(
        runsNamed('HEAD~1', baselines, folder),
        /git knows no such commit \[git\.unknown-ref\][\s\S]*git fetch --unshallow/,
      );
    });
  });
  it('means the complete and clean runs of a commit, and others only where there are no such', async () => {
    await inFolder(async folder => {
      const code = newRepository(join(folder, 'code'));
      const commit = await code.commit('one');
      const out = join(folder, 'reports');
      const baselines = await openBaselines({ cwd: code.folder, env: process.env, out });
      const of = (seed: number, dirty: boolean, scenario: string) =>
        headed(earlier(seed), { scenario }, { git: { commit, branch: 'main', dirty } });
      const cut = headed(
        runOf({ medianMs: 20, seed: 4 }, { completion: { state: 'interrupted', signal: 'SIGINT' } }),
        { startedAt: '2026-11-21T04:00:00.000Z' },
        { git: { commit, branch: 'main', dirty: false } },
      );
      const runs = [of(1, false, 'browse-bills'), of(2, true, 'browse-bills'), cut, of(3, true, 'vote')];
      await baselines.store.save(runs);
      for (const options of ['HEAD', commit.slice(0, 9)]) {
        const found = await runsNamed(options, baselines, out);
        assert.deepEqual(
          found.runs.map(({ stored: { entry } }) => entry.header.id),
          ['run-3', 'run-1'],
        );
      }
    });
  });
  it('is a commit by any of its names, in the branch and in the folder of records', async () => {
    await inFolder(async folder => {
      const code = newRepository(join(folder, 'code'));
      const commit = await code.commit('one');
      const out = join(folder, 'reports');
      const baselines = await openBaselines({ cwd: code.folder, env: process.env, out });
      const of = (seed: number) =>
        headed(earlier(seed), {}, { git: { commit, branch: 'main', dirty: false } });
      await baselines.store.save([of(1)]);
      const { store } = await openBaselines({ cwd: code.folder, env: process.env, out, store: 'dir' });
      await store.save([of(2), of(1)]);
      for (const options of [commit, commit.slice(0, 9), 'HEAD', 'main']) {
        const found = await runsNamed(options, baselines, out);
        assert.deepEqual(
          found.runs.map(({ stored: { entry } }) => entry.header.id),
          ['run-2', 'run-1'],
        );
      }
      const [one] = (await runsNamed('run-1', baselines, out)).runs;
      assert.equal((await one?.read())?.header.id, 'run-1');
      for (const [options, found] of [
        ['run-', '2 runs whose id begins with run-'],
        ['nothing', 'nothing'],
        ['ru', 'ru'],
      ] as const) {
        await assert.rejects(runsNamed(options, baselines, out), new RegExp(`found +${found}\n`));
      }
    });
  });
});

describe('a run where nothing was saved and no repository tells what belongs together', () => {
  it('says how it changed since the last run that was a measurement, without a verdict', async () => {
    await inFolder(async folder => {
      const baselines = await openBaselines({ cwd: folder, env: gitEnv, out: folder });
      const last = headed(runOf({ medianMs: 20, seed: 1 }), { startedAt: '2026-11-21T10:00:00.000Z' });
      const late = headed(runOf({ medianMs: 900, seed: 2 }), { startedAt: '2026-11-21T11:00:00.000Z' });
      await mkdir(join(folder, 'runs'));
      for (const one of [last, notMeasured(late)]) await writeRecord(join(folder, 'runs'), one);
      const comparison = await comparisonFor(run, budgets, { baselines });
      const judged = judgeRecord(run, budgets, comparison);
      assert.deepEqual([judged.judgement.verdict, judged.exitCode], ['pass', 0]);
      const [summary] = summaryOf([judged]).runs;
      assert.equal(summary?.comparison.lastRun?.startedAt, last.header.startedAt);
      const change = summary?.comparison.lastRun?.p95Change ?? 0;
      assert.ok(change > 0.6 && change < 1.6, `${change}`);
      assert.ok(
        summary.findings.every(({ kind }) => kind === 'budget'),
        'something was compared',
      );
      for (const format of ['terminal', 'markdown', 'json'] as const) {
        const text = runsIn([judged], format, { width: 1_000 });
        assert.match(
          text.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
          /No baseline: no run of this scenario was saved \(plimsoll baseline save does that\)\. Last run \(2026-11-21 10:00, not saved\): \+\d+(\.\d)?% at p95, without a verdict\./,
          format,
        );
      }
    });
  });
});

describe('a comparison of two commits', () => {
  const at = (hour: number) => ({ startedAt: `2026-11-21T0${hour}:00:00.000Z` });
  const compared = async (
    folder: string,
    runsOf: (one: string, two: string) => readonly ReturnType<typeof runOf>[],
  ) => {
    const code = newRepository(join(folder, 'code'));
    const [one, two] = [await code.commit('one'), await code.commit('two')];
    const out = join(folder, 'reports');
    const baselines = await openBaselines({ cwd: code.folder, env: gitEnv, out });
    const { store } = await openBaselines({ cwd: code.folder, env: gitEnv, out, store: 'dir' });
    await store.save(runsOf(one, two));
    const request = { base: 'HEAD~1', head: 'HEAD', anyway: false, budgets: null, out, cwd: code.folder };
    return await compareNamed(baselines, request);
  };
  const of = (commit: string, seed: number, medianMs: number, header: Parameters<typeof headed>[1]) =>
    headed(
      runOf({ medianMs, seed }),
      { id: `run-${commit.slice(0, 8)}-${seed}`, ...header },
      { git: { commit, branch: 'main', dirty: false } },
    );

  it('takes the newest run of either that is a measurement, and says which it passed over', async () => {
    await inFolder(async folder => {
      const [run, ...others] = await compared(folder, (one, two) => [
        of(one, 1, 20, at(1)),
        notMeasured(of(one, 2, 900, at(2))),
        of(two, 3, 21, at(3)),
        notMeasured(of(two, 4, 900, at(4))),
      ]);
      assert.ok(run && others.length === 0, `${others.length + 1} comparisons`);
      assert.match(run.record.header.id, /-3$/);
      const { comparison } = run.judgement;
      assert.ok(comparison.state === 'compared', comparison.state);
      assert.match(comparison.basis.reference.entry.header.id, /-1$/);
      assert.notEqual(run.judgement.verdict, 'invalid');
      for (const format of ['terminal', 'markdown', 'json'] as const) {
        const text = runsIn([run], format, { width: 1_000 }).replaceAll('\\', '');
        for (const seed of [2, 4]) {
          const what = new RegExp(
            `A stored run was passed over: [^\n]*-${seed}.json is no measurement: the generator was the bottleneck`,
          );
          assert.match(
            text.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
            what,
            format,
          );
        }
      }
    });
  });
  it('is no measurement where none of its runs is', async () => {
    await inFolder(async folder => {
      const [run] = await compared(folder, (one, two) => [
        of(one, 1, 20, at(1)),
        notMeasured(of(two, 3, 20, at(3))),
        notMeasured(of(two, 4, 20, at(4))),
      ]);
      assert.deepEqual([run?.judgement.verdict, run?.exitCode], ['invalid', 3]);
    });
  });
  it('is made for each subject, whatever their scenarios are called', async () => {
    await inFolder(async folder => {
      const [users, orders] = ['http://127.0.0.1:4010', 'http://127.0.0.1:4011'];
      const runs = await compared(folder, (one, two) => [
        of(one, 1, 20, { ...at(1), target: users }),
        of(one, 2, 60, { ...at(2), target: orders }),
        of(two, 3, 60, { ...at(3), target: orders }),
        of(two, 4, 20, { ...at(4), target: users }),
      ]);
      assert.deepEqual(
        runs.map(({ record, judgement: { comparison } }) => [
          record.header.target,
          comparison.state === 'compared' && comparison.basis.reference.entry.header.target,
        ]),
        [
          [users, users],
          [orders, orders],
        ],
      );
    });
  });
});

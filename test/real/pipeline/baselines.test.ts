import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { PlimsollError } from '../../../src/model/error.ts';
import { usualRegression } from '../../../src/model/judgement/regression-policy.ts';
import {
  baselineFor,
  findStoredRun,
  latestHeaders,
  openBaselines,
} from '../../../src/pipeline/baselines/baselines.ts';
import { comparisonFor } from '../../../src/pipeline/baselines/comparison.ts';
import { metricHistory } from '../../../src/pipeline/baselines/history.ts';
import { pruneBaselines } from '../../../src/pipeline/baselines/prune.ts';
import { pushBaselines } from '../../../src/pipeline/baselines/sharing.ts';
import { saveBaselines } from '../../../src/pipeline/run/save.ts';
import { baselineSentence } from '../../../src/report/words/baseline-sentence.ts';
import { comparisonNote } from '../../../src/report/words/reasons/comparison-note.ts';
import { writeRecord } from '../../../src/store/records/record-file.ts';
import { historyIn } from '../../fixtures/rendered.ts';
import { inFolder } from '../store/folder.ts';
import { cloneOf, gitEnv, newRepository, notMeasured, runOf } from '../store/repository.ts';

const day = (number: number) => `2026-03-${String(number).padStart(2, '0')}T09:00:00.000Z`;
const open = (folder: string, store?: 'dir' | 'git') =>
  openBaselines({ cwd: folder, env: gitEnv, out: join(folder, 'reports'), store });

async function folderOfRuns(
  folder: string,
  ...records: readonly ReturnType<typeof runOf>[]
): Promise<string> {
  const runs = join(folder, 'reports', 'runs');
  await mkdir(runs, { recursive: true });
  for (const record of records) await writeRecord(runs, record);
  return runs;
}

/** Keeps a record as `run` does, and returns its file. */
async function kept(runs: string, record: ReturnType<typeof runOf>): Promise<string> {
  await mkdir(runs, { recursive: true });
  return await writeRecord(runs, record);
}

const save = (baselines: Awaited<ReturnType<typeof open>>, folder: string, files: readonly string[] = []) =>
  saveBaselines(baselines, { files, out: join(folder, 'reports'), budgets: null, cwd: folder });

const idsIn = async (baselines: Awaited<ReturnType<typeof open>>) =>
  (await baselines.store.list()).runs.map(({ entry }) => entry.header.id);

describe('where baselines are kept', () => {
  test('is the branch within a repository, else the folder of runs, unless it is said', async () => {
    await inFolder(async folder => {
      const code = newRepository(join(folder, 'code'));
      await mkdir(join(folder, 'plain'));
      assert.equal((await open(code.folder)).store.kind, 'git');
      assert.equal((await open(code.folder, 'dir')).store.kind, 'dir');
      assert.equal((await open(join(folder, 'plain'))).store.kind, 'dir');
      await assert.rejects(open(join(folder, 'plain'), 'git'), isProblem('store.no-repository'));
    });
  });
  test('is not guessed where git cannot tell, unless the folder is asked for', async () => {
    await inFolder(async folder => {
      const code = newRepository(join(folder, 'code'));
      await writeFile(join(code.folder, '.git', 'config'), '[broken');
      await assert.rejects(open(code.folder), /git failed \[store\.git-failed\]\n +found +fatal: bad config/);
      await assert.rejects(open(code.folder, 'git'), isProblem('store.git-failed'));
      assert.equal((await open(code.folder, 'dir')).store.kind, 'dir');
    });
  });
  test('is the folder of runs where there is no git', async () => {
    await inFolder(async folder => {
      const { store } = await openBaselines({ cwd: folder, env: { PATH: '/nonexistent' }, out: folder });
      assert.equal(store.kind, 'dir');
    });
  });
  test('cannot be pushed from a folder', async () => {
    await inFolder(async folder => {
      const code = newRepository(join(folder, 'code'));
      await assert.rejects(pushBaselines(await open(code.folder, 'dir')), isProblem('store.no-remote'));
    });
  });
});

describe('saving', () => {
  test('takes the latest run by itself, or the named records', async () => {
    await inFolder(async folder => {
      const code = newRepository(folder);
      const runs = await folderOfRuns(
        folder,
        runOf('old', { startedAt: day(1) }),
        runOf('new', { startedAt: day(2) }),
      );
      await writeFile(join(runs, 'damaged.json'), '{');
      const baselines = await open(code.folder);
      await save(baselines, folder);
      assert.deepEqual(await idsIn(baselines), ['new']);
      const [old] = (await readdir(runs)).filter(name => name.includes('-old'));
      await save(baselines, folder, [join(runs, old ?? '')]);
      assert.deepEqual(await idsIn(baselines), ['new', 'old']);
    });
  });
  test('refuses what is damaged, did not complete or is no measurement, and saves the others', async () => {
    await inFolder(async folder => {
      newRepository(folder);
      const completion = { state: 'interrupted', signal: 'SIGINT' } as const;
      const runs = await folderOfRuns(
        folder,
        runOf('a'),
        runOf('b-cut', { measurement: { completion } }),
        runOf('c'),
        notMeasured(runOf('d-exhausted')),
      );
      await writeFile(join(runs, 'e-damaged.json'), '{');
      const files = (await readdir(runs)).sort().map(name => join(runs, name));
      const baselines = await open(folder);
      const { saved, refused } = await save(baselines, folder, files);
      assert.deepEqual(
        saved.map(({ id }) => id),
        ['a', 'c'],
      );
      assert.deepEqual(await idsIn(baselines), ['a', 'c']);
      const [cut, exhausted, damaged] = refused.map(({ message }) => message);
      assert.match(
        cut ?? '',
        /b-cut\.json: the run cannot be a baseline \[record\.not-a-measurement\]\n.*did not complete/,
      );
      assert.match(
        exhausted ?? '',
        /d-exhausted\.json: .*\n.*no measurement: the generator was the bottleneck/,
      );
      assert.match(damaged ?? '', /e-damaged\.json: the record is damaged/);
    });
  });
  test('skips what was no measurement and was repeated, and refuses what came after', async () => {
    await inFolder(async folder => {
      newRepository(folder);
      const runs = join(folder, 'reports', 'runs');
      const files = [
        await kept(runs, notMeasured(runOf('first', { startedAt: day(1) }))),
        await kept(runs, runOf('again', { startedAt: day(2) })),
        await kept(runs, notMeasured(runOf('later', { startedAt: day(3) }))),
      ];
      const { saved, refused, repeated } = await save(await open(folder), folder, files);
      assert.deepEqual([saved.map(({ id }) => id), refused.length, repeated.length], [['again'], 1, 1]);
      assert.match(repeated[0]?.message ?? '', /-first\.json: .*\n.*no measurement/);
    });
  });
  test('keeps the verdict that a run had then, also of one that failed', async () => {
    await inFolder(async folder => {
      const code = newRepository(folder);
      const [first, second] = [await code.commit('one'), await code.commit('two')];
      const baselines = await open(folder);
      const runs = join(folder, 'reports', 'runs');
      const one = await kept(runs, runOf('one', { commit: first, startedAt: day(1) }));
      const two = await kept(runs, runOf('two', { commit: second, startedAt: day(2), medianMs: 40 }));
      await save(baselines, folder, [one]);
      const { saved } = await save(baselines, folder, [two]);
      assert.equal(saved[0]?.mark.verdict, 'fail');
      const marksOf = async () =>
        Object.fromEntries(
          (await baselines.store.list()).runs.map(({ entry }) => [entry.header.id, entry.baseline]),
        );
      assert.deepEqual(await marksOf(), {
        // A hundred requests are too few to tell an error rate of 1%.
        one: { verdict: 'inconclusive' },
        two: { verdict: 'fail' },
      });
      const run = runOf('next', { commit: await code.commit('three') }).header;
      const { choice } = await baselineFor(run, baselines, { mayFetch: false });
      assert.ok(choice.kind === 'ancestor', choice.kind);
      assert.equal((await baselines.store.read(choice.run)).baseline?.verdict, 'fail');
      assert.match(
        baselineSentence(await baselineFor(run, baselines, { mayFetch: false })),
        /, 1 commit before where this commit left main; it failed\.$/,
      );
      // Saved once more, when it would be compared with itself alone, it is what it was.
      const again = await save(baselines, folder, [two]);
      assert.deepEqual([again.saved[0]?.isNew, again.saved[0]?.mark], [false, { verdict: 'fail' }]);
    });
  });
  test('quotes what a commit means to accept where that is nothing of what failed', async () => {
    await inFolder(async folder => {
      const code = newRepository(folder);
      const baselines = await open(folder);
      const runs = join(folder, 'reports', 'runs');
      const old = runOf('old', { commit: await code.commit('zero'), startedAt: day(1), medianMs: 10 });
      await save(baselines, folder, [await kept(runs, old)]);
      const commit = await code.commit('Encrypt bills\n\nPlimsoll-Accept: browse-bill p95');
      const run = runOf('two', { commit, startedAt: day(2), medianMs: 40 });
      const comparison = await comparisonFor(
        run,
        {
          budgets: [],
          regression: usualRegression,
          onInconclusive: 'warn',
          file: null,
          unused: [],
        },
        { baselines },
      );
      assert.ok(comparison.state === 'compared', comparison.state);
      const [note] = comparison.notes;
      assert.deepEqual(note, {
        kind: 'acceptsNothing',
        commit,
        value: 'browse-bill p95',
        scenario: 'browse-bills',
        metrics: ['p50', 'p95'],
      });
      assert.match(comparisonNote(note), /accepts nothing that fails here.*: browse-bills p50 p95”\.$/);
    });
  });
  test('keeps what commits accept of a run, which then stands for all before it', async () => {
    await inFolder(async folder => {
      const code = newRepository(folder);
      const baselines = await open(folder);
      const runs = join(folder, 'reports', 'runs');
      const saveRun = async (id: string, commit: string, number: number, medianMs: number) =>
        (
          await save(baselines, folder, [
            await kept(runs, runOf(id, { commit, startedAt: day(number), medianMs })),
          ])
        ).saved[0]?.mark;
      await saveRun('old', await code.commit('zero'), 1, 10);
      await saveRun('one', await code.commit('one'), 2, 10);
      const partly = await code.commit('Encrypt bills\n\nPlimsoll-Accept: browse-bills p50');
      const part = await saveRun('two', partly, 3, 40);
      assert.deepEqual(
        [part?.verdict, part?.accepted?.isPartial, part?.accepted?.findings],
        ['fail', true, [{ endpoint: 'GET /api/bills', metric: 'p50' }]],
      );
      const whole = await code.commit(
        // As a squashed commit has it: amid the text, and in whichever case.
        'Encrypt more\n\nPlimsoll-accept: browse-bills P50, p95\n\n* and say so',
      );
      const all = await saveRun('three', whole, 4, 160);
      assert.equal(all?.verdict, 'inconclusive');
      const { at, ...accepted } = all?.accepted ?? { at: '' };
      assert.match(at, /^20\d\d-.*Z$/);
      assert.deepEqual(accepted, {
        reason: 'Encrypt more',
        author: 'A',
        commit: whole,
        findings: ['p50', 'p95'].map(metric => ({ endpoint: 'GET /api/bills', metric })),
      });
      const run = runOf('next', { commit: await code.commit('four'), medianMs: 160 }).header;
      const selection = await baselineFor(run, baselines, { mayFetch: false });
      assert.deepEqual(
        selection.alike.map(({ entry }) => entry.header.id),
        ['three'],
      );
      assert.match(
        baselineSentence(selection),
        /; accepted by A in the commit [0-9a-f]{10} \(GET \/api\/bills p50, GET \/api\/bills p95\): Encrypt more\.$/,
      );
      const history = await metricHistory(baselines, {
        metric: 'p50',
        everyMachine: false,
        everyBranch: false,
      });
      assert.deepEqual(
        history.points.map(({ run, verdict, accepted }) => [run, verdict, accepted?.reason]),
        [
          ['old', 'inconclusive', undefined],
          ['one', 'inconclusive', undefined],
          ['two', 'fail', 'Encrypt bills'],
          ['three', 'inconclusive', 'Encrypt more'],
        ],
      );
      assert.match(
        historyIn(history, 'terminal', { width: 200 }),
        /Accepted:\n {2}[0-9a-f]{10}, .*, in part by A in the commit .*: Encrypt bills\n {2}.*: Encrypt more\n/,
      );
    });
  });
  test('says so where there is no run', async () => {
    await inFolder(async folder => {
      await assert.rejects(save(await open(folder), folder), isProblem('store.no-run'));
    });
  });
});

describe('a stored run', () => {
  test('is found by id, file, or the beginning of its id or commit, where that is one', async () => {
    await inFolder(async folder => {
      const baselines = await open(folder);
      await baselines.store.save([runOf('abcd-1', { commit: '1'.repeat(40) }), runOf('abcd-2')]);
      const idOf = async (options: string) => (await findStoredRun(baselines, options)).entry.header.id;
      assert.equal(await idOf('abcd-1'), 'abcd-1');
      assert.equal(await idOf('browse-bills-20260314T092653Z-abcd-2.json'), 'abcd-2');
      assert.equal(await idOf('11111'), 'abcd-1');
      await assert.rejects(idOf('abcd'), isProblem('store.ambiguous-run'));
      await assert.rejects(idOf('111'), isProblem('store.no-run'));
      await assert.rejects(idOf('nothing'), isProblem('store.no-run'));
    });
  });
});

describe('pruning', () => {
  const runs = [1, 2, 3].flatMap(number => [
    runOf(`bills-${number}`, { startedAt: day(number) }),
    runOf(`votes-${number}`, { startedAt: day(number), scenario: 'vote', file: 'scenarios/vote.yaml' }),
  ]);
  for (const kind of ['dir', 'git'] as const) {
    test(`keeps the newest of each scenario, and what cannot be read, in a ${kind} store`, async () => {
      await inFolder(async folder => {
        newRepository(folder);
        const baselines = await open(folder, kind);
        await baselines.store.save(runs);
        const damaged = join(folder, 'reports', 'runs', 'damaged.json');
        if (kind === 'dir') await writeFile(damaged, '{');
        const options = { keep: 1, dryRun: false, now: new Date(day(20)) };
        const would = await pruneBaselines(baselines, { ...options, dryRun: true });
        assert.equal(would.gone.length, 4);
        assert.deepEqual(
          would.skipped.map(({ where }) => where),
          kind === 'dir' ? [damaged] : [],
        );
        assert.equal((await idsIn(baselines)).length, 6);
        const gone = await pruneBaselines(baselines, options);
        assert.deepEqual(gone, would);
        assert.deepEqual([...(await idsIn(baselines))].sort(), ['bills-3', 'votes-3']);
        if (kind === 'dir') assert.equal(await readFile(damaged, 'utf8'), '{');
      });
    });
  }
  test('counts only runs that can be baselines', async () => {
    await inFolder(async folder => {
      const baselines = await open(folder);
      const completion = { state: 'interrupted', signal: 'SIGINT' } as const;
      await baselines.store.save([
        runOf('old-dirty', { startedAt: day(1), dirty: true }),
        runOf('old', { startedAt: day(2) }),
        runOf('usable', { startedAt: day(3) }),
        runOf('dirty', { startedAt: day(4), dirty: true }),
        runOf('cut', { startedAt: day(5), measurement: { completion } }),
      ]);
      await pruneBaselines(baselines, { keep: 1, dryRun: false, now: new Date(day(20)) });
      assert.deepEqual(await idsIn(baselines), ['cut', 'dirty', 'usable']);
    });
  });
  test('tells services apart whose scenarios have one name, and counts no run that was no measurement', async () => {
    await inFolder(async folder => {
      const baselines = await open(folder);
      const subjects = [
        { target: 'http://127.0.0.1:4010', file: 'users/load.yaml' },
        { target: 'http://127.0.0.1:4011', file: 'orders/load.yaml' },
      ];
      await baselines.store.save([
        ...subjects.flatMap((subject, index) =>
          [1, 2].map(number => runOf(`${index}-${number}`, { ...subject, startedAt: day(number) })),
        ),
        notMeasured(runOf('0-3', { ...subjects[0], startedAt: day(3) })),
      ]);
      await pruneBaselines(baselines, { keep: 1, dryRun: false, now: new Date(day(20)) });
      assert.deepEqual([...(await idsIn(baselines))].sort(), ['0-2', '0-3', '1-2']);
      const headers = await latestHeaders(baselines);
      assert.deepEqual(
        headers.map(({ id }) => id),
        ['0-3', '1-2'],
      );
    });
  });
  test('keeps and names a record that is damaged though its index entry is whole', async () => {
    await inFolder(async folder => {
      const baselines = await open(folder);
      await baselines.store.save([runOf('a', { startedAt: day(1) }), runOf('b', { startedAt: day(2) })]);
      const [, oldest] = (await baselines.store.list()).runs;
      await damageUnseen(oldest?.where ?? '');
      const { gone, skipped } = await pruneBaselines(baselines, {
        keep: 0,
        dryRun: false,
        now: new Date(day(20)),
      });
      assert.deepEqual(
        gone.map(({ entry }) => entry.header.id),
        ['b'],
      );
      assert.equal(skipped[0]?.where, oldest?.where);
      assert.deepEqual(await readdir(join(folder, 'reports', 'runs')).then(names => names.length), 2);
    });
  });
  test('by age removes what is older, and with both limits what is past both', async () => {
    await inFolder(async folder => {
      const baselines = await open(folder);
      await baselines.store.save(runs.filter(({ header }) => header.scenario === 'browse-bills'));
      const about = { dryRun: true, now: new Date(day(4)) };
      const dayMs = 86_400_000;
      const idsOf = async (options: { readonly keep?: number; readonly olderThanMs?: number }) =>
        (await pruneBaselines(baselines, { ...about, ...options })).gone.map(({ entry }) => entry.header.id);
      assert.deepEqual(await idsOf({ olderThanMs: 1.5 * dayMs }), ['bills-2', 'bills-1']);
      assert.deepEqual(await idsOf({ olderThanMs: 1.5 * dayMs, keep: 2 }), ['bills-1']);
      assert.deepEqual(await idsOf({ olderThanMs: 9 * dayMs, keep: 1 }), []);
    });
  });
});

describe('the baseline of a run', () => {
  test('is chosen by the commits of the repository, or named', async () => {
    await inFolder(async folder => {
      const code = newRepository(folder);
      const first = await code.commit('one');
      const second = await code.commit('two');
      code.run('checkout', '--quiet', '-b', 'faster');
      const head = await code.commit('three');
      const baselines = await open(folder);
      await baselines.store.save([runOf('one', { commit: first }), runOf('two', { commit: second })]);
      const run = runOf('head', { commit: head, branch: 'faster' }).header;
      const { choice, alike } = await baselineFor(run, baselines, { mayFetch: false });
      assert.equal(choice.kind === 'mergeBase' && choice.run.entry.header.id, 'two');
      assert.equal(alike.length, 2);
      assert.ok(choice.kind === 'mergeBase', `kind ${choice.kind}`);
      assert.equal((await baselines.store.read(choice.run)).header.id, 'two');
      const named = await baselineFor(run, baselines, { named: first.slice(0, 7), mayFetch: false });
      assert.equal(named.choice.kind === 'named' && named.choice.run.entry.header.id, 'one');
    });
  });
});

describe('the baseline of a run in a shallow clone', () => {
  test('is the same as in a whole one, with the same set, though a run of another workload is nearer', async () => {
    await inFolder(async folder => {
      const code = newRepository(join(folder, 'code'));
      for (let index = 0; index < 80; index += 1) {
        code.run('commit', '--quiet', '--allow-empty', `--message=${index}`);
      }
      const newestFirst = code.run('rev-list', 'main').split('\n');
      const ofCommit = (back: number, digest?: string) =>
        runOf(`back-${back}`, {
          commit: newestFirst[back] ?? null,
          startedAt: day(28 - Math.floor(back / 10)),
          ...(digest === undefined ? {} : { digest }),
        });
      await folderOfRuns(folder, ofCommit(10, 'other'), ...[70, 71, 72].map(back => ofCommit(back)));
      const run = runOf('head', { commit: newestFirst[0] ?? null }).header;
      const out = join(folder, 'reports');
      for (const options of [[], ['--depth=1']]) {
        const clone = cloneOf(code.folder, join(folder, `clone${options.length}`), ...options);
        const baselines = await openBaselines({ cwd: clone.folder, env: gitEnv, out, store: 'dir' });
        const { choice, alike } = await baselineFor(run, baselines, { mayFetch: true });
        assert.ok(choice.kind === 'ancestor', `kind ${choice.kind}`);
        assert.deepEqual([choice.distance, alike.length], [70, 3]);
      }
    });
  });
});

describe('the history of a stored metric', () => {
  test('follows the commits, and reads records for metrics that index entries do not have', async () => {
    await inFolder(async folder => {
      const code = newRepository(folder);
      const first = await code.commit('one');
      const second = await code.commit('two');
      const baselines = await open(folder);
      await baselines.store.save([
        runOf('two', { commit: second, startedAt: day(1), medianMs: 20 }),
        runOf('one', { commit: first, startedAt: day(2), medianMs: 10 }),
      ]);
      const options = { everyMachine: false, everyBranch: false };
      for (const metric of ['p95', 'p93.5', 'service.p75', 'errorRate']) {
        const { points } = await metricHistory(baselines, { ...options, metric, endpoint: 'GET /api/bills' });
        assert.deepEqual(
          points.map(({ run }) => run),
          ['one', 'two'],
          metric,
        );
        if (metric !== 'errorRate') {
          const [one, two] = points.map(({ value }) => value);
          assert.ok(one && two && two > one * 1.7 && two < one * 2.3, metric);
        }
      }
    });
  });
  test('is that of one subject, by its file or its target where several have its name', async () => {
    await inFolder(async folder => {
      const code = newRepository(folder);
      const commit = await code.commit('one');
      const baselines = await open(folder, 'dir');
      const of = (path: string, port: number) => ({
        commit,
        target: `http://127.0.0.1:${port}`,
        file: 'load.yaml',
        subject: { path, serve: null },
      });
      await baselines.store.save([
        runOf('users-1', { ...of('users/load.yaml', 4010), startedAt: day(1) }),
        runOf('users-2', { ...of('users/load.yaml', 4010), startedAt: day(2) }),
        runOf('staged', { ...of('users/load.yaml', 5010), startedAt: day(3) }),
        runOf('orders', { ...of('orders/load.yaml', 4010), startedAt: day(4) }),
      ]);
      const options = { metric: 'p95', everyMachine: false, everyBranch: false };
      const runsIn = async (about: { readonly scenario?: string; readonly target?: string }) => {
        const { points, leftOut } = await metricHistory(baselines, { ...options, ...about });
        return [points.map(({ run }) => run), leftOut];
      };
      assert.deepEqual(await runsIn({}), [['orders'], { otherFile: 3 }]);
      const users = { scenario: 'users/load.yaml' };
      assert.deepEqual(await runsIn(users), [['staged'], { otherFile: 1, otherTarget: 2 }]);
      const target = 'http://localhost:4010/';
      assert.deepEqual(await runsIn({ ...users, target }), [
        ['users-1', 'users-2'],
        { otherFile: 1, otherTarget: 1 },
      ]);
      await assert.rejects(
        metricHistory(baselines, { ...options, target: 'http://127.0.0.1:1' }),
        /--target http:\/\/127\.0\.0\.1:1[\s\S]*no run of it/,
      );
    });
  });
  test('goes on where the scenario was renamed, by either name, and says so', async () => {
    await inFolder(async folder => {
      const code = newRepository(folder);
      const [first, second] = [await code.commit('one'), await code.commit('two')];
      await mkdir(join(folder, 'scenarios'));
      await writeFile(join(folder, 'scenarios', 'bills.yaml'), '');
      const baselines = await open(folder);
      const of = (name: string) => {
        const file = `scenarios/${name}.yaml`;
        return { scenario: name, file, subject: { path: file, serve: null } };
      };
      await baselines.store.save([
        runOf('old', { commit: first, startedAt: day(1), ...of('browse') }),
        runOf('new', { commit: second, startedAt: day(2), ...of('bills') }),
      ]);
      for (const scenario of [undefined, 'browse', 'scenarios/bills.yaml']) {
        const history = await metricHistory(baselines, {
          metric: 'p95',
          everyMachine: false,
          everyBranch: false,
          scenario,
        });
        assert.deepEqual(
          [history.scenario, history.points.map(({ run }) => run), history.formerly],
          ['bills', ['old', 'new'], [{ scenario: 'browse', file: 'scenarios/browse.yaml' }]],
        );
        assert.match(
          historyIn(history, 'terminal'),
          /was renamed\. .*:\n {2}scenarios\/browse\.yaml: browse\n/,
        );
      }
    });
  });
  test('leaves out and counts what was no measurement, and takes no machine from it', async () => {
    await inFolder(async folder => {
      const baselines = await open(folder);
      await folderOfRuns(
        folder,
        runOf('a', { commit: null, startedAt: day(1) }),
        runOf('b', { commit: null, startedAt: day(2) }),
        notMeasured(runOf('c', { commit: null, startedAt: day(3), cpu: 'Other', medianMs: 900 })),
      );
      const history = await metricHistory(baselines, {
        metric: 'p95',
        everyMachine: false,
        everyBranch: false,
      });
      assert.deepEqual(
        history.points.map(({ run }) => run),
        ['a', 'b'],
      );
      assert.deepEqual(history.leftOut, { noMeasurement: 1 });
      assert.match(historyIn(history, 'markdown'), /Runs left out:\n\n- 1 that were no measurement\n/);
    });
  });
  test('names what could not be read', async () => {
    await inFolder(async folder => {
      const baselines = await open(folder);
      await baselines.store.save([runOf('whole')]);
      const damaged = join(folder, 'reports', 'runs', 'damaged.json');
      await writeFile(damaged, '{');
      const options = { metric: 'p95', everyMachine: false, everyBranch: false };
      const what = `${damaged}: the record is damaged [record.corrupt]`;
      const history = await metricHistory(baselines, options);
      assert.deepEqual(history.damaged, [what]);
      const shown = historyIn(history, 'terminal', { width: 400 });
      assert.ok(shown.endsWith(`Runs left out:\n  1 that cannot be read:\n    ${what}\n`), shown);
      await baselines.store.remove((await baselines.store.list()).runs);
      await assert.rejects(
        metricHistory(baselines, options),
        /no run at all; 1 cannot be read: .*damaged\.json/,
      );
      await assert.rejects(findStoredRun(baselines, 'whole'), /whole; 1 cannot be read: .*damaged\.json/);
    });
  });
  test('leaves a record out that turns out to be damaged, and names it', async () => {
    await inFolder(async folder => {
      const baselines = await open(folder);
      await baselines.store.save([runOf('a', { startedAt: day(1) }), runOf('b', { startedAt: day(2) })]);
      const [newest] = (await baselines.store.list()).runs;
      await damageUnseen(newest?.where ?? '');
      const options = { metric: 'p97', everyMachine: false, everyBranch: false };
      const { points, damaged } = await metricHistory(baselines, options);
      assert.deepEqual(
        points.map(({ run }) => run),
        ['a'],
      );
      assert.deepEqual(damaged, [`${newest?.where}: the record is damaged [record.corrupt]`]);
    });
  });
  test('says what there is where a name is not known', async () => {
    await inFolder(async folder => {
      const baselines = await open(folder);
      const options = { metric: 'p95', everyMachine: false, everyBranch: false };
      await assert.rejects(metricHistory(baselines, options), isProblem('store.no-run'));
      await baselines.store.save([runOf('a'), runOf('b', { scenario: 'vote', file: 'scenarios/vote.yaml' })]);
      await assert.rejects(metricHistory(baselines, options), /one of [\s\S]*browse-bills/);
      await assert.rejects(
        metricHistory(baselines, { ...options, scenario: 'vote', endpoint: 'x' }),
        /GET \/api\/bills/,
      );
      await assert.rejects(
        metricHistory(baselines, { ...options, metric: 'p950' }),
        isProblem('history.unknown-metric'),
      );
    });
  });
});

/** Damages a record so that its index entry still passes for the one of it: same length, same time. */
async function damageUnseen(file: string): Promise<void> {
  const { atime, mtime } = await stat(file);
  const text = await readFile(file, 'utf8');
  await writeFile(file, `${text.slice(0, text.length / 2).padEnd(text.length - 1)}\n`);
  await utimes(file, atime, mtime);
}

function isProblem(code: string): (error: unknown) => boolean {
  return error => error instanceof PlimsollError && error.problems[0]?.code === code;
}

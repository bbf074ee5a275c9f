import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { judgeDuet } from '../../../src/judge/duet/judge.ts';
import { PlimsollError } from '../../../src/model/error.ts';
import { exitCodeOf } from '../../../src/model/judgement/exit-code.ts';
import { usualRegression } from '../../../src/model/judgement/regression-policy.ts';
import { openBaselines } from '../../../src/pipeline/baselines/baselines.ts';
import { comparisonFor } from '../../../src/pipeline/baselines/comparison.ts';
import { budgetsOfRecord } from '../../../src/pipeline/run/judge-file.ts';
import { judgeRecord } from '../../../src/pipeline/run/run.ts';
import { summaryOf } from '../../../src/report/summary/summary.ts';
import { calibrationFor, readCalibration } from '../../../src/store/records/calibration-file.ts';
import { readDuet, writeDuet } from '../../../src/store/records/duet-file.ts';
import { readRecord } from '../../../src/store/records/record-reader.ts';
import { calibrationIn, duetIn } from '../../fixtures/rendered.ts';
import { asFarAs, earlierStore } from '../../fixtures/stores/store.ts';

/** What the earlier Plimsoll found by comparing a record with its branch of baselines. */
interface AgainstBranch {
  readonly record: string;
  readonly budgets: string;
  readonly verdict: string;
  readonly exitCode: number;
  readonly comparison: unknown;
  readonly findings: unknown;
}

const store = earlierStore('4d6b6d1');
const againstBranch = await store.expected<readonly AgainstBranch[]>('against-branch');

describe('what 4d6b6d1 stored', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-earlier-'));
    await store.layOut(folder);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const expected of againstBranch) {
    test(`compares ${expected.record.slice(22, 30)} with its branch by ${expected.budgets} as it did`, async () => {
      const record = await readRecord(await store.file('runs', expected.record));
      assert.equal(record.newer, undefined);
      const budgets = await budgetsOfRecord(record, {
        budgets: join(folder, expected.budgets),
        cwd: folder,
      });
      const { PATH } = process.env;
      const place = { cwd: folder, env: { PATH }, out: join(folder, 'reports'), store: 'git' } as const;
      const baselines = await openBaselines(place);
      const comparison = await comparisonFor(record, budgets, { baselines, targetBranch: 'main' });
      const { verdict, exitCode, runs } = summaryOf([judgeRecord(record, budgets, comparison)]);
      const found = { verdict, exitCode, comparison: runs[0]?.comparison, findings: runs[0]?.findings };
      const { record: _record, budgets: _budgets, ...answer } = expected;
      assert.deepEqual(asFarAs(answer, found), answer);
    });
  }

  test('holds a duet that is judged and rendered as it was, and written in the present version', async () => {
    const record = await readDuet(await store.file('duets'));
    const budgets = {
      budgets: [],
      regression: usualRegression,
      onInconclusive: 'warn',
      unused: [],
      file: null,
    } as const;
    const judgement = judgeDuet(record, budgets, null);
    const exitCode = exitCodeOf(judgement.verdict, { state: 'complete' }, 'warn');
    const expected = await store.expected('duet');
    const summary = JSON.parse(duetIn({ record, judgement, exitCode }, 'json'));
    assert.deepEqual(asFarAs(expected, summary), expected);
    assert.match(duetIn({ record, judgement, exitCode }, 'markdown'), /11\.1\sms.*19\sms.*\+71\s?%/);
    const again = await writeDuet(join(folder, 'duets'), record);
    assert.deepEqual(await readDuet(again), record);
    const written = JSON.parse(await readFile(again, 'utf8'));
    assert.deepEqual([written.schemaVersion, written.restarts.length], [2, 10]);
  });

  test('holds a calibration that is found, quoted and summed up as it was', async () => {
    const file = await store.file('calibrations');
    const calibration = await readCalibration(file);
    const expected = await store.expected('calibration');
    assert.deepEqual(asFarAs(expected, JSON.parse(calibrationIn(calibration, 'json'))), expected);
    const found = await calibrationFor(join(file, '..'), calibration);
    assert.deepEqual(found, {
      calibration,
      startSpread: calibration.findings.startSpread,
      skipped: [],
    });
    assert.match(calibrationIn(calibration, 'markdown'), /browse-bills/);
  });

  test('is told, where it is damaged, by the names that the file has', async () => {
    const damaged = async (kind: 'duets' | 'calibrations', change: (record: Stored) => void) => {
      const record = JSON.parse(await readFile(await store.file(kind), 'utf8')) as Stored;
      change(record);
      const file = join(folder, 'damaged.json');
      await writeFile(file, JSON.stringify(record));
      const error = await (kind === 'duets' ? readDuet(file) : readCalibration(file)).then(
        () => assert.fail('it was read without an error'),
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof PlimsollError, String(error));
      const [problem] = error.problems;
      assert.equal(problem?.code, 'record.corrupt');
      return `${problem.where?.slice(file.length + 2)}: ${problem.found}, expected ${problem.expected}`;
    };
    assert.equal(
      await damaged('duets', ({ units }) => Object.assign(units[3] ?? {}, { first: 'left' })),
      'units[3].first: "left", expected "base" or "head"',
    );
    assert.equal(
      await damaged('duets', ({ layout }) => delete layout.pairsPerUnit),
      'layout.pairsPerUnit: nothing, expected a number',
    );
    assert.equal(
      await damaged('calibrations', ({ looks }) => Object.assign(looks[0] ?? {}, { units: -1 })),
      'looks[0].units: -1, expected a number above 0',
    );
    assert.equal(
      await damaged('calibrations', ({ units }) => delete units[1]?.phases?.[0]?.unit),
      'units[1].phases[0].unit: nothing, expected an object',
    );
    assert.match(
      await damaged('duets', record => Object.assign(record, { units: 'none' })),
      /^units: "none", expected a list$/,
    );
  });
});

/** What is damaged here of a record of version 1. */
interface Stored {
  readonly layout: { pairsPerUnit?: number };
  readonly looks: object[];
  readonly units: { phases?: { unit?: object }[] }[];
}

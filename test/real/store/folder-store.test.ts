import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import type { RunRecord } from '../../../src/model/run/record.ts';
import { folderStore } from '../../../src/store/baselines/folder-store.ts';
import { indexEntryOf } from '../../../src/store/records/index-entry.ts';
import { inFolder } from './folder.ts';
import { runOf } from './repository.ts';

/** A record as it is once it was saved on purpose. */
const marked = (record: RunRecord): RunRecord => ({ ...record, baseline: {} });

describe('a folder of runs', () => {
  test('gives back what was saved, newest first, with an index beside it', async () => {
    await inFolder(async folder => {
      const store = folderStore(join(folder, 'reports', 'runs'));
      const older = runOf('older');
      const newer = runOf('newer', { startedAt: '2026-03-20T09:00:00.000Z' });
      const saved = await store.save([newer, older]);
      assert.deepEqual(
        saved.map(({ isNew }) => isNew),
        [true, true],
      );
      assert.deepEqual(
        (await store.save([older])).map(({ isNew }) => isNew),
        [false],
      );
      for (const look of ['first', 'second']) {
        const { runs, skipped } = await store.list();
        assert.deepEqual(skipped, [], look);
        assert.deepEqual(
          runs.map(({ entry }) => entry),
          [indexEntryOf(marked(newer)), indexEntryOf(marked(older))],
        );
      }
      const [first] = (await store.list()).runs;
      assert.ok(first, 'no run is listed');
      assert.deepEqual(await store.read(first), marked(newer));
      assert.deepEqual(await readdir(join(folder, 'reports', 'runs', 'outlines')), ['index.jsonl']);
    });
  });
  test('names a record that was cut short after its index entry was made, and leaves it', async () => {
    await inFolder(async folder => {
      const store = folderStore(folder);
      const [cut] = await store.save([runOf('cut'), runOf('whole')]);
      assert.ok(cut, 'nothing was saved');
      await store.list();
      await truncate(cut.where, 2_000);
      const { runs, skipped } = await store.list();
      assert.deepEqual(
        runs.map(({ entry }) => entry.header.id),
        ['whole'],
      );
      assert.deepEqual(
        skipped.map(({ where, error }) => [where, error.problems[0]?.code]),
        [[cut.where, 'record.corrupt']],
      );
      assert.equal((await readFile(cut.where)).length, 2_000);
      assert.deepEqual(
        (await store.save([runOf('cut')])).map(({ isNew }) => isNew),
        [true],
      );
      assert.equal((await store.list()).runs.length, 2);
    });
  });
  test('makes its index anew where that is missing, damaged or no file', async () => {
    await inFolder(async folder => {
      await folderStore(folder).save([runOf('a'), runOf('b')]);
      await folderStore(folder).list();
      const index = join(folder, 'outlines', 'index.jsonl');
      const whole = await readFile(index, 'utf8');
      const [first = '', second = ''] = whole.split('\n');
      const texts = [
        '',
        '{',
        `${first.slice(0, -9)}\n${second}\n`,
        whole.replace('"a"', '"c"'),
        `${second}\n`,
      ];
      for (const text of [...texts, null]) {
        if (text === null) await rm(index);
        else await writeFile(index, text);
        const { runs } = await folderStore(folder).list();
        assert.deepEqual(
          runs.map(({ entry }) => entry),
          ['a', 'b'].map(id => indexEntryOf(marked(runOf(id)))),
        );
        assert.equal(await readFile(index, 'utf8'), whole, text ?? 'missing');
      }
      await rm(index);
      execFileSync('mkfifo', [index]);
      assert.equal((await folderStore(folder).list()).runs.length, 2);
    });
  });
  test('reads no record that its index knows, and tells damage that it cannot see of those that are to go', async () => {
    await inFolder(async folder => {
      const [hidden] = await folderStore(folder).save([runOf('hidden'), runOf('whole')]);
      await folderStore(folder).list();
      const where = hidden?.where ?? '';
      const { atime, mtime, size } = await stat(where);
      await writeFile(where, ' '.repeat(size));
      await utimes(where, atime, mtime);
      const store = folderStore(folder);
      const { runs, skipped } = await store.list();
      assert.deepEqual([runs.length, skipped], [2, []]);
      const damaged = await store.damaged(runs);
      assert.deepEqual(
        damaged.map(one => [one.where, one.error.problems[0]?.code]),
        [[where, 'record.corrupt']],
      );
    });
  });
  test('takes the index entries of earlier versions, each in a file of its own, for what they are', async () => {
    await inFolder(async folder => {
      const [saved] = await folderStore(folder).save([runOf('a')]);
      const where = saved?.where ?? '';
      const { size } = await stat(where);
      const earlier = { ...indexEntryOf(marked(runOf('a')), size), completion: 'aborted' as const };
      await mkdir(join(folder, 'outlines'));
      await writeFile(join(folder, 'outlines', basename(where)), JSON.stringify(earlier));
      for (const look of ['from its own file', 'from the index']) {
        const { runs } = await folderStore(folder).list();
        assert.deepEqual(runs[0]?.entry, earlier, look);
      }
    });
  });
  test('asks once whether a run was a measurement, and says how far it is', async () => {
    await inFolder(async folder => {
      await folderStore(folder).save([runOf('a'), runOf('b')]);
      await folderStore(folder).list();
      const asked: string[] = [];
      const told: number[] = [];
      const indexing = {
        isMeasurement: ({ header }: RunRecord) => {
          asked.push(header.id);
          return header.id === 'a';
        },
        tell: ({ done, of }: { done: number; of: number }) => told.push(done / of),
      };
      for (const look of ['first', 'second']) {
        const { runs } = await folderStore(folder, indexing).list();
        assert.deepEqual(
          runs.map(({ entry }) => entry.isMeasurement),
          [true, false],
          look,
        );
      }
      assert.deepEqual(
        [asked, told],
        [
          ['a', 'b'],
          [0, 0.5, 1, 1],
        ],
      );
    });
  });
  test('loses the runs that are removed, and their index entries', async () => {
    await inFolder(async folder => {
      const store = folderStore(folder);
      await store.save([runOf('a'), runOf('b')]);
      const { runs } = await store.list();
      await store.remove(runs.filter(({ entry }) => entry.header.id === 'a'));
      assert.deepEqual(
        (await store.list()).runs.map(({ entry }) => entry.header.id),
        ['b'],
      );
      assert.equal((await readdir(join(folder, 'outlines'))).length, 1);
    });
  });
  test('that does not exist is empty', async () => {
    await inFolder(async folder => {
      assert.deepEqual(await folderStore(join(folder, 'none')).list(), { runs: [], skipped: [] });
    });
  });
});

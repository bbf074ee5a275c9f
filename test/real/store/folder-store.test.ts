import assert from 'node:assert/strict';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
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
  test('gives back what was saved, newest first, with index entries beside it', async () => {
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
      assert.equal((await readdir(join(folder, 'reports', 'runs', 'outlines'))).length, 2);
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
  test('makes an index entry anew that is damaged or of another version', async () => {
    await inFolder(async folder => {
      const store = folderStore(folder);
      const [saved] = await store.save([runOf('a')]);
      await store.list();
      const entry = join(folder, 'outlines', basename(saved?.where ?? ''));
      for (const text of ['{', '{"schemaVersion":7}', '']) {
        await writeFile(entry, text);
        const { runs } = await store.list();
        assert.deepEqual(runs[0]?.entry, indexEntryOf(marked(runOf('a'))));
        assert.deepEqual(JSON.parse(await readFile(entry, 'utf8')), indexEntryOf(marked(runOf('a'))));
      }
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

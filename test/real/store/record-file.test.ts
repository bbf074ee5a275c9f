import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { PlimsollError } from '../../../src/model/error.ts';
import { listRecords, recordFileName, writeRecord } from '../../../src/store/records/record-file.ts';
import { readRecord } from '../../../src/store/records/record-reader.ts';
import { exampleRecord } from '../../fixtures/record.ts';
import { inFolder } from './folder.ts';

describe('the file name of a run record', () => {
  const { header } = exampleRecord();
  test('says scenario, start and id', () => {
    assert.equal(recordFileName(header), 'browse-bills-20260314T092653Z-7f3a9c21.json');
  });
  test('is safe for any scenario name', () => {
    assert.match(recordFileName({ ...header, scenario: '../../etc/passwd' }), /^etc-passwd-2026/);
    assert.match(
      recordFileName({ ...header, scenario: 'Añadir Voto ✓' }),
      /^an-adir-voto-2026|^anadir-voto-2026/,
    );
    assert.match(recordFileName({ ...header, scenario: '👍' }), /^scenario-2026/);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (scenario, id) => {
        assert.match(recordFileName({ ...header, scenario, id }), /^[a-z0-9][a-zA-Z0-9-]{0,130}\.json$/);
      }),
    );
  });
});

describe('a written run record', () => {
  test('is read back as it was', async () => {
    await inFolder(async folder => {
      const record = exampleRecord();
      const file = await writeRecord(folder, record);
      assert.equal(basename(file), recordFileName(record.header));
      assert.deepEqual(await readRecord(file), record);
    });
  });
  test('leaves no temporary file behind, also where it replaces one', async () => {
    await inFolder(async folder => {
      const record = exampleRecord();
      await writeRecord(folder, record);
      await writeRecord(folder, record);
      assert.deepEqual(await readdir(folder), [recordFileName(record.header)]);
    });
  });
  test('that cannot be written says where and why', async () => {
    await inFolder(async folder => {
      const record = exampleRecord();
      await mkdir(join(folder, recordFileName(record.header)));
      await assert.rejects(writeRecord(folder, record), isProblem('output.unwritable', folder));
      assert.deepEqual(await readdir(folder), [recordFileName(record.header)]);
      await assert.rejects(
        writeRecord(join(folder, 'none'), record),
        isProblem('output.unwritable', 'ENOENT'),
      );
    });
  });
});

describe('the list of run records', () => {
  test('has the headers, newest first, and names what it skips without touching it', async () => {
    await inFolder(async folder => {
      const { header, ...rest } = exampleRecord();
      for (const [id, startedAt] of [
        ['a', '2026-03-14T09:00:00.000Z'],
        ['b', '2026-03-16T09:00:00.000Z'],
        ['c', '2026-03-15T09:00:00.000Z'],
      ] as const) {
        await writeRecord(folder, { ...rest, header: { ...header, id, startedAt } });
      }
      await writeFile(join(folder, 'cut.json'), '{"schemaVersion":1,"hea');
      await writeFile(join(folder, 'other.json'), '{"schemaVersion":1,"header":{"id":7}}');
      await writeFile(join(folder, 'x.json.1.tmp'), '{');
      await mkdir(join(folder, 'folder.json'));
      const { records, skipped } = await listRecords(folder);
      assert.deepEqual(
        records.map(entry => entry.header.id),
        ['b', 'c', 'a'],
      );
      assert.deepEqual(
        skipped.map(({ file, error }) => [basename(file), error.problems[0]?.code]),
        [
          ['cut.json', 'record.corrupt'],
          ['folder.json', 'file.unreadable'],
          ['other.json', 'record.corrupt'],
        ],
      );
      assert.equal(await readFile(join(folder, 'cut.json'), 'utf8'), '{"schemaVersion":1,"hea');
    });
  });
  test('of a folder that does not exist is empty', async () => {
    await inFolder(async folder => {
      assert.deepEqual(await listRecords(join(folder, 'none')), { records: [], skipped: [] });
    });
  });
});

function isProblem(code: string, text: string): (error: unknown) => boolean {
  return error =>
    error instanceof PlimsollError && error.problems[0]?.code === code && error.message.includes(text);
}

import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { PlimsollError } from '../../../src/model/error.ts';
import type { ErrorCode } from '../../../src/model/error-table.ts';
import { readDuet, writeDuet } from '../../../src/store/records/duet-file.ts';
import { duetJsonSchema } from '../../../src/store/records/duet-schema.ts';
import { writeRecord } from '../../../src/store/records/record-file.ts';
import { readRecord } from '../../../src/store/records/record-reader.ts';
import { exampleDuet } from '../../fixtures/duet.ts';
import { exampleDuets } from '../../fixtures/example-duets.ts';
import { exampleRecord } from '../../fixtures/record.ts';
import { inFolder } from './folder.ts';

const isProblem = (code: ErrorCode, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof PlimsollError, String(error));
  assert.equal(error.problems[0]?.code, code);
  assert.match(error.message, words);
  return true;
};

describe('a written duet', () => {
  test('is read back as it was, from a folder that is made for it, and nothing else is left there', async () => {
    await inFolder(async folder => {
      for (const [name, { record }] of Object.entries(exampleDuets)) {
        const duets = join(folder, 'duets', name);
        const file = await writeDuet(duets, record);
        assert.deepEqual(await readdir(duets), [basename(file)]);
        assert.deepEqual(await readDuet(file), record);
      }
    });
  });
  test('is what its JSON Schema says', () => {
    const validate = new Ajv2020({ validateFormats: false }).compile(duetJsonSchema());
    for (const [name, { record }] of Object.entries(exampleDuets)) {
      assert.ok(validate(record), `${name}: ${JSON.stringify(validate.errors)}`);
    }
  });
  test('that cannot be written says where and why', async () => {
    await inFolder(async folder => {
      await writeFile(join(folder, 'duets'), '');
      await assert.rejects(
        writeDuet(join(folder, 'duets'), exampleDuet()),
        isProblem('output.unwritable', /duets/),
      );
    });
  });
});

describe('a damaged duet', () => {
  const damaged = async (text: string, code: ErrorCode, words: RegExp) => {
    await inFolder(async folder => {
      const file = join(folder, 'duet.json');
      await writeFile(file, text);
      await assert.rejects(readDuet(file), isProblem(code, words));
      assert.equal(await readFile(file, 'utf8'), text);
    });
  };
  const whole = exampleDuet({ restarts: 2 });
  const text = JSON.stringify(whole);

  test('is named wherever it was cut off, and left where it is', async () => {
    for (const length of [0, 1, 100, text.length - 1]) {
      await damaged(text.slice(0, length), 'record.corrupt', /duet\.json/);
    }
  });
  test('says the path and what was expected there', async () => {
    const [first, second] = whole.restarts;
    await damaged(
      JSON.stringify({ ...whole, end: undefined }),
      'record.corrupt',
      /: end: [\s\S]*found {5}nothing/,
    );
    await damaged(
      JSON.stringify({ ...whole, layout: { ...whole.layout, repeat: 'day' } }),
      'record.corrupt',
      /layout\.repeat[\s\S]*"restart" or "round"/,
    );
    await damaged(
      JSON.stringify({ ...whole, restarts: [second, first] }),
      'record.corrupt',
      /restarts numbered/,
    );
    const tooMany = text.replace('"errors":0', '"errors":9000');
    await damaged(tooMany, 'record.corrupt', /restarts\[0\]\.endpoints\[0\]\.base[\s\S]*no more errors/);
  });
  test('of another version, or another kind of file, is told as such', async () => {
    await damaged(
      JSON.stringify({ ...whole, schemaVersion: 3, restarts: [], layout: {} }),
      'record.newer-version',
      /layout\.repeat[\s\S]*instead {3}update Plimsoll: a newer one wrote this record/,
    );
    await damaged('{"schemaVersion":1,"verdict":"pass","findings":[]}', 'record.other-kind', /a summary/);
    await inFolder(async folder => {
      const run = await writeRecord(folder, exampleRecord());
      await assert.rejects(
        readDuet(run),
        isProblem('record.other-kind', /a run record, which holds one run/),
      );
      const duet = await writeDuet(folder, whole);
      await assert.rejects(readRecord(duet), isProblem('record.other-kind', /a duet, which is no run/));
      await assert.rejects(readDuet(join(folder, 'none.json')), isProblem('file.missing', /a duet record/));
    });
  });
});

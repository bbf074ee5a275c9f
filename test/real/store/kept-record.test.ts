import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { writeAtomically } from '../../../src/store/files/atomic-file.ts';
import { keepRecord } from '../../../src/store/files/kept-record.ts';

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'plimsoll-kept-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function write(place: string): Promise<string> {
  const file = join(place, 'record.json');
  await writeAtomically(file, '{}');
  return file;
}

describe('a record', () => {
  test('is written where it belongs', async t => {
    const [place, under] = [folder(t), folder(t)];
    assert.deepEqual(await keepRecord(place, write, under), {
      file: join(place, 'record.json'),
      problems: [],
    });
    assert.deepEqual(readdirSync(under), []);
  });

  test('is written among temporary files where its folder takes nothing, and the error says where', async t => {
    const [place, under] = [folder(t), folder(t)];
    rmSync(place, { recursive: true });
    const { file, problems } = await keepRecord(place, write, under);
    assert.equal(file, null);
    const [error, ...others] = problems.flatMap(one => one.problems);
    assert.equal(error?.code, 'output.unwritable');
    assert.equal(error?.where, join(place, 'record.json'));
    const elsewhere = /; the record is saved as (.*)$/.exec(error?.instead ?? '')?.[1] ?? '';
    assert.ok(elsewhere.startsWith(under), elsewhere);
    assert.equal(readFileSync(elsewhere, 'utf8'), '{}');
    assert.deepEqual(others, []);
  });

  test('costs one error where nothing can be written anywhere, and leaves no folder', async t => {
    const [place, under] = [folder(t), folder(t)];
    const never = (at: string) => writeAtomically(join(at, 'gone', 'record.json'), '{}').then(() => at);
    const { file, problems } = await keepRecord(place, never, under);
    assert.equal(file, null);
    assert.deepEqual(
      problems.flatMap(one => one.problems.map(({ where }) => where)),
      [join(place, 'gone', 'record.json')],
    );
    assert.doesNotMatch(problems[0]?.message ?? '', /is saved as/);
    assert.deepEqual(readdirSync(under), []);
    writeFileSync(join(under, 'file'), '');
    assert.equal((await keepRecord(join(place, 'gone'), write, join(under, 'file'))).file, null);
  });
});

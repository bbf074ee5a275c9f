import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { assertWritable, writeText } from '../../../src/deliver/files.ts';
import { PlimsollError } from '../../../src/model/error.ts';

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-deliver-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const isUnwritable = (where: string) => (error: unknown) => {
  assert.ok(error instanceof PlimsollError, String(error));
  assert.equal(error.exitCode, 2);
  const [problem] = error.problems;
  assert.equal(problem?.code, 'output.unwritable');
  assert.equal(problem?.where, where);
  assert.ok(problem?.instead);
  return true;
};

describe('a folder for output', () => {
  test('is created where it is missing, and nothing is left in it', async () => {
    await inFolder(async folder => {
      const out = join(folder, 'reports', 'runs');
      await assertWritable(out);
      await assertWritable(out);
      assert.deepEqual(await readdir(out), []);
    });
  });
  test('that cannot be one is refused, with what to do', async () => {
    await inFolder(async folder => {
      const file = join(folder, 'reports');
      await writeFile(file, 'a file');
      await assert.rejects(assertWritable(file), isUnwritable(file));
      await assert.rejects(assertWritable(join(file, 'runs')), isUnwritable(join(file, 'runs')));
      assert.equal(await readFile(file, 'utf8'), 'a file');
    });
  });
  test('that lies where nobody can write is refused', { skip: process.platform !== 'linux' }, async () => {
    await assert.rejects(assertWritable('/proc/plimsoll'), isUnwritable('/proc/plimsoll'));
  });
});

describe('a written text', () => {
  test('is whole, in folders created for it, and replaces what was there', async () => {
    await inFolder(async folder => {
      const file = join(folder, 'a', 'b', 'report.md');
      await writeText(file, 'one, longer\n');
      await writeText(file, 'two µs\n');
      assert.equal(await readFile(file, 'utf8'), 'two µs\n');
      assert.deepEqual(await readdir(join(folder, 'a', 'b')), ['report.md']);
    });
  });
  test('that cannot be written is refused and leaves nothing behind', async () => {
    await inFolder(async folder => {
      const taken = join(folder, 'report.md');
      await mkdir(taken);
      await assert.rejects(writeText(taken, 'text'), isUnwritable(taken));
      assert.deepEqual(await readdir(folder), ['report.md']);
      assert.ok((await stat(taken)).isDirectory());
    });
  });
});

import assert from 'node:assert/strict';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { assertFileWritable, assertWritable, removeFile, writeText } from '../../../src/deliver/files.ts';
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
  assert.ok(problem?.instead, 'it says what to do');
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

describe('a temporary file', () => {
  test('is not written through a link that stands where it would be', async () => {
    await inFolder(async folder => {
      const victim = join(folder, 'victim');
      await writeFile(victim, 'untouched');
      await symlink(victim, join(folder, `report.md.${process.pid}.tmp`));
      await symlink(victim, join(folder, `.plimsoll-${process.pid}.tmp`));
      await assertWritable(folder);
      await writeText(join(folder, 'report.md'), 'a report');
      assert.equal(await readFile(victim, 'utf8'), 'untouched');
    });
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
      assert.ok((await stat(taken)).isDirectory(), 'the folder is still one');
    });
  });
});

describe('a file that will be written', () => {
  test('is known to be possible, without a trace', async () => {
    await inFolder(async folder => {
      const file = join(folder, 'a', 'report.md');
      await assertFileWritable(file);
      assert.deepEqual(await readdir(join(folder, 'a')), []);
      await writeFile(file, 'old');
      await assertFileWritable(file);
      assert.equal(await readFile(file, 'utf8'), 'old');
    });
  });
  test('is known to be impossible where it is a folder, or below a file', async () => {
    await inFolder(async folder => {
      await mkdir(join(folder, 'report.md'));
      await writeFile(join(folder, 'file'), '');
      for (const path of ['report.md', 'file/report.md']) {
        await assert.rejects(assertFileWritable(join(folder, path)), isUnwritable(join(folder, path)));
      }
    });
  });
  test('is written through a link, which stays one even after the file is removed', async () => {
    await inFolder(async folder => {
      const [file, link] = [join(folder, 'real.md'), join(folder, 'link.md')];
      await writeFile(file, 'old');
      await symlink('real.md', link);
      await removeFile(link);
      await assert.rejects(stat(file), { code: 'ENOENT' });
      await assertFileWritable(link);
      await writeText(link, 'new');
      assert.ok((await lstat(link)).isSymbolicLink(), 'the link is one');
      assert.equal(await readFile(file, 'utf8'), 'new');
    });
  });
  test('may be a device, which is neither replaced nor removed', async () => {
    await assertFileWritable('/dev/null');
    await writeText('/dev/null', 'gone');
    await removeFile('/dev/null');
    assert.ok((await stat('/dev/null')).isCharacterDevice(), 'it is still a device');
  });
  test('that takes nothing is told', { skip: process.platform !== 'linux' }, async () => {
    await assert.rejects(writeText('/dev/full', 'text'), isUnwritable('/dev/full'));
  });
});

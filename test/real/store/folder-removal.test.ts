import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { PlimsollError } from '../../../src/model/error.ts';
import { removeFolder } from '../../../src/store/files/folder-removal.ts';
import { inFolder } from './folder.ts';

const nobody = 65_534;

/** Runs the body as somebody to whom permissions mean something, also where the tests are root's. */
async function asNobody(body: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return await body();
  process.seteuid?.(nobody);
  try {
    await body();
  } finally {
    process.seteuid?.(0);
  }
}

/** Makes a folder that belongs to whom `asNobody` runs as. */
async function owned(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  if (process.getuid?.() === 0) await chown(folder, nobody, nobody);
  return folder;
}

describe('removing a folder', () => {
  test('removes what may not be written to or looked into, and follows no link', async () => {
    await inFolder(async place => {
      const parent = await owned(join(place, 'of-nobody'));
      const kept = await owned(join(place, 'kept'));
      await chmod(place, 0o755);
      const folder = join(parent, 'worktree');
      await asNobody(async () => {
        await writeFile(join(kept, 'file'), 'x');
        const cache = join(folder, 'pkg', 'mod');
        await mkdir(cache, { recursive: true });
        await writeFile(join(cache, 'file'), 'x', { mode: 0o400 });
        await symlink(kept, join(cache, 'link'));
        await chmod(cache, 0o500);
        await chmod(join(folder, 'pkg'), 0o300);
        await chmod(folder, 0o500);
        await removeFolder(folder);
        await removeFolder(folder);
      });
      assert.equal(existsSync(folder), false);
      assert.equal(existsSync(join(kept, 'file')), true);
    });
  });

  test('tells what it cannot remove', async () => {
    await inFolder(async place => {
      await chmod(place, 0o755);
      const parent = await owned(join(place, 'of-nobody'));
      const folder = join(parent, 'worktree');
      await asNobody(async () => {
        await mkdir(folder);
        await chmod(parent, 0o500);
        await assert.rejects(removeFolder(folder), (error: unknown) => {
          assert.ok(error instanceof PlimsollError, `${error}`);
          assert.match(
            error.message,
            new RegExp(`${folder}: the folder cannot be removed \\[folder.not-removed\\]\n  found +EACCES`),
          );
          return true;
        });
        await chmod(parent, 0o700);
      });
    });
  });
});

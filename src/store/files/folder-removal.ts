import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '../../model/error.ts';

/** Whoever is just ending may still write. */
const retries = { recursive: true, force: true, maxRetries: 5, retryDelay: 50 };

/**
 * Removes a folder with all that is in it, also from folders that nobody may write in, as some package caches make them; nothing
 * where there is none. Throws `folder.not-removed`.
 */
export async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, retries).catch(async () => {
      await makeWritable(folder);
      await rm(folder, retries);
    });
  } catch (cause) {
    const found = (cause as Error).message;
    throw problem('folder.not-removed', { where: folder, found }, { cause });
  }
}

async function makeWritable(folder: string): Promise<void> {
  if (!(await lstat(folder)).isDirectory()) return;
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
}

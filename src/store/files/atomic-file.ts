import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { problem } from '../../model/error.ts';
import { critical } from '../../safety/critical-section.ts';
import { exclusively, temporaryBeside } from '../../safety/temporary-file.ts';

/**
 * Writes a file of an existing folder so that readers see all of it or nothing: to a temporary file beside it, flushed,
 * renamed, and the folder flushed. Throws `output.unwritable`.
 */
export function writeAtomically(file: string, text: string): Promise<void> {
  return critical(() => replaceWith(file, text));
}

async function replaceWith(file: string, text: string): Promise<void> {
  const temporary = temporaryBeside(file);
  try {
    const handle = await open(temporary, exclusively);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await flushFolder(dirname(file));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    const { code, message } = error as NodeJS.ErrnoException;
    throw problem(
      'output.unwritable',
      {
        where: file,
        found: message,
        ...(code === 'ENOSPC' ? { instead: 'free some disk space' } : {}),
      },
      { cause: error },
    );
  }
}

/** Makes a rename durable. Windows cannot open a folder, and some file systems cannot flush one. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

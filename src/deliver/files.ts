import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type PlimsollError, problem } from '../model/error.ts';

/** Creates a folder where it is missing and proves that files can be written in it; else throws `output.unwritable`. */
export async function assertWritable(folder: string): Promise<void> {
  const probe = join(folder, `.plimsoll-${process.pid}.tmp`);
  try {
    await createFolder(folder);
    await writeFile(probe, 'This file only shows that the folder can be written; it may be deleted.\n');
  } catch (error) {
    throw unwritable(folder, error);
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
}

/**
 * Writes a text file, creating the folders above it. Readers see the old text or the new one, never a part: it is written
 * to a temporary file beside it and renamed. Throws `output.unwritable`.
 */
export async function writeText(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await createFolder(dirname(file));
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw unwritable(file, error);
  }
}

/**
 * Creates a folder and those above it. Node's own recursive mkdir never returns where the system answers "no such file"
 * although the folder above exists, as /proc does (seen on Node 20).
 */
async function createFolder(folder: string, mayAscend = true): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (await isFolder(folder)) return;
    const { code } = error as NodeJS.ErrnoException;
    const above = dirname(folder);
    if (code !== 'ENOENT' || !mayAscend || above === folder) throw error;
    await createFolder(above);
    await createFolder(folder, false);
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() ?? false;
}

const remedies: { readonly [code: string]: string } = {
  EACCES: 'give this user the right to write there, or choose another folder with --out',
  EPERM: 'give this user the right to write there, or choose another folder with --out',
  EROFS: 'this file system is read-only: choose another folder with --out',
  ENOSPC: 'free some disk space',
  EEXIST: 'a file has the name of the folder: remove it, or choose another folder with --out',
  ENOTDIR: 'a file has the name of a folder on the way: remove it, or choose another folder with --out',
  EISDIR: 'a folder has the name of the file: remove it, or choose another name',
};

function unwritable(where: string, cause: unknown): PlimsollError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const instead = remedies[code ?? ''] ?? 'choose another folder with --out';
  return problem('output.unwritable', { where, found: message, instead }, { cause });
}

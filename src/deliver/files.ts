import { constants } from 'node:fs';
import { access, mkdir, open, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type PlimsollError, problem } from '../model/error.ts';
import { critical } from '../safety/critical-section.ts';
import { exclusively, temporaryBeside } from '../safety/temporary-file.ts';

/** Creates a folder where it is missing and proves that files can be written in it; else throws `output.unwritable`. */
export async function assertWritable(folder: string): Promise<void> {
  try {
    await critical(() => probe(folder));
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/**
 * Proves that `writeText` will be able to write a file, without touching what it holds; creates the folders above it.
 * Else throws `output.unwritable`.
 */
export async function assertFileWritable(file: string): Promise<void> {
  try {
    const kind = await kindOf(file);
    if (kind === 'folder') throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
    if (kind === 'device') await access(file, constants.W_OK);
    else {
      const folder = dirname(await throughLinks(file));
      await critical(() => probe(folder));
    }
  } catch (error) {
    throw unwritable(file, error);
  }
}

/**
 * Writes a text file, creating the folders above it. Readers see the old text or the new one, never a part: it is written
 * to a temporary file beside it and renamed. A device or a pipe is written to as it is. Throws `output.unwritable`.
 */
export async function writeText(file: string, text: string): Promise<void> {
  try {
    if ((await kindOf(file)) === 'device') await writeFile(file, text);
    else {
      const path = await throughLinks(file);
      await critical(() => replaceFile(path, text));
    }
  } catch (error) {
    throw unwritable(file, error);
  }
}

/** Removes a file where there is one, so that nobody takes it for what is about to be written; a device stays. */
export async function removeFile(file: string): Promise<void> {
  if ((await kindOf(file)) === 'file') await rm(await throughLinks(file), { force: true }).catch(() => {});
}

async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = temporaryBeside(file);
  try {
    await createFolder(dirname(file));
    const handle = await open(temporary, exclusively);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

async function probe(folder: string): Promise<void> {
  const file = temporaryBeside(join(folder, '.plimsoll'));
  try {
    await createFolder(folder);
    await writeFile(file, 'This file only shows that the folder can be written; it may be deleted.\n', {
      flag: exclusively,
    });
  } finally {
    await rm(file, { force: true }).catch(() => {});
  }
}

/** What a path leads to: a device is whatever can be written but not replaced, such as /dev/null or a pipe. */
async function kindOf(path: string): Promise<'none' | 'file' | 'folder' | 'device'> {
  const found = await stat(path).catch(() => null);
  if (found === null) return 'none';
  if (found.isDirectory()) return 'folder';
  return found.isFile() ? 'file' : 'device';
}

/** The file that a link leads to, even where it leads to none yet, so that the link stays one. */
async function throughLinks(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch {
    return await readlink(file).then(
      led => resolve(dirname(file), led),
      () => file,
    );
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
    if ((await kindOf(folder)) === 'folder') return;
    const { code } = error as NodeJS.ErrnoException;
    const above = dirname(folder);
    if (code !== 'ENOENT' || !mayAscend || above === folder) throw error;
    await createFolder(above);
    await createFolder(folder, false);
  }
}

const remedies: { readonly [code: string]: string } = {
  EACCES: 'give this user the right to write there, or choose another place',
  EPERM: 'give this user the right to write there, or choose another place',
  EROFS: 'this file system is read-only: choose another place',
  ENOSPC: 'free some disk space',
  EEXIST: 'a file has the name of the folder: remove it, or choose another place',
  ENOTDIR: 'a file has the name of a folder on the way: remove it, or choose another place',
  EISDIR: 'a folder has the name of the file: remove it, or choose another name',
};

/** The error `output.unwritable`, with what to do where the cause tells it. */
export function unwritable(where: string, cause: unknown): PlimsollError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const instead = remedies[code ?? ''] ?? 'choose another place';
  return problem('output.unwritable', { where, found: message, instead }, { cause });
}

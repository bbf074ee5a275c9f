import { lstat, mkdir, open, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PlimsollError } from '../model/error.ts';
import { critical } from '../safety/critical-section.ts';
import { unwritable, writeText } from './files.ts';

/** A file to be written. */
export interface NewFile {
  readonly path: string;
  /** Its name in errors. */
  readonly shown: string;
  readonly text: string;
  /** Whether it may replace a file of that name. */
  readonly replaces: boolean;
}

/**
 * Writes all files or none, with the folders above them. Throws `output.exists`, with all of them, where there are files that may not be
 * replaced, and `output.unwritable`.
 */
export async function writeNewFiles(files: readonly NewFile[]): Promise<void> {
  await critical(async () => {
    const found = await Promise.all(files.map(async file => ({ file, isThere: await isThere(file.path) })));
    const taken = found.filter(({ file, isThere }) => isThere && !file.replaces);
    if (taken.length > 0) throw existing(taken.map(({ file }) => file));
    const undo: (() => Promise<unknown>)[] = [];
    try {
      // What replaces a file comes last: nothing can fail behind it.
      for (const { file } of found.filter(({ isThere }) => !isThere)) await create(file, undo);
      for (const { file } of found.filter(({ isThere }) => isThere)) await writeText(file.path, file.text);
    } catch (error) {
      for (const step of undo.reverse()) await step().catch(() => {});
      throw error;
    }
  });
}

async function create(file: NewFile, undo: (() => Promise<unknown>)[]): Promise<void> {
  const { path, shown, text } = file;
  try {
    await createFolders(dirname(path), undo);
    const handle = await open(path, 'wx');
    undo.push(() => rm(path, { force: true }));
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && (await isThere(path))) throw existing([file]);
    throw unwritable(shown, error);
  }
}

async function createFolders(folder: string, undo: (() => Promise<unknown>)[]): Promise<void> {
  const above = dirname(folder);
  if (above === folder || (await isThere(folder))) return;
  await createFolders(above, undo);
  await mkdir(folder);
  undo.push(() => rmdir(folder));
}

/** Also of a link that leads nowhere. */
async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

function existing(files: readonly NewFile[]): PlimsollError {
  return new PlimsollError(files.map(({ shown }) => ({ code: 'output.exists', where: shown })));
}

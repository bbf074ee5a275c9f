import { constants, copyFileSync, existsSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { temporaryBeside } from '../../safety/temporary-file.ts';

/** Writes text without secrets. */
export type Clean = (text: string) => string;

/** How much is cleaned at once, whole lines where there are any: a secret of several lines is found within it. */
const chunkBytes = 1024 * 1024;

/** A word of so many bytes is cut all the same. */
const mostBytes = 16 * chunkBytes;

/**
 * Rewrites what stands in a log from a position on without secrets; nobody may write to it any more. It is replaced as a
 * whole, and only where it holds any. Where that fails, that part of the log is dropped, rather than kept with its secrets.
 */
export async function cleanLog(file: string, start: number, clean: Clean): Promise<void> {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= start) return;
  const temporary = temporaryBeside(file);
  try {
    copyFileSync(file, temporary, constants.COPYFILE_EXCL);
    if (await cleaned(file, start, temporary, clean)) renameSync(temporary, file);
  } catch {
    if (existsSync(file)) truncateSync(file, start);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Copies the part without secrets; whether there were any. */
async function cleaned(file: string, start: number, to: string, clean: Clean): Promise<boolean> {
  truncateSync(to, start);
  const [from, into] = [await open(file, 'r'), await open(to, 'a')];
  let hadSecrets = false;
  try {
    for await (const part of partsOf(from, start)) {
      const text = part.toString('utf8');
      const without = clean(text);
      hadSecrets ||= without !== text;
      // What is no UTF-8 stays as it is where there is nothing to remove.
      await into.appendFile(without === text ? part : without);
    }
  } finally {
    await Promise.all([from.close(), into.close()]);
  }
  return hadSecrets;
}

/** Behind the last line, else behind the last word, so that no secret is cut; 0 to read on. */
function endOfWords(part: Buffer): number {
  const line = part.lastIndexOf('\n') + 1;
  if (line > 0) return line;
  return part.lastIndexOf(' ') + 1 || (part.length < mostBytes ? 0 : part.length);
}

async function* partsOf(file: FileHandle, start: number): AsyncGenerator<Buffer> {
  let left = Buffer.alloc(0);
  for (let position = start; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    const all = Buffer.concat([left, buffer.subarray(0, bytesRead)]);
    const end = endOfWords(all);
    if (end > 0) yield all.subarray(0, end);
    left = all.subarray(end);
  }
  if (left.length > 0) yield left;
}

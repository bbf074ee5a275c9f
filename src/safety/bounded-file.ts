import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { type PlimsollError, problem } from '../model/error.ts';

/** How much is read at once. */
const chunkBytes = 1024 * 1024;

/** One megabyte, in bytes. */
export const megabyte = 1024 * 1024;

/** The largest scenario, budgets file, schema or certificate that is read. */
export const largestText = 10 * megabyte;

/** A file to be read: its name in errors, and how many bytes of it are read at most. */
export interface BoundedFile {
  readonly path: string;
  readonly shown: string;
  readonly most: number;
  readonly expected?: string;
}

/**
 * The bytes of a regular file, in parts. Throws `file.not-regular` of what may never end or never begin, such as a pipe or a device,
 * whatever links lead to it; `file.too-large` past the bound; and what the system says of a file that is not there.
 */
export async function* partsOf({ path, shown, most, expected }: BoundedFile): AsyncGenerator<Buffer> {
  const handle = await openRegular(path, shown, expected);
  try {
    const { size } = await handle.stat();
    if (size > most) throw tooLarge(shown, size, most);
    // A file may be longer than its size says: it grows, or is one of the system's own.
    for (let total = 0; ; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, null);
      if (bytesRead === 0) return;
      total += bytesRead;
      if (total > most) throw tooLarge(shown, `more than ${megabytes(most)}`, most);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** All bytes of a regular file; throws as `partsOf` does. */
export async function readBounded(file: BoundedFile): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of partsOf(file)) parts.push(part);
  return Buffer.concat(parts);
}

/** To open a device can set it going, and to open a pipe waits for who writes: the kind is looked at first. */
async function openRegular(path: string, shown: string, expected = 'a regular file'): Promise<FileHandle> {
  const assertRegular = (found: Awaited<ReturnType<typeof stat>>) => {
    if (found.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
    if (!found.isFile()) throw problem('file.not-regular', { where: shown, found: kindOf(found), expected });
  };
  assertRegular(await stat(path));
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    assertRegular(await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function kindOf(found: Awaited<ReturnType<typeof stat>>): string {
  if (found.isFIFO()) return 'a pipe';
  if (found.isSocket()) return 'a socket';
  return 'a device';
}

/** The error `file.too-large`, of so many bytes or of what is found. */
export function tooLarge(where: string, found: string | number, most: string | number): PlimsollError {
  const size = typeof found === 'string' ? found : megabytes(found);
  const expected = typeof most === 'string' ? most : `at most ${megabytes(most)}`;
  return problem('file.too-large', { where, found: size, expected });
}

const megabytes = (bytes: number) =>
  bytes >= 1024 * megabyte && bytes % (1024 * megabyte) === 0
    ? `${bytes / 1024 / megabyte} GB`
    : `${Math.ceil(bytes / megabyte)} MB`;

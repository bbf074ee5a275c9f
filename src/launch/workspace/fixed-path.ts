import { createReadStream } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** So many files are read at once. */
const most = 16;

/**
 * The first file found below a folder that names a path, in its text or as the target of a link, relative to the folder; null where
 * none does. A build that names the folder it was made in works there alone: the interpreter of a script, an absolute link, a cache. What
 * cannot be read counts as naming it. A name that is compressed is not seen. `.git`, by which a worktree knows its repository, is left out.
 */
export async function fileNaming(folder: string, path: string, signal?: AbortSignal): Promise<string | null> {
  const name = Buffer.from(path);
  let found: string | null = null;
  const folders = [folder];
  const files: string[] = [];
  const work = async () => {
    for (let next = files.pop(); next !== undefined && found === null; next = files.pop()) {
      signal?.throwIfAborted();
      if (await names(next, name)) found ??= relative(folder, next);
    }
  };
  for (let next = folders.pop(); next !== undefined && found === null; next = folders.pop()) {
    signal?.throwIfAborted();
    const entries = await readdir(next, { withFileTypes: true }).catch(() => null);
    if (entries === null) return relative(folder, next);
    for (const entry of entries) {
      const place = join(next, entry.name);
      if (next === folder && entry.name === '.git') continue;
      if (entry.isDirectory()) folders.push(place);
      else if (entry.isFile()) files.push(place);
      else if (entry.isSymbolicLink() && (await pointsTo(place, path))) return relative(folder, place);
    }
    if (files.length >= most || folders.length === 0) await Promise.all(Array.from({ length: most }, work));
  }
  return found;
}

async function pointsTo(link: string, path: string): Promise<boolean> {
  const target = await readlink(link).catch(() => path);
  return target.startsWith(path);
}

async function names(file: string, name: Buffer): Promise<boolean> {
  let before = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
      const text = before.length === 0 ? (chunk as Buffer) : Buffer.concat([before, chunk as Buffer]);
      if (text.includes(name)) return true;
      before = Buffer.from(text.subarray(Math.max(0, text.length - name.length + 1)));
    }
    return false;
  } catch {
    return true;
  }
}

import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join, parse, relative, sep } from 'node:path';
import { PlimsollError, problem } from '../../model/error.ts';
import { largestText, partsOf, readBounded } from '../../safety/bounded-file.ts';
import { nearest } from '../../words/nearest.ts';

/** A file's name as people are shown it: relative to the working folder, with forward slashes. */
export function shownName(path: string, cwd: string): string {
  return relative(cwd, path).split(sep).join('/') || '.';
}

/**
 * Reads a UTF-8 text file without its byte order mark. `path` is absolute; `shown` is its name in errors:
 * `file.missing`, with the nearest file of that folder, `file.unreadable`, with what was expected, or
 * `file.not-regular` and `file.too-large`.
 */
export async function readText(
  path: string,
  shown: string,
  expected = 'a text file in UTF-8',
  most = largestText,
): Promise<string> {
  return textOf(await readBytes(path, shown, most), shown, expected);
}

/** Reads a file as it is; throws as `readText` does. */
export async function readBytes(path: string, shown: string, most: number): Promise<Buffer> {
  return await readBounded({ path, shown, most }).catch(cause => failed(path, shown, cause));
}

/** The text of a UTF-8 file in parts, for one that is too large to be held as a whole; throws as `readText` does. */
export async function* readTextParts(path: string, shown: string, most: number): AsyncGenerator<string> {
  const expected = 'a text file in UTF-8';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let lines = 0;
  const checked = (text: string) => {
    refuseNul(text, shown, expected, lines);
    lines += text.split('\n').length - 1;
    return text;
  };
  try {
    for await (const part of partsOf({ path, shown, most })) {
      yield checked(decoded(() => decoder.decode(part, { stream: true }), shown, expected));
    }
    yield checked(decoded(() => decoder.decode(), shown, expected));
  } catch (cause) {
    await failed(path, shown, cause as Error);
  }
}

async function failed(path: string, shown: string, cause: NodeJS.ErrnoException): Promise<never> {
  if (cause instanceof PlimsollError) throw cause;
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') throw await missing(path, shown);
  throw problem('file.unreadable', { where: shown, ...unreadable(cause) }, { cause });
}

/** The text of bytes in UTF-8, without a byte order mark; `file.not-text` where it is none. */
export function textOf(bytes: Uint8Array, shown: string, expected = 'text in UTF-8'): string {
  const text = decoded(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes), shown, expected);
  refuseNul(text, shown, expected);
  return text;
}

function decoded(decode: () => string, shown: string, expected: string): string {
  try {
    return decode();
  } catch (cause) {
    const details = { found: 'bytes that are not UTF-8', expected };
    throw problem('file.not-text', { where: shown, ...details }, { cause });
  }
}

function refuseNul(text: string, shown: string, expected: string, linesBefore = 0): void {
  const nul = text.indexOf('\0');
  if (nul < 0) return;
  const line = linesBefore + text.slice(0, nul).split('\n').length;
  throw problem('file.not-text', { where: `${shown}:${line}`, found: 'a NUL byte', expected });
}

async function missing(path: string, shown: string) {
  const siblings = await readdir(dirname(path)).catch(() => undefined);
  if (siblings === undefined) {
    return problem('file.missing', { where: shown, found: `no folder ${dirname(shown)}` });
  }
  const near = nearestFile(basename(path), siblings);
  return problem('file.missing', {
    where: shown,
    ...(near === undefined ? {} : { instead: join(dirname(shown), near).split(sep).join('/') }),
  });
}

/** By its ending alone a file is like no other: the names before it are compared, among files that end alike. */
function nearestFile(file: string, siblings: readonly string[]): string | undefined {
  const { name, ext } = parse(file);
  const stems = siblings.filter(sibling => extname(sibling) === ext).map(sibling => parse(sibling).name);
  const near = nearest(name, stems);
  return near === undefined ? siblings.find(sibling => parse(sibling).name === name) : near + ext;
}

function unreadable(cause: NodeJS.ErrnoException): { found: string; expected?: string } {
  if (cause.code === 'EISDIR') return { found: 'a folder', expected: 'a file' };
  if (cause.code === 'EACCES') return { found: 'a file that this user may not read' };
  return { found: cause.message };
}

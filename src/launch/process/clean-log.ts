import { closeSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { setImmediate as breath } from 'node:timers/promises';
import { exclusively, temporaryBeside } from '../../safety/temporary-file.ts';
import { size } from '../../words/quantity-text.ts';
import type { LogRing } from './log-ring.ts';

/** Writes text without secrets. */
export type Clean = (text: string) => string;

/** How much is cleaned at once, whole lines where there are any: a secret of several lines is found within it. */
const chunkBytes = 1024 * 1024;

/** A word of so many bytes is cut all the same. */
const mostWordBytes = 16 * chunkBytes;

/** A log that nobody writes to any more. */
export interface WrittenLog {
  readonly file: string;
  /** Of the file, where nothing has taken its place. */
  readonly inode: number;
  readonly ring: LogRing;
  /** How much of it is kept. */
  readonly mostBytes: number;
}

/**
 * Leaves in the log's file what the ring holds, without secrets from where this process's part begins: it is replaced as a whole, and only
 * where there are any, or where lines were dropped, which its first line then says. Where that fails, what may hold secrets is dropped
 * rather than kept.
 */
export async function settleLog(log: WrittenLog, clean: Clean): Promise<void> {
  const { file, ring } = log;
  const hasSecrets = await holdsSecrets(ring, clean);
  const from = firstKept(log);
  const dropped = ring.dropped.bytes + from;
  if (dropped === 0 && !hasSecrets) return;
  const temporary = temporaryBeside(file);
  try {
    if (!isInPlace(log)) throw new Error('another file has taken its place');
    await rewrite(temporary, log, { from, dropped, clean });
    renameSync(temporary, file);
  } catch {
    if (hasSecrets) ring.dropOwn();
  } finally {
    rmSync(temporary, { force: true });
  }
}

async function rewrite(
  temporary: string,
  { ring, mostBytes }: WrittenLog,
  { from, dropped, clean }: { readonly from: number; readonly dropped: number; readonly clean: Clean },
): Promise<void> {
  const into = openSync(temporary, exclusively);
  try {
    if (dropped > 0) {
      writeSync(
        into,
        `[Plimsoll dropped the ${size(dropped)} before this, to keep the log under ${size(mostBytes)}]\n`,
      );
    }
    for (const part of ring.chunks(from, ring.ownStart)) writeWhole(into, part);
    for (const part of partsOf(ring, Math.max(from, ring.ownStart))) {
      const text = part.toString('utf8');
      const without = clean(text);
      // What is no UTF-8 stays as it is where there is nothing to remove.
      writeWhole(into, without === text ? part : Buffer.from(without));
      await breath();
    }
  } finally {
    closeSync(into);
  }
}

async function holdsSecrets(ring: LogRing, clean: Clean): Promise<boolean> {
  for (const part of partsOf(ring, ring.ownStart)) {
    const text = part.toString('utf8');
    if (clean(text) !== text) return true;
    await breath();
  }
  return false;
}

/** Where the last bytes that are kept begin: with a line, if there is one nearby. */
function firstKept({ ring, mostBytes }: WrittenLog): number {
  const isWhole = ring.size <= mostBytes;
  if (isWhole && ring.dropped.bytes === 0) return 0;
  const from = isWhole ? 0 : ring.size - mostBytes;
  const [next = Buffer.alloc(0)] = ring.chunks(from, from + chunkBytes);
  return from + next.indexOf('\n') + 1;
}

/** Whether the file is still the one that was written to. */
function isInPlace({ file, inode }: WrittenLog): boolean {
  const found = lstatSync(file, { throwIfNoEntry: false });
  return found === undefined || found.ino === inode;
}

function writeWhole(into: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(into, bytes, written);
}

/** Behind the last line, else behind the last word, so that no secret is cut; 0 to read on. */
function endOfWords(part: Buffer): number {
  const line = part.lastIndexOf('\n') + 1;
  if (line > 0) return line;
  return part.lastIndexOf(' ') + 1 || (part.length < mostWordBytes ? 0 : part.length);
}

function* partsOf(ring: LogRing, start: number): Generator<Buffer> {
  let left = Buffer.alloc(0);
  for (const chunk of ring.chunks(start)) {
    const all = Buffer.concat([left, chunk]);
    const end = endOfWords(all);
    if (end > 0) yield all.subarray(0, end);
    left = all.subarray(end);
  }
  if (left.length > 0) yield left;
}

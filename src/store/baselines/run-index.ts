import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { IndexEntry } from '../../model/judgement/baseline.ts';
import { megabyte, readBounded } from '../../safety/bounded-file.ts';
import { critical } from '../../safety/critical-section.ts';
import { exclusively, temporaryBeside } from '../../safety/temporary-file.ts';
import { checkedIndexEntry } from '../records/index-entry-schema.ts';

/** What an index holds of a run. */
export interface IndexedRun {
  readonly entry: IndexEntry;
  /** When the file of its record last changed in any way, in milliseconds since 1970; left out of what no file holds. */
  readonly changedMs?: number | undefined;
}

/** The index entries of a store in one file, so that thousands of runs are known without reading their records. */
export interface RunIndex {
  /** The entry under a key, which names one state of a record: a changed record has another key. */
  get(key: string): IndexedRun | undefined;
  set(key: string, run: IndexedRun): void;
  /**
   * Writes the file where entries are new, those of these keys or all. An index that cannot be written is made again the next
   * time.
   */
  keep(keys?: Iterable<string>): Promise<void>;
}

interface Line extends IndexedRun {
  readonly bytes: Buffer;
}

/** Of an index: about 100,000 runs. A larger file is neither read nor written. */
const mostBytes = 256 * megabyte;
/** How many lines are read before signals are heeded. */
const atOnce = 1_000;
/** Each line begins with a checksum of what comes after the space behind it. */
const checkLength = 16;

/**
 * Reads the index in a file; empty where there is none. A line that is damaged, or not understood, is left out: each line stands under
 * a checksum of its own.
 */
export async function readRunIndex(file: string, signal?: AbortSignal): Promise<RunIndex> {
  const lines = new Map<string, Line>();
  const content = await readBounded({ path: file, shown: file, most: mostBytes }).catch(() => Buffer.of());
  for (let from = 0, read = 0; from < content.length; read += 1) {
    if (read % atOnce === atOnce - 1) await turn();
    signal?.throwIfAborted();
    const end = content.indexOf(10, from);
    const line = content.subarray(from, end < 0 ? content.length : end);
    from += line.length + 1;
    const found = parseLine(line);
    if (found) lines.set(found.key, { ...found.run, bytes: line });
  }
  let isChanged = false;
  return {
    get: key => lines.get(key),
    set(key, run) {
      lines.set(key, { ...run, bytes: lineOf(key, run) });
      isChanged = true;
    },
    async keep(keys = lines.keys()) {
      if (!isChanged) return;
      const parts: Buffer[] = [];
      let bytes = 0;
      for (const key of keys) {
        const line = lines.get(key);
        if (line === undefined) continue;
        parts.push(line.bytes, newline);
        bytes += line.bytes.length + 1;
      }
      if (bytes > mostBytes) return;
      isChanged = false;
      await critical(() => replace(file, Buffer.concat(parts, bytes)));
    },
  };
}

const newline = Buffer.from('\n');

function lineOf(key: string, { entry, changedMs }: IndexedRun): Buffer {
  const text = JSON.stringify([key, entry, changedMs]);
  return Buffer.from(`${checkOf(text)} ${text}`);
}

function parseLine(line: Buffer): { readonly key: string; readonly run: IndexedRun } | null {
  const text = line.subarray(checkLength + 1);
  if (line.toString('latin1', 0, checkLength) !== checkOf(text)) return null;
  try {
    const [key, value, changedMs] = JSON.parse(text.toString('utf8')) as readonly unknown[];
    const entry = checkedIndexEntry(value);
    if (typeof key !== 'string' || entry === null) return null;
    return { key, run: { entry, ...(typeof changedMs === 'number' ? { changedMs } : {}) } };
  } catch {
    return null;
  }
}

/** Finds damage, and nothing else: whoever may write the index may write the records. */
function checkOf(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('base64').slice(0, checkLength);
}

async function replace(file: string, content: Buffer): Promise<void> {
  const temporary = temporaryBeside(file);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, content, { flag: exclusively });
    await rename(temporary, file);
  } catch {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { problem } from '../../model/error.ts';
import { type Clean, cleanLog } from './clean-log.ts';

const tailBytes = 16_384;
/** How much more is read in front of a line that is cut, since that may begin within a secret. */
const marginBytes = 16_384;
const tailLines = 20;
const tailColumns = 200;

/** A file that a process writes to by itself, so that its output costs the measuring process nothing. */
export interface Log {
  /** What the process gets as its standard output and standard error. */
  readonly descriptor: number;
  /** Closes this process's own hold on the file; `lastLines` still works. */
  close(): void;
  /** The end of what was written since the log was opened: at most 20 lines, without control characters. */
  lastLines(): readonly string[];
  /** Takes the secrets out of what was written since; once no process writes any more. */
  clean(): Promise<void>;
}

/** Opens a log for appending and makes its folder; throws `output.unwritable`. What `clean` takes out is not kept. */
export function openLog(file: string, clean: Clean = text => text): Log {
  const descriptor = openForAppending(file);
  const start = fstatSync(descriptor).size;
  return {
    descriptor,
    close: () => closeSync(descriptor),
    // A log that was moved away must not hide what it was read for.
    lastLines: () => (existsSync(file) ? readTail(file, start, clean) : []),
    clean: () => cleanLog(file, start, clean),
  };
}

function openForAppending(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return openSync(file, 'a');
  } catch (cause) {
    const found = (cause as Error).message;
    throw problem(
      'output.unwritable',
      { where: file, found, expected: "a file for the API's log" },
      { cause },
    );
  }
}

function readTail(file: string, start: number, clean: Clean): readonly string[] {
  const descriptor = openSync(file, 'r');
  try {
    const from = Math.max(start, fstatSync(descriptor).size - tailBytes - marginBytes);
    const buffer = Buffer.alloc(tailBytes + marginBytes);
    const text = buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, buffer.length, from));
    // As a whole: a line that is cut short could end within a secret.
    const lines = clean(text).trimEnd().split(/\r?\n/);
    const isCut = from > start;
    const [cut = '', ...others] = lines;
    return (isCut ? [...(others.length > 0 ? [] : [cut.slice(marginBytes)]), ...others] : lines)
      .slice(-tailLines)
      .map(printable)
      .filter(line => line !== '');
  } finally {
    closeSync(descriptor);
  }
}

function printable(line: string): string {
  const text = stripVTControlCharacters(line)
    .replace(/\t/g, '  ')
    .replace(/\p{Cc}/gu, '')
    .trimEnd();
  return text.length > tailColumns ? `${text.slice(0, tailColumns)}…` : text;
}

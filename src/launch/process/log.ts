import { closeSync, constants, fstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { problem } from '../../model/error.ts';
import { type Clean, settleLog } from './clean-log.ts';
import { LogRing } from './log-ring.ts';

/** How much of a log is kept, the newest lines. */
const usualMostBytes = 64_000_000;
const tailBytes = 16_384;
/** How much more is read in front of a line that is cut, since that may begin within a secret. */
const marginBytes = 16_384;
const tailLines = 20;
const tailColumns = 200;

/** A file that a process writes to by itself, so that its output costs the measuring process nothing. */
export interface Log {
  /** What the process gets as its standard output and standard error. */
  readonly descriptor: number;
  /** The end of what was written since the log was opened: at most 20 lines, without control characters. */
  lastLines(): readonly string[];
  /** How many bytes of what was written since were dropped, since the log grew too long. */
  droppedBytes(): number;
  /** Takes the secrets out of what was written since, and closes the file, once no process writes any more; the rest still works. */
  end(): Promise<void>;
}

/**
 * Opens a log for appending and makes its folder; throws `output.unwritable`, also of a link, which is never followed. What `clean`
 * takes out is not kept; nor is, where the log grows longer than 64 MB, its beginning.
 */
export function openLog(file: string, clean: Clean = text => text, mostBytes = usualMostBytes): Log {
  const descriptor = openForAppending(file);
  const ring = new LogRing(file, descriptor, mostBytes);
  const inode = fstatSync(descriptor).ino;
  let last: readonly string[] | null = null;
  let dropped: number | null = null;
  const lastLines = () => last ?? readTail(ring, clean);
  const droppedBytes = () => dropped ?? ring.dropped.ownBytes;
  let ending: Promise<void> | null = null;
  const end = async () => {
    await ring.stop();
    last = lastLines();
    await settleLog({ file, inode, ring, mostBytes }, clean);
    dropped = ring.dropped.ownBytes + Math.max(0, ring.size - mostBytes - ring.ownStart);
    await ring.close();
  };
  return {
    descriptor,
    lastLines,
    droppedBytes,
    end: () => {
      ending ??= end();
      return ending;
    },
  };
}

/** Neither follows a link nor waits for the reader of a pipe. */
const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
const openOwn = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK;

function openForAppending(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const descriptor = openSync(file, openOwn);
    if (fstatSync(descriptor).isFile()) return descriptor;
    closeSync(descriptor);
    throw new Error('it is no regular file');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const found = code === 'ELOOP' ? 'it is a symbolic link' : message;
    throw problem(
      'output.unwritable',
      { where: file, found, expected: "a file for the API's log" },
      { cause },
    );
  }
}

function readTail(ring: LogRing, clean: Clean): readonly string[] {
  const { text, isCut } = ring.tail(tailBytes + marginBytes);
  // As a whole: a line that is cut short could end within a secret.
  const lines = clean(text.toString('utf8')).trimEnd().split(/\r?\n/);
  const [cut = '', ...others] = lines;
  return (isCut ? [...(others.length > 0 ? [] : [cut.slice(marginBytes)]), ...others] : lines)
    .slice(-tailLines)
    .map(printable)
    .filter(line => line !== '');
}

function printable(line: string): string {
  const text = stripVTControlCharacters(line)
    .replace(/\t/g, '  ')
    .replace(/\p{Cc}/gu, '')
    .trimEnd();
  return text.length > tailColumns ? `${text.slice(0, tailColumns)}…` : text;
}

import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { SeedSize } from './seed.ts';
import { APPLICATION_ID, buildSeed, seedFingerprint } from './seed.ts';
import { StartError } from './settings.ts';

/** The database file of one running server: nobody else writes to it, and it goes when the server ends. */
export interface WorkingCopy {
  readonly file: string;
  remove(): void;
}

/** Says what a start is doing; a Fastify logger is one. */
export interface StartLog {
  info(details: object, message: string): void;
}

let copies = 0;

/**
 * Gives this server its own copy of the seed, building the seed first where it is missing or outdated.
 * The seed file itself is never written to, so every start finds the same data, whatever was voted
 * before, and any number of servers can run from one seed. Replacing a working file that may still be
 * open elsewhere would not be safe: SQLite finds its write-ahead log by path.
 */
export function openWorkingCopy(seedFile: string, size: SeedSize, log: StartLog): WorkingCopy {
  mkdirSync(dirname(seedFile), { recursive: true });
  removeAbandoned(seedFile);
  if (!isCurrent(seedFile, size)) build(seedFile, size, log);

  copies += 1;
  const folder = `${seedFile}.run-${process.pid}-${copies}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const file = join(folder, 'bills.db');
  try {
    copyFileSync(seedFile, file, constants.COPYFILE_FICLONE);
    if (!isCurrent(file, size)) {
      throw new StartError(`${seedFile} was replaced by another version while it was copied; start again`);
    }
  } catch (error) {
    remove();
    throw error;
  }
  return { file, remove };
}

/** Two builders may race: each writes a file of its own, and the later rename replaces equal bytes. */
function build(seedFile: string, size: SeedSize, log: StartLog): void {
  log.info({ file: seedFile, ...size }, 'seeding the database');
  const started = performance.now();
  const unfinished = `${seedFile}.build-${process.pid}`;
  rmSync(unfinished, { force: true });
  try {
    buildSeed(unfinished, size);
    const descriptor = openSync(unfinished, 'r+');
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(unfinished, seedFile);
  } finally {
    rmSync(unfinished, { force: true });
  }
  log.info({ file: seedFile, durationMs: Math.round(performance.now() - started) }, 'seeded the database');
}

/**
 * Whether the file is a finished seed of this version and size. Throws where it is somebody else's file.
 * Reads two words of the SQLite header (https://www.sqlite.org/fileformat.html, section 1.3).
 */
function isCurrent(file: string, size: SeedSize): boolean {
  const header = readHeader(file);
  if (!header) return false;
  if (
    header.toString('latin1', 0, 16) !== 'SQLite format 3\0' ||
    header.readUInt32BE(68) !== APPLICATION_ID
  ) {
    throw new StartError(
      `${file} exists and is not a bills-api database; it was left alone, set BILLS_DB elsewhere`,
    );
  }
  return header.readUInt32BE(60) === seedFingerprint(size);
}

function readHeader(file: string): Buffer | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const header = Buffer.alloc(100);
    readSync(descriptor, header);
    return header;
  } finally {
    closeSync(descriptor);
  }
}

/** Removes what servers that were killed have left behind. */
function removeAbandoned(seedFile: string): void {
  const folder = dirname(seedFile);
  const prefix = basename(seedFile);
  for (const name of readdirSync(folder)) {
    const pid =
      name.startsWith(prefix) && /^\.(?:run|build)-(\d+)(?:-\d+)?$/.exec(name.slice(prefix.length))?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

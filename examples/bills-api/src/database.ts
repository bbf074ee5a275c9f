import Libsql from 'libsql';

type Parameter = number | string;

/** SQLite waits for a lock on the event loop itself, so it must not wait for long. */
const BUSY_TIMEOUT_MS = 100;

/** A prepared statement that reads. */
export interface Query<Parameters extends readonly Parameter[], Row> {
  get(...parameters: Parameters): Row | undefined;
  all(...parameters: Parameters): readonly Row[];
}

/** One connection; every operation has a name, which its errors carry. */
export interface Database {
  query<Parameters extends readonly Parameter[], Row>(name: string, sql: string): Query<Parameters, Row>;
  /** Runs `work` in one transaction that takes the write lock at once; an exception rolls it back. */
  transaction<Result>(name: string, work: () => Result): Result;
  close(): void;
}

/** What the database refused to do: the operation's name and SQLite's own code, such as SQLITE_BUSY. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly operation: string;
  readonly sqliteCode: string;

  constructor(operation: string, cause: unknown) {
    super(`${operation}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.operation = operation;
    this.sqliteCode = codeOf(cause);
  }
}

/**
 * Opens the database of one process. WAL lets readers and the writer work side by side, and with
 * `synchronous = NORMAL` a commit waits for the disk only at a checkpoint: a power cut may take the
 * last votes, never the consistency of the file.
 */
export function openDatabase(file: string): Database {
  const connection = attempt('open', () => new Libsql(file, { timeout: BUSY_TIMEOUT_MS }));
  for (const pragma of [
    'journal_mode = WAL',
    'synchronous = NORMAL',
    'foreign_keys = ON',
    'temp_store = MEMORY',
    'cache_size = -65536',
    'mmap_size = 268435456',
  ]) {
    attempt(`pragma ${pragma}`, () => connection.pragma(pragma));
  }
  return {
    query<Parameters extends readonly Parameter[], Row>(name: string, sql: string): Query<Parameters, Row> {
      const statement = attempt(name, () => connection.prepare(sql));
      return {
        get: (...parameters) => attempt(name, () => statement.get(...parameters) as Row | undefined),
        all: (...parameters) => attempt(name, () => statement.all(...parameters) as Row[]),
      };
    },
    transaction: (name, work) => attempt(name, () => connection.transaction(work).immediate()),
    close: () => attempt('close', () => connection.close()),
  };
}

function attempt<Result>(operation: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof DatabaseError ? error : new DatabaseError(operation, error);
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'UNKNOWN';
}

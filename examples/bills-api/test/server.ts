import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { buildApp } from '../src/app.ts';
import type { SeedSize } from '../src/seed.ts';

export const SMALL: SeedSize = { users: 60, bills: 250, votes: 3_000 };

/** One line of the server's log. */
export interface LogLine {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
  readonly requestId?: string;
  readonly endpoint?: string;
  readonly status?: number;
  readonly responseTimeMs?: number;
  readonly operation?: string;
  readonly sqliteCode?: string;
}

/** An answer with its parsed body. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** The body of an answer that is not a success. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly requestId: string };
}

/** A folder that is gone after the test, or after the file for `{ after }`. */
export function temporaryFolder(t: { after(cleanUp: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'bills-api-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts the backend on a free port over a small seed of its own, unless a seed file is given. */
export async function startServer(t: TestContext, seedFile = join(temporaryFolder(t), 'bills.db')) {
  const log: LogLine[] = [];
  const app = buildApp({
    databaseFile: seedFile,
    size: SMALL,
    logStream: { write: line => log.push(JSON.parse(line)) },
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  let closed = false;
  const close = async () => {
    if (!closed) await app.close();
    closed = true;
  };
  t.after(close);

  async function request<Body>(path: string, init?: RequestInit): Promise<Answer<Body>> {
    const response = await fetch(url + path, init);
    return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
  }
  return {
    seedFile,
    log,
    close,
    request,
    post: <Body>(path: string, body: unknown) =>
      request<Body>(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    /** The database file that this server works on. */
    workingFile: () => {
      const folders = readdirSync(join(seedFile, '..')).filter(name => name.includes('.run-'));
      if (folders.length !== 1) throw new Error(`expected one working copy, found ${folders.length}`);
      return join(seedFile, '..', String(folders[0]), 'bills.db');
    },
  };
}

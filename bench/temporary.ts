import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that is gone at the end, however the process ends. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

/** Makes an empty folder; it is removed on `remove`, at the latest on exit. */
export function temporaryFolder(purpose: string): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), `plimsoll-${purpose}-`));
  const erase = () => rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', erase);
  return {
    path,
    remove() {
      process.off('exit', erase);
      erase();
    },
  };
}

import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ModuleReport } from './module-thread.ts';

/** A module that takes longer to import waits for something, or never ends. */
const longestImportMs = 20_000;

/** What came of a module: a report, or that its thread ended or was ended before there was one. */
export type ModuleReading =
  | ModuleReport
  | { readonly files: readonly []; readonly result: { readonly kind: 'ended'; readonly how: string } };

/**
 * Imports a module in a thread of its own: whatever it does there, such as `process.exit`, a timer or a loop without end, is over with the
 * thread.
 */
export async function readModule(path: string, longestMs = longestImportMs): Promise<ModuleReading> {
  const file = import.meta.url.endsWith('.ts') ? './module-thread-from-source.mjs' : './module-thread.js';
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: { entry: pathToFileURL(path).href },
    name: 'plimsoll-scenario',
  });
  let limit: NodeJS.Timeout | undefined;
  const ended = (how: string) => ({ files: [], result: { kind: 'ended', how } }) as const;
  try {
    return await new Promise<ModuleReading>(resolve => {
      worker.once('message', (report: ModuleReport) => resolve(report));
      worker.once('error', error => resolve(ended(error instanceof Error ? error.message : String(error))));
      worker.once('exit', () =>
        resolve(
          ended('the module ended its thread, as process.exit does, or awaits something that never comes'),
        ),
      );
      limit = setTimeout(
        () => resolve(ended(`its import did not end within ${longestMs / 1_000} s`)),
        longestMs,
      );
    });
  } finally {
    clearTimeout(limit);
    await worker.terminate();
  }
}

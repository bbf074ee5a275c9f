import { Worker } from 'node:worker_threads';
import type { WorkerOrder } from '../loop/worker-messages.ts';

/** Starts a worker thread from the built file, or from source where this file itself is source. */
export function startWorker(order: WorkerOrder): Worker {
  const file = import.meta.url.endsWith('.ts') ? './worker-from-source.mjs' : './worker.js';
  return new Worker(new URL(file, import.meta.url), {
    workerData: order,
    name: `plimsoll-load-${order.turns?.side ?? order.worker}`,
  });
}

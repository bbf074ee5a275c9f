import { parentPort, workerData } from 'node:worker_threads';
import { loadFunctions } from '../../code/user-functions.ts';
import { LoadLoop } from '../loop/load-loop.ts';
import { SampleLog } from '../loop/sample-log.ts';
import type { FromWorker, ToWorker, WorkerOrder } from '../loop/worker-messages.ts';
import { clockFrom } from '../request/clock.ts';

const pulseMs = 250;

// The clock is set when the run starts; the loop reads it only from then on.
let clock = clockFrom(0);
const tell = (message: FromWorker, transfer: readonly ArrayBuffer[] = []) =>
  parentPort?.postMessage(message, transfer);

const order = workerData as WorkerOrder;
const log = new SampleLog(
  batch => tell({ kind: 'samples', batch }, [batch.rows.buffer as ArrayBuffer]),
  order.plan.signals.length,
);

if (order.plan.module !== undefined) await loadFunctions(order.plan, order.plan.module, order.calls);
const Loop =
  order.plan.engine === 'autocannon'
    ? (await import('../autocannon/autocannon-loop.ts')).AutocannonLoop
    : LoadLoop;

const loop = new Loop(order, () => clock(), {
  log,
  failure: sample => tell({ kind: 'failure', sample }),
  done(tally) {
    clearInterval(pulse);
    log.flush();
    tellSecrets();
    tell({ kind: 'done', tally });
    parentPort?.close();
  },
});

function tellSecrets(): void {
  const secrets = loop instanceof LoadLoop ? loop.learned() : [];
  if (secrets.length > 0) tell({ kind: 'secrets', secrets });
}

let pulse: NodeJS.Timeout;
parentPort?.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') {
    loop.stop(message.drainUs);
    return;
  }
  if (message.kind === 'fill') {
    if (loop instanceof LoadLoop) loop.fill(message.set, message.row);
    return;
  }
  if (message.kind === 'end') {
    if (loop instanceof LoadLoop) loop.endAt(message.atUs);
    return;
  }
  clock = clockFrom(message.sharedStart);
  pulse = setInterval(() => {
    const settledUs = loop.settledUntil();
    log.flush();
    tellSecrets();
    tell({ kind: 'pulse', settledUs, heard: loop.heard, open: loop.openConnections, tally: loop.tally() });
  }, pulseMs);
  loop.start();
});
tell({ kind: 'ready', firstDueUs: loop.firstDue });

import { availableParallelism } from 'node:os';
import type { Plan } from '../../model/run/plan.ts';
import { visitsOf } from '../../model/run/step-paths.ts';

/** How a run is spread over threads, and how they wait for what is due. */
export interface Staffing {
  readonly workers: number;
  readonly pacing: 'precise' | 'economical';
}

/** What a user may ask for; `auto` leaves it to the machine and the plan. */
export interface StaffingOptions {
  readonly workers?: number | 'auto';
  readonly pacing?: 'precise' | 'economical' | 'auto';
}

/** Requests per second that one worker is trusted with, a third of what it can do on a slow core. */
const perWorker = 20_000;
/** Streams of HTTP/2 cost several times as much. */
const perWorkerOfHttp2 = 4_000;

/**
 * Decides for a plan: as many workers as its highest rate asks for, with a core left for the main thread, and never
 * more than there are connections or users to share; precise pacing wherever a core is left to spin on.
 */
export function staffingFor(plan: Plan, { workers = 'auto', pacing = 'auto' }: StaffingOptions): Staffing {
  const cores = availableParallelism();
  const most = plan.load.model === 'open' ? plan.connections.max : peakUsers(plan.load.stages);
  const trusted = plan.transport.protocol === 'http2' ? perWorkerOfHttp2 : perWorker;
  const wanted =
    workers === 'auto'
      ? Math.min(Math.max(1, cores - 1), Math.ceil(peakRequestsPerSecond(plan) / trusted))
      : workers;
  // Autocannon has one loop, which paces nothing.
  if (plan.engine === 'autocannon') return { workers: 1, pacing: 'economical' };
  const count = Math.max(1, Math.min(wanted, Math.ceil(most)));
  return {
    workers: count,
    pacing: pacing === 'auto' ? (cores > count ? 'precise' : 'economical') : pacing,
  };
}

function peakUsers(stages: readonly { readonly from: number; readonly to: number }[]): number {
  return Math.max(1, ...stages.map(({ from, to }) => Math.max(from, to)));
}

/** Unknown of a closed load, where answers decide: one worker is enough unless the user says otherwise. */
function peakRequestsPerSecond({ load, journeys }: Plan): number {
  if (load.model === 'closed') return 0;
  const peak = Math.max(...load.stages.map(({ from, to }) => Math.max(from, to)));
  const weights = journeys.reduce((sum, { weight }) => sum + weight, 0);
  const requests = journeys.reduce(
    (sum, { weight, steps }) =>
      sum +
      visitsOf(steps).reduce(
        (visits, count, index) => visits + (steps[index]?.kind === 'request' ? weight * count : 0),
        0,
      ),
    0,
  );
  return (peak * requests) / weights;
}

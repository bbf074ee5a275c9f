import { hash } from '../../src/stats/random.ts';
import { type DrawnUnit, drawRestart, measuredUnits } from './drawn-restart.ts';
import { spreadWithin } from './interleaving.ts';
import type { SlotRecording } from './slot-recording.ts';

/** How far restarts of one build scatter: standard deviations of the log ratio of p95, about the mean of each endpoint. */
export interface Scatter {
  /** Of the restarts as they were measured, one a start, with its standard error; null of fewer than two. */
  readonly measured: { readonly spread: number; readonly error: number } | null;
  /** Of drawn restarts, before any spread of starts. */
  readonly drawn: number;
}

const drawnUnits = 1_000;
const stream = 4;

/** The scatter of a recording's restarts, as they were and as they are drawn. */
export function scatterOf(recording: SlotRecording): Scatter {
  const count = recording.header.endpoints.length;
  const drawn = Array.from({ length: drawnUnits }, (_, restart) =>
    drawRestart(recording, hash(0, stream, restart)),
  );
  return {
    measured: scattered(measuredUnits(recording), count),
    drawn:
      scattered(
        drawn.map(({ endpoints }) => endpoints),
        count,
      )?.spread ?? Number.NaN,
  };
}

function scattered(restarts: readonly DrawnUnit['endpoints'][], count: number) {
  return spreadWithin(
    Array.from({ length: count }, (_, endpoint) =>
      restarts.flatMap(restart => {
        const [base, head] = [restart[endpoint]?.base.p95Us, restart[endpoint]?.head.p95Us];
        return base && head ? [Math.log(head / base)] : [];
      }),
    ),
  );
}

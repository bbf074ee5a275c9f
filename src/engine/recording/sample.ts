import type { FailureKind } from '../../model/run/failure.ts';
import type { Micros } from '../../model/units.ts';

/** One ended request, as the recorder's parts see it; moments in µs since the start of the run. */
export interface Sample {
  readonly due: Micros;
  /** How late the generator itself took it up; negative where that is not known. */
  readonly lag: Micros;
  readonly sentAt: Micros;
  readonly firstByteAt: Micros;
  readonly endedAt: Micros;
  readonly bytes: number;
  readonly status: number;
  readonly outcome: 'ok' | 'unfinished' | FailureKind;
  /** What its answer said of itself, by the plan's signals, NaN for nothing; null where the plan has none. */
  readonly signals: Float64Array | null;
}

import type { Load } from '../../model/run/scenario.ts';
import { type Micros, micros, millisToMicros } from '../../model/units.ts';

/** A stretch of the run with bounds in µs since its start. */
export interface Span {
  readonly kind: 'warmup' | 'stage';
  /** Stages count from 1; the warm-up is 0. */
  readonly stage: number;
  readonly startUs: Micros;
  readonly endUs: Micros;
}

/** The warm-up, where there is one, and the stages, end to end. */
export function timelineOf(load: Load): readonly Span[] {
  const spans: Span[] = [];
  let startUs = micros(0);
  const add = (kind: Span['kind'], stage: number, lengthUs: Micros) => {
    const endUs = micros(startUs + lengthUs);
    spans.push({ kind, stage, startUs, endUs });
    startUs = endUs;
  };
  if (load.warmup > 0) add('warmup', 0, millisToMicros(load.warmup));
  load.stages.forEach((stage, index) => {
    add('stage', index + 1, millisToMicros(stage.duration));
  });
  return spans;
}

/** The moment at which measuring begins: the end of the warm-up. */
export function measuredFrom(spans: readonly Span[]): Micros {
  return spans.find(span => span.kind === 'stage')?.startUs ?? micros(0);
}

/** The moment after which nothing is due. */
export function endOf(spans: readonly Span[]): Micros {
  return spans.at(-1)?.endUs ?? micros(0);
}

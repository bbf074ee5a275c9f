import type { Scope } from '../model/judgement/budget.ts';
import type { StreamTime } from '../model/judgement/metric.ts';
import type { Measurement } from '../model/run/record.ts';
import type { ResultsOrigin } from '../model/run/results.ts';
import { type CourseStep, courseOf } from './course.ts';
import type { Decoder } from './decoder.ts';
import { type Figures, figuresOf, windowsOf } from './figures.ts';
import { lazily } from './lazily.ts';
import { type Slice, slicesOf } from './slices.ts';
import { summaryFigures } from './summary-figures.ts';
import { type Times, timesOf } from './times.ts';

/** What was measured in one scope over the stages, warm-up apart; whatever takes decoding is worked out on demand. */
export interface ScopeData {
  readonly figures: Figures;
  /** What reports show of the response times and of the service times. */
  readonly response: Times;
  readonly service: Times;
  /** Requests whose time is only known to be at least the recorded one. */
  readonly censored: number;
  /** What intervals are drawn from. */
  readonly slices: () => readonly Slice[];
  /** The same with times of streamed answers. */
  readonly streamSlices: (of: StreamTime) => readonly Slice[];
  /** The course over the whole run, warm-up included. */
  readonly course: () => readonly CourseStep[];
  /** Journeys that ended before their last step; over the whole run. */
  readonly abandoned: number;
  /** There where another tool measured. */
  readonly origin?: ResultsOrigin;
}

/** The data of one scope of a measurement. */
export function scopeDataOf(measurement: Measurement, scope: Scope, decoder: Decoder): ScopeData {
  const { origin } = measurement;
  const figures = origin?.summaries
    ? summaryFigures(origin.summaries, scope)
    : figuresOf(measurement, scope, decoder);
  const { parts } = windowsOf(measurement, scope);
  const response = lazily(() => timesOf(figures, 'response'));
  const service = lazily(() => timesOf(figures, 'service'));
  return {
    figures,
    get response() {
      return response();
    },
    get service() {
      return service();
    },
    censored: parts.reduce((sum, part) => sum + part.censored.count, 0),
    slices: lazily(() => slicesOf(measurement, scope, decoder)),
    streamSlices: of => slicesOf(measurement, scope, decoder, of),
    course: lazily(() => courseOf(measurement, scope, decoder)),
    abandoned: measurement.load.abandoned,
    ...(origin === undefined ? {} : { origin }),
  };
}

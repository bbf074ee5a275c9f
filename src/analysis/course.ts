import type { Scope } from '../model/judgement/budget.ts';
import type { Observed } from '../model/judgement/evidence.ts';
import type { EndpointWindow, Measurement } from '../model/run/record.ts';
import { micros, microsToMillis } from '../model/units.ts';
import { Histogram } from '../stats/histogram.ts';
import { rankOf } from '../stats/order-statistic.ts';
import type { Decoder } from './decoder.ts';
import { measuredIn } from './figures.ts';

/** What happened in a scope over a stretch of the run; requests belong to the stretch in which they were due. */
export interface CourseStep {
  readonly window: 'warmup' | 'stage';
  /** From the start of the run. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly requests: number;
  readonly errors: number;
  /** Ok answers completed. */
  readonly completed: number;
  /** Of the response times; null of too few. */
  readonly p50: Observed | null;
  readonly p95: Observed | null;
  readonly p99: Observed | null;
}

/** The most steps of a run. */
const mostSteps = 48;

/** The course of a scope over the whole run, warm-up included, in at most 48 steps or so; the blocks of a window are joined where there are more. */
export function courseOf(measurement: Measurement, scope: Scope, decoder: Decoder): readonly CourseStep[] {
  const { windows } = measurement;
  const endpoints = measuredIn(measurement, scope);
  const wholeMs = windows.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return windows.flatMap(({ kind, startMs, durationMs }, index) => {
    const parts = endpoints.flatMap(endpoint => endpoint.windows[index] ?? []);
    const blocks = Math.max(0, ...parts.map(part => part.blocks.length));
    if (blocks === 0 || durationMs <= 0) return [];
    const steps = Math.max(1, Math.min(blocks, Math.round((mostSteps * durationMs) / wholeMs)));
    const border = (step: number) => Math.round((step * blocks) / steps);
    const at = (block: number) => startMs + (block / blocks) * durationMs;
    return Array.from({ length: steps }, (_, step): CourseStep => {
      const [from, to] = [border(step), border(step + 1)];
      return { window: kind, fromMs: at(from), toMs: at(to), ...contentOf(parts, from, to, decoder) };
    });
  });
}

function contentOf(
  parts: readonly EndpointWindow[],
  from: number,
  to: number,
  decoder: Decoder,
): Omit<CourseStep, 'window' | 'fromMs' | 'toMs'> {
  const times = new Histogram();
  const sum = (pick: (part: EndpointWindow) => readonly number[]) =>
    parts.reduce(
      (total, part) =>
        pick(part)
          .slice(from, to)
          .reduce((of, value) => of + value, total),
      0,
    );
  for (const part of parts) {
    for (const encoded of part.blocks.slice(from, to)) times.add(decoder.buckets(encoded));
  }
  const censoredFrom = Math.min(
    ...parts.flatMap(({ censored }) => (censored.count > 0 ? [censored.minUs] : [])),
  );
  const quantile = (q: number): Observed | null => {
    if (times.count * (1 - q) < 1 - 1e-9) return null;
    const us = times.valueAtRank(rankOf(q, times.count));
    return { value: microsToMillis(micros(us)), atLeast: us >= censoredFrom };
  };
  return {
    requests: sum(part => part.blockDue),
    errors: sum(part => part.blockErrors),
    completed: sum(part => part.blockCompleted),
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
  };
}

import { quantileOf } from '../../analysis/figures.ts';
import type { ScopeData } from '../../analysis/scope-data.ts';
import { byStage } from '../../analysis/slices.ts';
import type { Interval, Observed } from '../../model/judgement/evidence.ts';
import type { Metric } from '../../model/judgement/metric.ts';
import type { Change } from '../../model/judgement/regression.ts';
import { type LogInterval, logRatioBootstrap } from '../../stats/intervals/slice-bootstrap.ts';
import { counted, number, span } from '../../words/quantity-text.ts';
import { confidence } from '../budgets/reading.ts';
import { type Cell, levelOf } from './cell.ts';

/** The fewest samples above a quantile from which it is compared. */
const fewestAbove = 5;

/** How a quantile of a run lies to that of its reference. */
export type TimeChange =
  /** Too little data on one of the sides; `missing` says what, as a part of a sentence. */
  | {
      readonly state: 'thin';
      readonly observed: Observed | null;
      readonly baseline: Observed | null;
      readonly missing: string;
    }
  | {
      readonly state: 'seen';
      readonly observed: Observed;
      readonly baseline: Observed;
      /** The log ratio with its interval, from the slices of both runs. */
      readonly logRatio: LogInterval;
    };

/** Reads a quantile of response times in a run and in its reference. */
export function timeChange({ metric, baseline, run }: Cell, seed: number): TimeChange {
  const q = levelOf(metric);
  const [from, to] = [seenIn(baseline, q), seenIn(run, q)];
  const missing = missingIn(metric, q, baseline, 'baseline') ?? missingIn(metric, q, run, 'run');
  const thin = (why: string) => ({ state: 'thin', observed: to, baseline: from, missing: why }) as const;
  if (missing !== null || from === null || to === null) return thin(missing ?? 'nothing was measured');
  if (from.atLeast) {
    return thin(
      `the baseline's own ${metric.name} falls among requests that never ended, so it is not known`,
    );
  }
  const logRatio = logRatioBootstrap(slicesIn(baseline), slicesIn(run), q, { confidence, seed });
  if (logRatio === null)
    return thin('one of the runs is too short for an interval: measure for ten seconds or more');
  return { state: 'seen', observed: to, baseline: from, logRatio };
}

/** A relative change from a log ratio; open above where the observed value is a lower bound. */
export function relativeChange({
  observed,
  baseline,
  logRatio,
}: Extract<TimeChange, { state: 'seen' }>): Change & { readonly interval: Interval } {
  return {
    kind: 'relative',
    value: observed.value / baseline.value - 1,
    interval: {
      low: Math.expm1(logRatio.low),
      high: observed.atLeast ? null : Math.expm1(logRatio.high),
      confidence,
    },
  };
}

function seenIn({ figures }: ScopeData, q: number): Observed | null {
  return figures.ok === 0 ? null : quantileOf(figures.distribution('response'), q);
}

const slicesIn = (data: ScopeData) => byStage(data.slices(), slice => slice.times());

function missingIn({ name }: Metric, q: number, { figures }: ScopeData, side: 'baseline' | 'run') {
  const where = side === 'baseline' ? 'the baseline' : 'this run';
  if (figures.ok === 0) return `${where} has no expected answer`;
  const { count } = figures.distribution('response').histogram;
  if (count * (1 - q) >= fewestAbove - 1e-9) return null;
  const needed = Math.ceil(fewestAbove / (1 - q) - 1e-9);
  const length = span(Math.ceil((figures.seconds * needed) / count) * 1_000);
  return (
    `${where} has only ${counted(count, 'sample')}, and ${name} is compared from ${number(needed)} on: ` +
    `measure for about ${length} at this rate`
  );
}

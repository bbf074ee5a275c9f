import { type Distribution, type Figures, quantileOf } from '../../analysis/figures.ts';
import type { ScopeData } from '../../analysis/scope-data.ts';
import { byStage } from '../../analysis/slices.ts';
import type { Interval, Observed } from '../../model/judgement/evidence.ts';
import type { Change } from '../../model/judgement/regression.ts';
import type { RegressionReason, WhichRun } from '../../model/judgement/regression-reason.ts';
import { type LogInterval, logRatioBootstrap } from '../../stats/intervals/slice-bootstrap.ts';
import { confidence } from '../budgets/reading.ts';
import { type Cell, levelOf } from './cell.ts';

/** The fewest samples above a quantile from which it is compared. */
const fewestAbove = 5;

/** How a quantile of a run lies to that of its reference. */
export type TimeChange =
  /** Too little data on one of the sides. */
  | {
      readonly state: 'thin';
      readonly observed: Observed | null;
      readonly baseline: Observed | null;
      readonly missing: RegressionReason;
    }
  | {
      readonly state: 'seen';
      readonly observed: Observed;
      readonly baseline: Observed;
      /** The log ratio with its interval, from the slices of both runs. */
      readonly logRatio: LogInterval;
      /** The same without the generator's own delay; null where it took up no request of the run late. */
      readonly onTime: OnTimeChange | null;
    };

/** The same where there is enough data. */
export type SeenChange = Extract<TimeChange, { state: 'seen' }>;

/** What is left of a change where each request's own delay is taken off. */
interface OnTimeChange {
  /** The requests of the run that were taken up late. */
  readonly late: number;
  readonly observed: Observed;
  readonly logRatio: LogInterval;
}

/**
 * Reads a quantile of response times in a run and in its reference. Lateness makes times longer, and so would hide a
 * regression where the reference was late: its delays are always taken off. Those of the run are left in, and what it is
 * without them stands beside. How far times scatter is taken to be the same with delays and without.
 */
export function timeChange({ metric, baseline, run }: Cell, seed: number): TimeChange {
  const q = levelOf(metric);
  const [from, to] = [onTimeIn(baseline, q), seenIn(run, q)];
  const lacking = missingIn(q, baseline, 'baseline') ?? missingIn(q, run, 'run');
  const thin = (missing: RegressionReason) =>
    ({ state: 'thin', observed: to, baseline: from, missing }) as const;
  if (lacking !== null || from === null || to === null) return thin(lacking ?? { kind: 'notMeasured' });
  if (from.atLeast) return thin({ kind: 'baselineUnknown' });
  const logRatio = logRatioBootstrap(slicesIn(baseline), slicesIn(run), q, { confidence, seed });
  if (logRatio === null) return thin({ kind: 'tooShort' });
  const ofBaseline = shifted(logRatio, -delayIn(baseline, q));
  const late = run.figures.late();
  const observed = onTimeIn(run, q);
  return {
    state: 'seen',
    observed: to,
    baseline: from,
    logRatio: ofBaseline,
    onTime:
      late === 0 || observed === null
        ? null
        : { late, observed, logRatio: shifted(ofBaseline, delayIn(run, q)) },
  };
}

/** A relative change from a log ratio; open above where the observed value is a lower bound. */
export function relativeChange({
  observed,
  baseline,
  logRatio,
}: SeenChange): Change & { readonly interval: Interval } {
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
  return read(figures, figures.distribution('response'), q);
}

function onTimeIn({ figures }: ScopeData, q: number): Observed | null {
  return read(figures, figures.onTime(), q);
}

function read({ ok }: Figures, distribution: Distribution, q: number): Observed | null {
  return ok === 0 ? null : quantileOf(distribution, q);
}

/** The logarithm of what is left of a quantile without the generator's own delay: 0 or less. */
function delayIn(data: ScopeData, q: number): number {
  const [seen, onTime] = [seenIn(data, q), onTimeIn(data, q)];
  return seen === null || onTime === null ? 0 : Math.min(0, Math.log(onTime.value / seen.value));
}

function shifted({ estimate, low, high }: LogInterval, by: number): LogInterval {
  return by === 0 ? { estimate, low, high } : { estimate: estimate + by, low: low + by, high: high + by };
}

const slicesIn = (data: ScopeData) => byStage(data.slices(), slice => slice.times());

function missingIn(q: number, { figures }: ScopeData, which: WhichRun): RegressionReason | null {
  if (figures.ok === 0) return { kind: 'noneAnswered', which };
  const { count } = figures.distribution('response').histogram;
  if (count * (1 - q) >= fewestAbove - 1e-9) return null;
  const needed = Math.ceil(fewestAbove / (1 - q) - 1e-9);
  return { kind: 'tooFewSamples', which, samples: count, needed, seconds: figures.seconds };
}

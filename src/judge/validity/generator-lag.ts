import { analyse } from '../../analysis/analysis.ts';
import type { Budget } from '../../model/judgement/budget.ts';
import type { RunRecord } from '../../model/run/record.ts';
import { millis, millisToMicros } from '../../model/units.ts';
import { readLatency } from '../budgets/latency-reading.ts';

/** How many requests the generator itself sent so late that the pattern of arrivals is another one. */
export interface GeneratorLag {
  readonly late: number;
  readonly requests: number;
  /** A request is late past this. */
  readonly byMs: number;
  readonly tooLate: boolean;
}

/** Arrivals that are moved by less are still those of the plan, as far as a server can tell. */
const lateMs = 100;
/** The share of requests that may be later than that. */
const mostLate = 0.1;

/**
 * How far the arrivals of an open load were those that were asked for: at most a tenth of the requests may have gone out
 * more than 100 ms late though nothing but the generator held them back (measured: docs/measured/validity.md). In a closed
 * load a late request is only one that a user makes later. What lateness adds to times is taken off by each finding itself.
 */
export function generatorLag(record: RunRecord): GeneratorLag {
  const lag = analyse(record).sendLag();
  const late = lag.countAbove(millisToMicros(millis(lateMs)));
  const isOpen = record.measurement.load.model === 'open';
  return {
    late,
    requests: lag.count,
    byMs: lateMs,
    tooLate: isOpen && late > Math.max(1, mostLate * lag.count),
  };
}

/** Whether service time alone firmly breaks a limit on a response or service quantile: then the target is too slow. */
export function brokenByServiceAlone(record: RunRecord, budgets: readonly Budget[]): Budget | undefined {
  const analysis = analyse(record);
  return budgets.find(({ scope, metric, limit }) => {
    const { form } = metric;
    const isOfWhole = form.kind === 'time' && (form.of === 'response' || form.of === 'service');
    if (!isOfWhole || form.statistic.kind !== 'quantile') return false;
    const reading = readLatency(analysis.of(scope), 'service', form.statistic, limit);
    return reading.state === 'estimate' && (reading.interval?.low ?? 0) > limit;
  });
}

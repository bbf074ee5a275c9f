import { analyse } from '../../analysis/analysis.ts';
import type { Budget } from '../../model/judgement/budget.ts';
import type { GeneratorHealth, RunRecord } from '../../model/run/record.ts';
import { micros, microsToMillis, millis, millisToMicros } from '../../model/units.ts';
import { rankOf } from '../../stats/order-statistic.ts';
import { readLatency } from '../budgets/latency-reading.ts';

/** How late the generator itself sent, against what the budgets bear. */
export interface GeneratorLag {
  readonly p99Ms: number;
  readonly allowedMs: number;
  readonly tooLate: boolean;
}

/**
 * The p99 of how late requests were sent though nothing but the generator held them back, allowed up to the greater of
 * 2 ms and 10 % of the tightest latency limit. One late request alone, of however few, is no lag.
 */
export function generatorLag(record: RunRecord, budgets: readonly Budget[]): GeneratorLag {
  const lag = analyse(record).sendLag();
  const limits = budgets.filter(budget => budget.metric.form.kind === 'time').map(budget => budget.limit);
  const tightest = Math.min(...limits);
  const allowedMs = Math.max(2, Number.isFinite(tightest) ? tightest / 10 : 0);
  const late = lag.countAbove(millisToMicros(millis(allowedMs)));
  return {
    p99Ms: microsToMillis(micros(lag.quantile(0.99))),
    allowedMs,
    tooLate: late > Math.max(1, lag.count - rankOf(0.99, lag.count)),
  };
}

/** The share of its time that the generator may work; beyond it, sends begin to wait for one another. */
const mostBusy = 0.9;

/** Whether the busiest worker had hardly any time left. */
export function isOverworked(
  generator: GeneratorHealth,
): generator is GeneratorHealth & { readonly busy: number } {
  return generator.busy !== null && generator.busy > mostBusy;
}

/**
 * Whether service time alone, less all the lag, firmly breaks a limit on a response or service quantile: then the
 * target is too slow however late the requests went out.
 */
export function brokenByServiceAlone(
  record: RunRecord,
  budgets: readonly Budget[],
  lagMs: number,
): Budget | undefined {
  const analysis = analyse(record);
  return budgets.find(({ scope, metric, limit }) => {
    const { form } = metric;
    if (form.kind !== 'time' || form.of === 'firstByte' || form.statistic.kind !== 'quantile') return false;
    const reading = readLatency(analysis.of(scope), 'service', form.statistic, limit);
    return reading.state === 'estimate' && (reading.interval?.low ?? 0) - lagMs > limit;
  });
}

import type { Interval, Observed } from '../../../model/judgement/evidence.ts';
import type { Metric } from '../../../model/judgement/metric.ts';
import type { Change } from '../../../model/judgement/regression.ts';
import { changeRange, changeText } from '../../../words/change-text.ts';
import { none, percent, quantity } from '../../../words/quantity-text.ts';

/** Two values of a metric and how they differ. */
export interface Moved {
  readonly metric: Metric;
  readonly baseline: Observed | null;
  readonly observed: Observed | null;
  readonly change: Change | null;
}

/** How a value went, and the change: `p95 rose from 12 ms to 16 ms (+33%, 95% interval +25% to +41%)`. */
export function changeSentence(moved: Moved): string {
  const { change } = moved;
  if (change === null) return movedSentence(moved);
  const { value, kind, interval } = change;
  const range = interval === null ? '' : `, ${intervalOfChange(interval, kind)}`;
  return `${movedSentence(moved)} (${changeText(value, kind)}${range})`;
}

/** A confidence interval of a change: `95% interval +25% to +41%`. */
export function intervalOfChange(interval: Interval, kind: Change['kind']): string {
  return `${percent(interval.confidence)} interval ${changeRange(interval, kind)}`;
}

/** A metric as a sentence about its change names it. */
export function metricText(metric: Metric): string {
  return metric.prose;
}

/** What is added where the error rates differ as well. */
export function confoundedText(confounded: boolean): string {
  return confounded ? '; the error rates differ too, so these are the times of other requests' : '';
}

function movedSentence({ metric, baseline, observed }: Moved): string {
  const name = metricText(metric);
  const [was, is] = [baseline, observed].map(one => (one === null ? none : quantity(one.value, metric.unit)));
  if (was === is && !observed?.atLeast) return `${name} stayed at ${is}`;
  const [from, to] = [baseline?.value ?? 0, observed?.value ?? 0];
  const went = to > from ? 'rose' : to < from ? 'fell' : 'went';
  return `${name} ${went} from ${was} to ${observed?.atLeast ? 'at least ' : ''}${is}`;
}

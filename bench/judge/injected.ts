import type { DelayRule } from '../../src/model/duet/delay-rule.ts';
import { percent } from '../../src/words/quantity-text.ts';

/** What is done to head: nothing, or one endpoint is slowed by 5, 10 or 25 % on all quantiles or on the tail alone. */
export const injections: readonly DelayRule[] = [
  { kind: 'none' },
  ...[0.05, 0.1, 0.25].flatMap(factor => [
    { kind: 'scale', factor } as const,
    { kind: 'tail', factor } as const,
  ]),
];

/**
 * The share of what a client waits for that the proxy before the reference backend sees, at p50 and at p95. Of the duets of
 * 2026-11-21 whose proxies delayed by a share of what they saw, p50 moved by 0.45 to 0.61 of that in four that slowed all answers,
 * and p95 by 0.58 at the median of seven, from 0.51 to 1.39.
 */
const seenByProxy = 0.55;

/** What a real proxy is told, so that what clients see is slower by about what the rule says. */
export function givenTo(rule: DelayRule): DelayRule {
  return rule.kind === 'none' ? rule : { ...rule, factor: rule.factor / seenByProxy };
}

/** A short name for the command line and for results: `none`, `all+10`, `tail+25`. */
export function nameOf(rule: DelayRule): string {
  if (rule.kind === 'none') return rule.kind;
  return `${rule.kind === 'scale' ? 'all' : 'tail'}+${Math.round(rule.factor * 100)}`;
}

/** What a reader sees: `none`, `+10% on all`, `+25% on p95 alone`. */
export function titleOf(rule: DelayRule): string {
  if (rule.kind === 'none') return rule.kind;
  return `+${percent(rule.factor)} on ${rule.kind === 'scale' ? 'all' : 'p95 alone'}`;
}

/** A response time with what is injected, as the delaying proxy does it; the tail is what lies above `p90Us`. */
export function injected(timeUs: number, rule: DelayRule, p90Us: number): number {
  if (rule.kind === 'none' || (rule.kind === 'tail' && timeUs <= p90Us)) return timeUs;
  return timeUs * (1 + rule.factor);
}

/** Whether a metric of the endpoint is changed by it. */
export function changes(rule: DelayRule, metric: string): boolean {
  const changed = { none: [], scale: ['p50', 'p95', 'p99'], tail: ['p95', 'p99'] }[rule.kind];
  return (changed as readonly string[]).includes(metric);
}

import type { DelayRule } from '../../src/model/duet/delay-rule.ts';

/** How many of the duets with a change are to be caught, and within how many minutes of load. */
export interface PowerGoal {
  readonly share: number;
  readonly minutes: number;
}

/** The most false alarms, as the 95 % upper bound of their share, all cells together. */
export const mostFalseAlarms = 0.01;

/** How many duets without a change are to pass, where an endpoint gets 150/s. */
export const leastPassed = 0.9;

/** The goals by workload and injection; null where the rates are published and not promised. */
export function powerGoal(workload: string, { kind, ...rule }: DelayRule): PowerGoal | null {
  const factor = 'factor' in rule ? rule.factor : 0;
  const isOne = workload === 'one';
  if (factor === 0.1) {
    if (kind === 'scale') return { share: 0.95, minutes: 4 };
    return isOne ? { share: 0.8, minutes: 4 } : { share: 0.7, minutes: 8 };
  }
  if (factor === 0.25) {
    if (kind === 'scale') return { share: 0.99, minutes: 2 };
    return { share: 0.95, minutes: isOne ? 2 : 4 };
  }
  return null;
}

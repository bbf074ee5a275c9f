import type { Interval } from '../model/judgement/evidence.ts';
import type { Change } from '../model/judgement/regression.ts';
import { none, number } from './quantity-text.ts';

/** A change with its sign: `+33%`, `−4.1%`, and `+0.4 pp` of shares, in percentage points. */
export function changeText(value: number, kind: Change['kind']): string {
  const size = number(Math.round(Math.abs(value) * 10_000) / 100, Math.abs(value) < 0.1 ? 2 : 3);
  const sign = size === '0' ? '±' : value > 0 ? '+' : '−';
  return kind === 'relative' ? `${sign}${size}%` : `${sign}${size} pp`;
}

/** An interval of a change: `+25% to +41%`, or `≥ +25%` where one end is open. */
export function changeRange({ low, high }: Interval, kind: Change['kind']): string {
  if (low === null) return high === null ? none : `≤ ${changeText(high, kind)}`;
  return high === null
    ? `≥ ${changeText(low, kind)}`
    : `${changeText(low, kind)} to ${changeText(high, kind)}`;
}

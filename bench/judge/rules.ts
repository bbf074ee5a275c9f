import { mannWhitneyTest } from './mann-whitney.ts';
import { quantileIn } from './sequential-runs.ts';
import { welchTest } from './welch.ts';

/** A rule by which others judge two runs: whether head is said to be slower, of one endpoint, from sorted times. */
export interface Rule {
  readonly name: string;
  accuses(base: Float64Array, head: Float64Array): boolean;
}

/** What the tests on requests allow themselves. */
const level = 0.05;

/** The rules that are held against Plimsoll's. */
export const rules: readonly Rule[] = [
  { name: 'p95 ±10%', accuses: (base, head) => p95Ratio(base, head) > 1.1 },
  { name: 'p95 ±20%', accuses: (base, head) => p95Ratio(base, head) > 1.2 },
  { name: 'Welch', accuses: (base, head) => welchTest(base, head).pValue < level },
  { name: 'Mann–Whitney', accuses: (base, head) => mannWhitneyTest(base, head).pValue < level },
];

function p95Ratio(base: Float64Array, head: Float64Array): number {
  return quantileIn(head, 0.95) / quantileIn(base, 0.95);
}

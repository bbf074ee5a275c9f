import { duetLooks } from '../../src/stats/flips/sequential-test.ts';
import { hypergeometricTail } from './fisher.ts';
import { mannWhitneyTest } from './mann-whitney.ts';
import { quantileIn } from './sequential-runs.ts';
import { failing, type Trouble } from './trouble.ts';
import { welchTest } from './welch.ts';

/** A rule by which others judge two runs: whether head is said to be slower, of one endpoint. */
export interface Rule {
  readonly name: string;
  /** Whether the chart has it. */
  readonly isCharted: boolean;
  accuses(compared: Compared, endpoints: number): boolean;
}

/** What rules look at: one endpoint in two runs. */
export interface Compared {
  readonly p95Ratio: number;
  /** One-sided p-values. */
  readonly welch: number;
  readonly mannWhitney: number;
}

/** What the tests on requests usually allow themselves: of each endpoint. */
const usualLevel = 0.05;
/** What a duet allows itself: of all endpoints together, so that these tests differ from it by no level. */
const duetLevel = duetLooks.reduce((sum, { spend }) => sum + spend, 0);

/** The rules that are held against Plimsoll's. */
export const rules: readonly Rule[] = [
  { name: 'p95 ±10%', isCharted: true, accuses: ({ p95Ratio }) => p95Ratio > 1.1 },
  { name: 'p95 ±20%', isCharted: true, accuses: ({ p95Ratio }) => p95Ratio > 1.2 },
  { name: 'Welch', isCharted: true, accuses: ({ welch }) => welch < usualLevel },
  { name: 'Mann–Whitney', isCharted: true, accuses: ({ mannWhitney }) => mannWhitney < usualLevel },
  { name: 'Welch, 0.7% in all', isCharted: false, accuses: ({ welch }, of) => welch < duetLevel / of },
  {
    name: 'Mann–Whitney, 0.7% in all',
    isCharted: false,
    accuses: ({ mannWhitney }, of) => mannWhitney < duetLevel / of,
  },
];

/** Compares one endpoint's sorted times in two runs. */
export function compared(base: Float64Array, head: Float64Array): Compared {
  return {
    p95Ratio: quantileIn(head, 0.95) / quantileIn(base, 0.95),
    welch: welchTest(base, head).pValue,
    mannWhitney: mannWhitneyTest(base, head).pValue,
  };
}

/** Requests that failed in two runs of as many requests each. */
export interface FailuresSeen {
  readonly base: number;
  readonly head: number;
  readonly requests: number;
}

/** The rules of others for error rates. */
export const shareRules: readonly { readonly name: string; accuses(seen: FailuresSeen): boolean }[] = [
  { name: 'over 1%', accuses: ({ head, requests }) => head > 0.01 * requests },
  { name: 'more by 0.1 pp', accuses: ({ base, head, requests }) => head - base >= 0.001 * requests },
  {
    name: 'Fisher',
    accuses: ({ base, head, requests }) => hypergeometricTail(base, head, requests) < usualLevel,
  },
  {
    name: 'Fisher, 0.7% in all',
    accuses: ({ base, head, requests }) => hypergeometricTail(base, head, requests) < duetLevel,
  },
];

/** Draws what failed in two runs. */
export function failuresSeen(
  trouble: Extract<Trouble, { kind: 'errors' }>,
  requests: number,
  duet: number,
): FailuresSeen {
  // Other random numbers than those of any restart.
  const of = (side: 'base' | 'head') => failing(requests, trouble[side], duet, 1_000, side);
  return { base: of('base'), head: of('head'), requests };
}

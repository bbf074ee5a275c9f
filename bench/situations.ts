import type { Behaviour } from '../test/target/script.ts';
import type { Load, Quantile } from './peers/peer.ts';

/** A figure whose true value is known. */
export type Truth =
  | { readonly of: 'requests'; readonly value: number }
  | { readonly of: 'errorShare'; readonly value: number }
  | { readonly of: Quantile; readonly value: number };

/** One row of the truth table: what the target does, what is sent, and what a generator ought to report. */
export interface Situation {
  readonly name: string;
  readonly path: string;
  readonly target: Behaviour;
  readonly load: Omit<Load, 'url'>;
  readonly truths: readonly Truth[];
}

const load = (rate: number, seconds: number, more: Partial<Load> = {}) => ({
  ...({ method: 'GET', rate, seconds, connections: 20, timeoutSeconds: 10 } as const),
  ...more,
});
const requests = (value: number): Truth => ({ of: 'requests', value });
const errorShare = (value: number): Truth => ({ of: 'errorShare', value });
const quantile = (of: Quantile, value: number): Truth => ({ of, value });

/** The truth table. */
export const situations: readonly Situation[] = [
  {
    name: 'constant 100 ms, at 50/s',
    path: '/constant',
    target: { delayMs: 100 },
    load: load(50, 4),
    truths: [requests(200), errorShare(0), quantile('p50', 100), quantile('p99', 100)],
  },
  {
    name: '4% at 500 ms, the rest 10 ms, at 200/s',
    path: '/mixed',
    target: { delayMs: 10, slow: { every: 25, delayMs: 500 } },
    load: load(200, 5),
    truths: [requests(1_000), quantile('p50', 10), quantile('p99', 500)],
  },
  {
    name: '20 ms, `connection: close`, at 50/s',
    path: '/closing',
    target: { delayMs: 20, headers: { connection: 'close' } },
    load: load(50, 4),
    truths: [requests(200), errorShare(0), quantile('p99', 20)],
  },
  {
    name: '20% closed without an answer, at 100/s',
    path: '/closed',
    target: { delayMs: 10, fault: { every: 5, kind: 'close' } },
    load: load(100, 4),
    truths: [requests(400), errorShare(0.2)],
  },
  {
    name: '20% reset, at 100/s',
    path: '/reset',
    target: { delayMs: 10, fault: { every: 5, kind: 'reset' } },
    load: load(100, 4),
    truths: [requests(400), errorShare(0.2)],
  },
  {
    name: '1 in 30 hangs, timeout 1 s, at 200/s',
    path: '/hanging',
    target: { delayMs: 5, fault: { every: 30, kind: 'hang' } },
    load: load(200, 6, { timeoutSeconds: 1 }),
    truths: [requests(1_200), errorShare(1 / 30), quantile('p99', 1_000)],
  },
  {
    name: '6 s, in a run of 5 s, at 20/s',
    path: '/slow',
    target: { delayMs: 6_000 },
    load: load(20, 5, { connections: 120 }),
    truths: [requests(100), errorShare(0), quantile('p50', 6_000)],
  },
  {
    name: 'HEAD with a content-length, at 100/s',
    path: '/head',
    target: { delayMs: 5 },
    load: load(100, 3, { method: 'HEAD' }),
    truths: [requests(300), errorShare(0), quantile('p50', 5)],
  },
  {
    // A quarter of all requests is due in the pause and late by up to 3 s, evenly: 1 % is later than 24/25 of that.
    name: '5 ms, but once a pause of 3 s in 12, at 200/s',
    path: '/pausing',
    target: { delayMs: 5, stall: { fromMs: 4_000, toMs: 7_000 } },
    load: load(200, 12),
    truths: [
      requests(2_400),
      errorShare(0),
      quantile('p50', 5),
      quantile('p90', 1_800),
      quantile('p99', 2_880),
    ],
  },
  {
    name: 'every answer a 500, at 100/s',
    path: '/failing',
    target: { delayMs: 5, status: 500 },
    load: load(100, 3),
    truths: [requests(300), errorShare(1)],
  },
];

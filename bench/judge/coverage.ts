import { withinReach } from '../../src/judge/budgets/decision.ts';
import { clustering } from '../../src/stats/intervals/design-effect.ts';
import { quantileRanks } from '../../src/stats/intervals/quantile-interval.ts';
import { hash, uniform } from '../../src/stats/random.ts';
import { number } from '../../src/words/quantity-text.ts';
import type { Measured } from '../sections/section.ts';
import type { JudgeSetting } from './setting.ts';
import { shareText } from './shares.ts';
import { normal } from './trouble.ts';

const usualTrials = 1_000;
const [perSecond, q, confidence] = [100, 0.95, 0.95];
const lengths = [10, 30, 60];
/** The normal quantile of 95 %. */
const z95 = 1.6448536269514722;
/** How far times scatter around their level, as a standard deviation of logs. */
const own = 0.3;

/** How the times of a run come about, with the p95 that they have in the long run. */
interface Process {
  readonly title: string;
  readonly p95: number;
  readonly times: (trial: number, seconds: number) => Float64Array;
}

const processes: readonly Process[] = [
  drift(0, 0),
  ...[0.7, 0.8, 0.9, 0.95].map(queue),
  ...[0, 0.5, 0.8, 0.95, 0.99].map(memory => drift(memory, 0.2)),
];

/**
 * A queue with one server: a request every 10 ms, exponential service times. Times in the system are exponential with the mean
 * S / (1 − σ), σ being the root of σ = exp(−(1 − σ)/ρ) for a utilization ρ and a mean service time S (L. Kleinrock, "Queueing Systems",
 * vol. 1, 1975, section 6.4).
 */
function queue(utilization: number): Process {
  const gap = 1_000 / perSecond;
  let root = 0.5;
  for (let step = 0; step < 500; step += 1) root = Math.exp(-(1 - root) / utilization);
  const before = 2_000;
  return {
    title: `queue at ${number(100 * utilization)}% load`,
    p95: (Math.log(20) * utilization * gap) / (1 - root),
    times: (trial, seconds) => {
      const seed = hash(trial, 61, 100 * utilization);
      let waiting = 0;
      const all = Float64Array.from({ length: before + seconds * perSecond }, (_, index) => {
        const time = waiting - utilization * gap * Math.log(1 - uniform(seed, 1, index));
        waiting = Math.max(0, time - gap);
        return time;
      });
      return all.subarray(before);
    },
  };
}

/** Log-normal times around a level that is drawn each second, and resembles the one before by a correlation. */
function drift(memory: number, spread: number): Process {
  return {
    title:
      spread === 0
        ? 'independent times'
        : `level of each second scatters by ${number(spread)}, correlation ${number(memory)}`,
    p95: Math.exp(z95 * Math.hypot(spread, own)),
    times: (trial, seconds) => {
      const seed = hash(trial, 62, 100 * memory + spread);
      let level = spread * normal(seed, 1);
      const levels = Array.from({ length: seconds }, (_, second) => {
        if (second > 0)
          level = memory * level + spread * Math.sqrt(1 - memory ** 2) * normal(hash(seed, 63, second), 1);
        return level;
      });
      return Float64Array.from({ length: seconds * perSecond }, (_, index) =>
        Math.exp((levels[Math.floor(index / perSecond)] ?? 0) + own * normal(hash(seed, 64, index), 1)),
      );
    },
  };
}

interface Coverage {
  readonly title: string;
  readonly seconds: number;
  readonly trials: number;
  /** Intervals that hold the p95 of the long run, by the design effect alone and as they are drawn. */
  readonly covered: { readonly plain: number; readonly drawn: number };
  /** Firm passes of a limit that the p95 exceeds by 10 %, and of one that is 25 % above it. */
  readonly broken: { readonly plain: number; readonly drawn: number };
  readonly kept: { readonly plain: number; readonly drawn: number };
}

/** How often the interval of a run's p95 holds the p95 of the long run. */
export async function measureCoverage({ duets, signal, say }: JudgeSetting): Promise<Measured> {
  const trials = duets ?? usualTrials;
  const rows: Coverage[] = [];
  for (const process of processes) {
    for (const seconds of lengths) {
      signal.throwIfAborted();
      rows.push(coverageOf(process, seconds, trials));
      await new Promise(resolve => setImmediate(resolve));
    }
    say(`coverage: ${process.title}`);
  }
  const of = (hits: number) => shareText(hits, trials);
  return {
    tables: [
      {
        title: 'Intervals of one run',
        method: `Simulated runs of one endpoint at ${perSecond}/s, in slices of a second. How often the 95% interval of their p95 holds the p95 that the same process has in the long run, and how often a limit passes firmly. “before” is with the design effect alone.`,
        columns: [
          { title: 'times', align: 'left' },
          { title: 'run', align: 'right' },
          { title: 'covers, before', align: 'left' },
          { title: 'covers', align: 'left' },
          { title: 'firm pass though p95 is 10% over, before', align: 'left' },
          { title: 'firm pass though p95 is 10% over', align: 'left' },
          { title: 'firm pass of a limit 25% above, before', align: 'left' },
          { title: 'firm pass of a limit 25% above', align: 'left' },
        ],
        rows: rows.map(({ title, seconds, covered, broken, kept }) => [
          ...[title, `${seconds} s`, of(covered.plain), of(covered.drawn)],
          ...[of(broken.plain), of(broken.drawn), of(kept.plain), of(kept.drawn)],
        ]),
        notes: [
          'Where the level drifts slowly (correlation 0.95 and 0.99), a short run is one piece of a wave. Its interval is that of this piece, and it is not firm once the drift shows.',
        ],
      },
    ],
    figures: rows,
  };
}

function coverageOf({ title, p95, times }: Process, seconds: number, trials: number): Coverage {
  const covered = { plain: 0, drawn: 0 };
  const broken = { plain: 0, drawn: 0 };
  const kept = { plain: 0, drawn: 0 };
  for (let trial = 0; trial < trials; trial += 1) {
    const all = times(trial, seconds);
    const sorted = all.slice().sort();
    const at = sorted[Math.ceil(q * sorted.length) - 1] ?? 0;
    const slices = Array.from({ length: seconds }, (_, slice) => ({
      size: perSecond,
      hits: all.subarray(slice * perSecond, (slice + 1) * perSecond).filter(time => time > at).length,
    }));
    const { designEffect, forQuantile, unsettled } = clustering([slices]);
    for (const [which, effect, settles] of [
      ['plain', designEffect, true],
      ['drawn', forQuantile, unsettled === null],
    ] as const) {
      const ranks = quantileRanks(q, sorted.length, effect, confidence);
      const low = ranks.low === null ? 0 : (sorted[ranks.low - 1] ?? 0);
      const high = ranks.high === null ? Number.POSITIVE_INFINITY : (sorted[ranks.high - 1] ?? 0);
      if (low <= p95 && p95 <= high) covered[which] += 1;
      const isFirm = (limit: number) => high <= limit && (settles || !withinReach(at, high, limit));
      if (isFirm(p95 / 1.1)) broken[which] += 1;
      if (isFirm(p95 * 1.25)) kept[which] += 1;
    }
  }
  return { title, seconds, trials, covered, broken, kept };
}

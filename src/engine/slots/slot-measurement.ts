import type { DuetReading, MachineStrain, OfBoth, OfEach, Side, SideReading } from '../../model/duet/duet.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { Completion, FailureSample } from '../../model/run/record.ts';
import type { SignalCounts, SignalTotals } from '../../model/run/signal.ts';
import { geometricMeanBetween, rankOf } from '../../stats/order-statistic.ts';
import { hash } from '../../stats/random.ts';
import type { SlotEndpoint } from './slot-ledger.ts';
import type { Warmth } from './warm-up.ts';

/** What one restart showed. */
export interface SlotMeasurement<Name extends string = Side> {
  /** `complete`, `interrupted`, `neverAnswered` or `workerDied`. */
  readonly completion: Completion;
  readonly warmUpPairs: number;
  /** What the warm-up showed when it ended. */
  readonly warmth: Warmth;
  /** For how long all sides were loaded in the measured pairs, together. */
  readonly loadMs: number;
  /** The measured pairs, of a restart cut short those that were over; endpoints by index of the plan. */
  readonly pairs: readonly OfEach<Name, readonly SlotEndpoint[]>[];
  /** The side that had the first slot of each measured pair. */
  readonly firstOfPairs: readonly Name[];
  /** Requests written, warm-up included. */
  readonly sent: OfEach<Name, number>;
  /** Whether any byte of any answer came. */
  readonly heard: OfEach<Name, boolean>;
  /** The first failure of each side, warm-up included; null where nothing failed. */
  readonly firstFailure: OfEach<Name, FailureSample | null>;
  readonly generator: SlotGenerator<Name>;
  /** The median of the last third of the turns over that of the first; null of too few answers. */
  readonly turnRise: OfEach<Name, number | null>;
  /** How the machine fared in the measured turns of each side. */
  readonly machine: OfEach<Name, MachineStrain>;
}

/** What the generator knows of itself. */
export interface SlotGenerator<Name extends string = Side> {
  readonly pacing: 'precise' | 'economical';
  /** The busier side's share of its own turns spent working; null where it is not known. */
  readonly busy: number | null;
  /** How late requests of measured slots went out though nothing but the generator held them back; 0 of none. */
  readonly sendLagP99Us: OfEach<Name, number>;
  /** Attempts to connect that failed for want of something on this machine, by the operating system's error code. */
  readonly exhausted: { readonly [code: string]: number };
}

/**
 * Each endpoint's readings over the measured pairs: counts, and exact quantiles of the pooled times. Where a side goes by several
 * names, which are its instances, each of them by itself as well.
 */
export function readingsOf<Name extends string>(
  measurement: SlotMeasurement<Name>,
  plan: Plan,
  names: OfBoth<readonly Name[]> = { base: ['base' as Name], head: ['head' as Name] },
): readonly DuetReading[] {
  return plan.endpoints.map(({ name: endpoint }, index) => {
    const reading = (of: readonly Name[]) =>
      readingOf(
        measurement.pairs.flatMap(pair => of.flatMap(name => pair[name]?.[index] ?? [])),
        plan,
      );
    const both = { endpoint, base: reading(names.base), head: reading(names.head) };
    if (names.base.length === 1 && names.head.length === 1) return both;
    const each = (of: readonly Name[]) => of.map(name => reading([name]));
    return { ...both, instances: { base: each(names.base), head: each(names.head) } };
  });
}

/**
 * The readings of base's turns against each other: of each two in a row, a coin says which one counts as base's and which one as head's, as a coin
 * says which side of a duet has the first turn of a pair. A last turn without a second is left out. Of several instances, the turns of
 * all of them are split alike.
 */
export function controlReadingsOf<Name extends string = Side>(
  { pairs }: Pick<SlotMeasurement<Name>, 'pairs'>,
  plan: Plan,
  seed: number,
  names: readonly Name[] = ['base' as Name],
): readonly DuetReading[] {
  type Pair = SlotMeasurement<Name>['pairs'][number];
  const halves: OfEach<Side, Pair[]> = { base: [], head: [] };
  for (let couple = 0; 2 * couple + 1 < pairs.length; couple += 1) {
    const both = [pairs[2 * couple], pairs[2 * couple + 1]] as const;
    const first = hash(seed, couple, 0) % 2;
    halves.base.push(both[first] as Pair);
    halves.head.push(both[1 - first] as Pair);
  }
  return plan.endpoints.map(({ name }, endpoint) => {
    const reading = (half: Side) =>
      readingOf(
        halves[half].flatMap(pair => names.flatMap(one => pair[one]?.[endpoint] ?? [])),
        plan,
      );
    return { endpoint: name, base: reading('base'), head: reading('head') };
  });
}

function readingOf(slots: readonly SlotEndpoint[], { signals }: Pick<Plan, 'signals'>): SideReading {
  const requests = slots.reduce((sum, slot) => sum + slot.requests, 0);
  const errors = slots.reduce((sum, slot) => sum + slot.errors, 0);
  const times = slots.flatMap(({ timesUs }) => timesUs).sort((a, b) => a - b);
  const quantile = (q: number) => (requests > errors ? (times[rankOf(q, times.length) - 1] ?? null) : null);
  const unanswered = slots.reduce((sum, slot) => sum + slot.unanswered, 0);
  // What waited in vain may have waited for any time up to the one allowed: all of it has to lie above.
  const isAnswered = requests > errors && unanswered <= times.length - rankOf(0.98, times.length);
  return {
    requests,
    errors,
    samples: times.length,
    unanswered,
    p50Us: quantile(0.5),
    p95Us: quantile(0.95),
    p99Us: quantile(0.99),
    tailUs: isAnswered ? geometricMeanBetween(times, 0.9, 0.98) : null,
    ...(signals.length === 0 ? {} : { signals: totalsOf(slots, signals) }),
  };
}

function totalsOf(slots: readonly SlotEndpoint[], signals: Plan['signals']): SignalTotals {
  const sum = (index: number, pick: keyof SignalCounts) =>
    slots.reduce((total, slot) => total + (slot.signals[index]?.[pick] ?? 0), 0);
  return Object.fromEntries(
    signals.map(({ name }, index) => [name, { told: sum(index, 'told'), sum: sum(index, 'sum') }]),
  );
}

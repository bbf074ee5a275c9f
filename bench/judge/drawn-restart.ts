import type { DelayRule } from '../../src/model/duet/delay-rule.ts';
import { type DuetReading, type OfBoth, type SideReading, sides } from '../../src/model/duet/duet.ts';
import { geometricMeanBetween, rankOf } from '../../src/stats/order-statistic.ts';
import { hash } from '../../src/stats/random.ts';
import { injected } from './injected.ts';
import type { RecordedEndpoint, RecordedPair, SlotRecording } from './slot-recording.ts';
import { correlatedStarts, failing, normal, type Trouble, troubleFactors } from './trouble.ts';

/** One endpoint on one side of a drawn restart, as recorded: nothing of it depends on spread or injection. */
interface DrawnSide extends SideReading {
  readonly p90Us: number | null;
}

/** A restart put together from recorded slot pairs, both sides of one build. */
export interface DrawnUnit {
  readonly endpoints: readonly OfBoth<DrawnSide>[];
  /** Standard normal: how the start of each side came out, in spreads between starts. */
  readonly starts: OfBoth<number>;
}

/** What is put on top of a drawn restart. */
export interface Setting {
  /** Standard deviation of the log factor by which each start of a side differs, on all its times. */
  readonly spread: number;
  /** What head is slowed by, on `changed` alone. */
  readonly rule: DelayRule;
  /** What befalls the duet besides; nothing unless given. */
  readonly trouble?: Trouble;
}

/** Which restart of which simulated duet is drawn, both from 0, and the starts of those before it. */
export interface DrawnPlace {
  readonly duet: number;
  readonly restart: number;
  readonly startsOf: (restart: number) => OfBoth<number>;
}

const streams = { start: 1, side: 2, base: 3, head: 4 } as const;

/**
 * Draws a restart: as many slot pairs in a row as a restart has, out of one recorded start, in each of which a coin decides
 * which slot is base and which is head. So neighbouring slots stay neighbours, and no side is the slower one. They are
 * the first of the start, as those of a real restart are: later ones scatter otherwise.
 */
export function drawRestart({ header, starts }: SlotRecording, seed: number): DrawnUnit {
  const pairs = starts[hash(seed, streams.start, 0) % starts.length] ?? [];
  const swapped = pairs
    .slice(0, header.pairsPerRestart)
    .map((pair, index) =>
      hash(seed, streams.side, index) % 2 === 1 ? { base: pair.head, head: pair.base } : pair,
    );
  return {
    endpoints: endpointsOf(swapped, header.endpoints.length),
    starts: { base: normal(seed, streams.base), head: normal(seed, streams.head) },
  };
}

/** The restarts as they were measured: the first pairs of each start, nothing swapped. */
export function measuredUnits({ header, starts }: SlotRecording): readonly DrawnUnit['endpoints'][] {
  return starts.map(pairs => endpointsOf(pairs.slice(0, header.pairsPerRestart), header.endpoints.length));
}

/** What a drawn restart shows in a setting. Both changes keep the order of times, so that quantiles change as times do. */
export function readingsIn(
  { endpoints, starts: drawn }: Pick<DrawnUnit, 'endpoints' | 'starts'>,
  names: readonly string[],
  { spread, rule, trouble }: Setting,
  changed: string,
  { duet, restart, startsOf }: DrawnPlace = { duet: 0, restart: 0, startsOf: () => drawn },
): readonly DuetReading[] {
  const starts = trouble?.kind === 'correlated' ? correlatedStarts(startsOf, trouble.by, restart) : drawn;
  const factors = troubleFactors(trouble, duet, restart);
  return endpoints.map((both, index) => {
    const endpoint = names[index] ?? '';
    const [base, head] = sides.map((side): SideReading => {
      const own = both[side];
      const factor = factors[side] * Math.exp(spread * starts[side]);
      const of = (timeUs: number | null) => {
        if (timeUs === null || own.p90Us === null) return null;
        const isSlowed = side === 'head' && endpoint === changed;
        return factor * (isSlowed ? injected(timeUs, rule, own.p90Us) : timeUs);
      };
      const { p90Us, ...reading } = own;
      const { p50Us, p95Us, p99Us, tailUs = null, requests, errors } = reading;
      const failed =
        trouble?.kind === 'errors' && endpoint === changed
          ? failing(requests, trouble[side], duet, restart, side)
          : errors;
      return {
        ...reading,
        errors: failed,
        p50Us: of(p50Us),
        p95Us: of(p95Us),
        p99Us: of(p99Us),
        tailUs: of(tailUs),
      };
    });
    return { endpoint, base, head } as DuetReading;
  });
}

function endpointsOf(pairs: readonly RecordedPair[], count: number): DrawnUnit['endpoints'] {
  return Array.from({ length: count }, (_, endpoint) => ({
    base: drawnSide(pairs.flatMap(({ base }) => base[endpoint] ?? [])),
    head: drawnSide(pairs.flatMap(({ head }) => head[endpoint] ?? [])),
  }));
}

function drawnSide(slots: readonly RecordedEndpoint[]): DrawnSide {
  const times = Float64Array.from(slots.flatMap(({ timesUs }) => timesUs)).sort();
  const at = (q: number) => times[rankOf(q, times.length) - 1] ?? null;
  return {
    requests: slots.reduce((sum, { requests }) => sum + requests, 0),
    errors: slots.reduce((sum, { errors }) => sum + errors, 0),
    ...{ samples: times.length, unanswered: 0 },
    ...{ p50Us: at(0.5), p90Us: at(0.9), p95Us: at(0.95), p99Us: at(0.99) },
    tailUs: geometricMeanBetween(times, 0.9, 0.98),
  };
}

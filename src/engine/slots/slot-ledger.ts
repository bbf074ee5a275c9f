import { type OfEach, ofEach, type Side, sides } from '../../model/duet/duet.ts';
import { failureKinds } from '../../model/run/failure.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { SignalCounts } from '../../model/run/signal.ts';
import { type Micros, micros } from '../../model/units.ts';
import { medianOf, rankOf } from '../../stats/order-statistic.ts';
import { column, type SampleBatch, sampleWidth, unpackCode } from '../loop/sample-log.ts';
import { outcomeCode } from '../request/outcome.ts';
import type { PairTimes } from './warm-up.ts';

/** What one endpoint showed in one slot. */
export interface SlotEndpoint {
  /** Due in the slot, however they ended. */
  readonly requests: number;
  /** Failed or unfinished. */
  readonly errors: number;
  /**
   * In µs: of expected answers from due to the end, less what the generator itself was late; of requests that waited in vain all
   * that they waited. On a machine that it shares with the servers, its lateness is a part of a short answer that would hide a
   * change.
   */
  readonly timesUs: readonly number[];
  /** How many of these times are of requests that waited in vain. */
  readonly unanswered: number;
  /** What expected answers said of themselves, by the plan's signals. */
  readonly signals: readonly SignalCounts[];
}

interface Slot {
  readonly endpoints: {
    requests: number;
    errors: number;
    readonly timesUs: number[];
    unanswered: number;
    readonly signals: { told: number; sum: number }[];
  }[];
  /** Of answers that were not the expected ones, all endpoints together. */
  readonly failedUs: number[];
  /** Of expected answers that were due in the first and in the last third of the slot, all endpoints together. */
  readonly thirdsUs: { readonly first: number[]; readonly last: number[] };
  /** How late the generator itself took requests up, in µs. */
  readonly lagsUs: number[];
}

/** Fewer answers in a third of the turns make no median to compare. */
const fewestOfThird = 50;

const timeoutCode = failureKinds.indexOf('timeout') + 1;

/** The ended requests of all sides, filed into rows of slots, one of each side, by when they were due. */
export class SlotLedger<Name extends string = Side> {
  /** The sides from which any byte of any answer has come. */
  readonly heard = new Set<Name>();
  readonly #among: readonly Name[];
  readonly #pairUs: Micros;
  readonly #endpoints: number;
  readonly #signalCount: number;
  readonly #pairs: OfEach<Name, Slot>[] = [];

  constructor(
    { endpoints, signals }: Pick<Plan, 'endpoints' | 'signals'>,
    slotUs: Micros,
    among: readonly Name[] = sides as readonly string[] as readonly Name[],
  ) {
    this.#among = among;
    this.#endpoints = endpoints.length;
    this.#signalCount = signals.length;
    this.#pairUs = micros(among.length * slotUs);
  }

  add(side: Name, { rows, length, signals }: SampleBatch): void {
    for (let row = 0; row < length; row += 1) {
      const at = row * sampleWidth;
      const due = rows[at + column.due] as number;
      const { endpoint, outcome } = unpackCode(rows[at + column.code] as number);
      const slot = this.#pairAt(Math.floor(due / this.#pairUs))[side];
      const entry = slot.endpoints[endpoint];
      const lag = rows[at + column.lag] as number;
      if (!entry) continue;
      entry.requests += 1;
      entry.signals.forEach((counts, index) => {
        const value = signals?.[row * this.#signalCount + index] ?? Number.NaN;
        if (Number.isNaN(value)) return;
        counts.told += 1;
        counts.sum += value;
      });
      const time = (rows[at + column.endedAt] as number) - due;
      const isAnswered = (rows[at + column.firstByteAt] as number) >= 0;
      if (outcome === outcomeCode.ok) {
        const ownUs = time - Math.max(0, lag);
        entry.timesUs.push(ownUs);
        this.#thirdOf(slot, due)?.push(ownUs);
      } else entry.errors += 1;
      if (outcome === timeoutCode || outcome === outcomeCode.unfinished) {
        entry.timesUs.push(time);
        entry.unanswered += 1;
      } else if (outcome !== outcomeCode.ok && isAnswered) slot.failedUs.push(time - Math.max(0, lag));
      slot.lagsUs.push(lag);
      if (isAnswered) this.heard.add(side);
    }
  }

  /** What was due in the pairs from one to before another, an entry a pair. */
  pairs(from: number, to: number): readonly OfEach<Name, readonly SlotEndpoint[]>[] {
    return this.#range(from, to).map(pair => this.#ofEach(side => pair[side].endpoints));
  }

  /** The response times of one pair: of every answer, expected or not, and of requests that waited in vain. */
  times(pair: number): PairTimes<Name> {
    const all = ({ endpoints, failedUs }: Slot) => [
      ...endpoints.flatMap(({ timesUs }) => timesUs),
      ...failedUs,
    ];
    const slots = this.#pairAt(pair);
    return this.#ofEach(side => all(slots[side]));
  }

  /** The 99th percentile of how late requests of these pairs were taken up, in µs; 0 of none. */
  sendLagP99Us(from: number, to: number): OfEach<Name, number> {
    const pairs = this.#range(from, to);
    return this.#ofEach(side => {
      const lags = pairs.flatMap(pair => pair[side].lagsUs).sort((a, b) => a - b);
      return lags[rankOf(0.99, lags.length) - 1] ?? 0;
    });
  }

  /** The median of the last third of all slots over that of the first third, from one pair to before another. */
  riseInTurns(from: number, to: number): OfEach<Name, number | null> {
    const pairs = this.#range(from, to);
    return this.#ofEach(side => {
      const [first, last] = (['first', 'last'] as const).map(third =>
        pairs.flatMap(pair => pair[side].thirdsUs[third]),
      ) as [number[], number[]];
      if (Math.min(first.length, last.length) < fewestOfThird) return null;
      const earlier = medianOf(first);
      return earlier > 0 ? medianOf(last) / earlier : null;
    });
  }

  #thirdOf({ thirdsUs }: Slot, due: number): number[] | null {
    const slotUs = this.#pairUs / this.#among.length;
    const third = Math.floor((3 * (due % slotUs)) / slotUs);
    return third === 0 ? thirdsUs.first : third === 2 ? thirdsUs.last : null;
  }

  #range(from: number, to: number): readonly OfEach<Name, Slot>[] {
    return Array.from({ length: Math.max(0, to - from) }, (_, index) => this.#pairAt(from + index));
  }

  #pairAt(pair: number): OfEach<Name, Slot> {
    while (this.#pairs.length <= pair) this.#pairs.push(this.#ofEach(() => this.#emptySlot()));
    return this.#pairs[pair] as OfEach<Name, Slot>;
  }

  #ofEach<Value>(of: (side: Name) => Value): OfEach<Name, Value> {
    return ofEach(this.#among, of);
  }

  #emptySlot(): Slot {
    const endpoints = Array.from({ length: this.#endpoints }, () => ({
      requests: 0,
      errors: 0,
      timesUs: [],
      unanswered: 0,
      signals: Array.from({ length: this.#signalCount }, () => ({ told: 0, sum: 0 })),
    }));
    return { endpoints, failedUs: [], thirdsUs: { first: [], last: [] }, lagsUs: [] };
  }
}

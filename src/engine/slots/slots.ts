import { type OfEach, ofEach, type Side } from '../../model/duet/duet.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { FailureSample } from '../../model/run/record.ts';
import { type Micros, micros, microsToMillis } from '../../model/units.ts';
import { shuffled } from '../../stats/random.ts';
import { stream } from '../draws/streams.ts';
import { prepareJourneys } from '../request/prepared-request.ts';
import { orderOfTurns } from '../schedule/turns.ts';
import { acceptingAddresses } from '../transport/addresses.ts';
import { firstHop } from '../transport/first-hop.ts';
import { LoadSession } from '../workers/session.ts';
import { type Staffing, staffingFor } from '../workers/staffing.ts';
import type { StrainCounters } from '../workers/strain-counters.ts';
import { addUp, busiest } from '../workers/totals.ts';
import { steadyLoad } from './duet-layout.ts';
import { SlotLedger } from './slot-ledger.ts';
import type { SlotMeasurement } from './slot-measurement.ts';
import { TurnStrain } from './turn-strain.ts';
import { type PairTimes, patientPairs, type Warmth, warmthOf } from './warm-up.ts';

export { controlReadingsOf, readingsOf, type SlotMeasurement } from './slot-measurement.ts';

/** One restart of a duet, from its first request to its last; of more sides than two, a pair is a slot of each. */
export interface SlotOrder<Name extends string = Side> {
  /** Its load is steady; how long it lasts and where it goes is said below. */
  readonly plan: Plan;
  readonly sides: OfEach<
    Name,
    Pick<Plan, 'target' | 'setupCookies'> & {
      readonly addresses: readonly string[];
      readonly data?: Plan['data'];
    }
  >;
  readonly slotMs: number;
  /** How many are measured. */
  readonly pairs: number;
  readonly warmUp: { readonly leastPairs: number; readonly mostPairs: number };
  /** Of the order of the slots, and of which side has which thread; requests are drawn by the plan's seed. */
  readonly seed: number;
}

/** What measuring slots needs besides its order. */
export interface SlotOptions {
  /** Aborted with an interrupt's signal as its reason, it ends the restart early. */
  readonly interrupt?: AbortSignal;
  /** Called with what was captured from answers and is a secret. */
  readonly onSecrets?: ((secrets: readonly string[]) => void) | undefined;
  /** Reads how the machine fares at the end of each turn; from the system unless given. */
  readonly readStrain?: (() => StrainCounters) | undefined;
  /** Called when another pair of slots has been answered. */
  readonly onProgress?: (progress: SlotProgress) => void;
}

/** How a restart stands, in pairs of slots that were answered; a warm-up may end before it has all of its pairs. */
export interface SlotProgress {
  readonly phase: 'warmup' | 'measured';
  readonly pairs: number;
  readonly of: number;
}

/**
 * Loads two sides or more in turn, a worker thread each, until they are warm and a number of slot pairs is measured. An interrupt,
 * a side that never answers or a dead worker ends it early and is told by `completion`; a target that fails everything
 * is measured as errors. Only a plan that cannot be run at all throws (a `PlimsollError`). Only for the `http` engine.
 */
export async function measureSlots<Name extends string = Side>(
  order: SlotOrder<Name>,
  options: SlotOptions,
): Promise<SlotMeasurement<Name>> {
  prepareJourneys(order.plan);
  const names = Object.keys(order.sides) as Name[];
  const accepting = await Promise.all(
    names.map(name => {
      const { target, addresses } = order.sides[name];
      return acceptingAddresses(firstHop({ ...order.plan, target }), addresses);
    }),
  );
  const addresses = ofEach(names, name => accepting[names.indexOf(name)] ?? []);
  return await new MeasuredRestart<Name>(order, addresses, options).measure();
}

/** A session of sides in turn, of which every sample is filed by the slot that it was due in. */
class MeasuredRestart<Name extends string> {
  readonly #order: SlotOrder<Name>;
  readonly #options: SlotOptions;
  readonly #pairUs: Micros;
  readonly #staffing: Staffing;
  readonly #ledger: SlotLedger<Name>;
  readonly #strain: TurnStrain<Name>;
  readonly #session: LoadSession;
  readonly #among: readonly Name[];
  /** The sides by worker. */
  readonly #sides: readonly Name[];
  /** What is due from here on is no part of the measurement. */
  #cutAt: number;
  /** Pairs of which every request has ended. */
  #settled = 0;
  /** The first measured pair; null while the sides warm up. */
  #measuredFrom: number | null = null;
  readonly #warmUpTimes: PairTimes<Name>[] = [];
  #warmth: Warmth = 'tooFew';
  readonly #firstFailure = new Map<Name, FailureSample>();

  constructor(order: SlotOrder<Name>, addresses: OfEach<Name, readonly string[]>, options: SlotOptions) {
    const { plan, slotMs, pairs, warmUp, seed } = order;
    const slotUs = micros(Math.round(slotMs * 1_000));
    const most = warmUp.mostPairs + pairs;
    const load = steadyLoad(plan.load, microsToMillis(micros(most * slotUs)));
    const among = Object.keys(order.sides) as Name[];
    this.#order = order;
    this.#options = options;
    this.#among = among;
    this.#pairUs = micros(among.length * slotUs);
    this.#cutAt = most * this.#pairUs;
    this.#staffing = staffingFor({ ...plan, load }, { workers: 1 });
    this.#ledger = new SlotLedger(plan, slotUs, among);
    this.#strain = new TurnStrain({ slotUs, seed, among }, options.readStrain);
    this.#sides = shuffled(among, seed, stream.threads, 0);
    const orders = this.#sides.map(side => ({
      plan: {
        ...plan,
        load,
        target: order.sides[side].target,
        data: order.sides[side].data ?? plan.data,
        ...cookiesOf(order.sides[side]),
      },
      addresses: addresses[side],
      ...this.#staffing,
      worker: 0,
      turns: { slotUs, seed, side, among },
    }));
    const { interrupt } = options;
    this.#session = new LoadSession(
      {
        plan,
        orders,
        targets: orders.map((_, worker) => [worker]),
        ...(interrupt === undefined ? {} : { interrupt }),
      },
      {
        started: () => this.#strain.start(this.#session.clock),
        samples: (batch, worker) => this.#ledger.add(this.#sides[worker] as Name, batch),
        failure: (sample, worker) => {
          const side = this.#sides[worker] as Name;
          if (!this.#firstFailure.has(side)) this.#firstFailure.set(side, sample);
        },
        secrets: secrets => options.onSecrets?.(secrets),
        settled: until => this.#settle(until),
        // Keeps of a restart that ends early what is known to be whole.
        cutShort: () => {
          this.#cutAt = this.#settled * this.#pairUs;
        },
      },
    );
    this.#decide();
  }

  async measure(): Promise<SlotMeasurement<Name>> {
    try {
      await this.#session.run();
    } finally {
      this.#strain.stop(this.#session.clock());
    }
    this.#settle(micros(Number.POSITIVE_INFINITY));
    return this.#result();
  }

  /** Takes up the pairs that are over by this moment, one after another, so that nothing depends on when it is told. */
  #settle(until: Micros): void {
    while ((this.#settled + 1) * this.#pairUs <= Math.min(until, this.#cutAt)) {
      this.#settled += 1;
      const from = this.#measuredFrom;
      const { pairs, warmUp } = this.#order;
      if (from === null) {
        this.#warmUpTimes.push(this.#ledger.times(this.#settled - 1));
        this.#decide();
      }
      this.#options.onProgress?.(
        from === null
          ? { phase: 'warmup', pairs: this.#settled, of: warmUp.mostPairs }
          : { phase: 'measured', pairs: this.#settled - from, of: pairs },
      );
    }
  }

  /** Ends the warm-up where the medians are flat, where too few answers come to see it, or where it has lasted long enough. */
  #decide(): void {
    const settled = this.#settled;
    const { slotMs, pairs, warmUp } = this.#order;
    const { leastPairs, mostPairs } = warmUp;
    const warmth = warmthOf(this.#warmUpTimes, slotMs);
    const until = { flat: leastPairs, tooFew: patientPairs(leastPairs, slotMs), moving: mostPairs }[warmth];
    this.#warmth = warmth;
    if (settled < Math.min(until, mostPairs)) return;
    this.#measuredFrom = settled;
    this.#cutAt = Math.min(this.#cutAt, (settled + pairs) * this.#pairUs);
    this.#session.endAt(micros(this.#cutAt));
  }

  #result(): SlotMeasurement<Name> {
    const { slotMs, pairs, seed } = this.#order;
    const from = this.#measuredFrom ?? this.#settled;
    const to = Math.min(this.#settled, from + pairs);
    const tallies = this.#session.tallies;
    const among = this.#among;
    const heard = (side: Name) =>
      this.#ledger.heard.has(side) || this.#session.heard[this.#sides.indexOf(side)] === true;
    const busy = busiest([...tallies.values()]);
    return {
      completion: this.#session.completion,
      warmUpPairs: from,
      warmth: this.#warmth,
      loadMs: among.length * slotMs * (to - from),
      pairs: this.#ledger.pairs(from, to),
      firstOfPairs: Array.from(
        { length: to - from },
        (_, pair) => orderOfTurns(seed, from + pair, among)[0] as Name,
      ),
      sent: ofEach(among, side => tallies.get(this.#sides.indexOf(side))?.counts.sent ?? 0),
      heard: ofEach(among, heard),
      firstFailure: ofEach(among, side => this.#firstFailure.get(side) ?? null),
      turnRise: this.#ledger.riseInTurns(from, to),
      machine: this.#strain.between(from, to),
      generator: {
        pacing: this.#staffing.pacing,
        // A side has its share of the time.
        busy: busy === null ? null : Math.min(1, among.length * busy),
        sendLagP99Us: this.#ledger.sendLagP99Us(from, to),
        exhausted: addUp([...tallies.values()].map(tally => tally.counts.exhausted)),
      },
    };
  }
}

function cookiesOf({ setupCookies }: Pick<Plan, 'setupCookies'>): Pick<Plan, 'setupCookies'> {
  return setupCookies === undefined ? {} : { setupCookies };
}

import type { MachineStrain, OfEach } from '../../model/duet/duet.ts';
import { ofEach } from '../../model/duet/duet.ts';
import { type Micros, microsToMillis } from '../../model/units.ts';
import type { Clock } from '../request/clock.ts';
import { orderOfTurns } from '../schedule/turns.ts';
import { type StrainCounters, strainReader } from '../workers/strain-counters.ts';

/** The turns of which the machine is read. */
export interface MeteredTurns<Name extends string> {
  readonly slotUs: Micros;
  readonly seed: number;
  readonly among: readonly Name[];
}

interface Reading {
  readonly at: Micros;
  readonly counters: StrainCounters;
}

/** Of fewer of a side's turns, as a share, nothing is told. */
const fewestKnown = 0.5;

/**
 * Reads at the end of each turn how the machine fared, in the thread that sends nothing. Where a reading comes late, since this
 * thread had to wait for a core itself, what has grown since the one before is shared out by time.
 */
export class TurnStrain<Name extends string> {
  readonly #turns: MeteredTurns<Name>;
  readonly #read: () => StrainCounters;
  readonly #readings: Reading[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(turns: MeteredTurns<Name>, read: () => StrainCounters = strainReader()) {
    this.#turns = turns;
    this.#read = read;
  }

  /** Begins with the load, by its clock. */
  start(clock: Clock): void {
    const { slotUs } = this.#turns;
    const now = clock();
    this.take(now);
    const next = Math.max(0, Math.floor(now / slotUs) + 1);
    this.#timer = setTimeout(() => this.start(clock), (next * slotUs - now) / 1_000);
    this.#timer.unref();
  }

  /** Ends with the load, at this moment of its clock. */
  stop(now: Micros): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.take(now);
  }

  /** Reads the machine at this moment. */
  take(now: Micros): void {
    this.#readings.push({ at: now, counters: this.#read() });
  }

  /** How the machine fared in the turns of each side, from one row to before another. */
  between(from: number, to: number): OfEach<Name, MachineStrain> {
    const { slotUs, seed, among } = this.#turns;
    const sums = new Map(
      among.map(side => [side, { ms: 0, wantedMs: 0, stolenMs: 0, throttledMs: 0, waitedMs: 0 }]),
    );
    const unknown = new Set<keyof StrainCounters>();
    for (const [index, after] of this.#readings.entries()) {
      const before = this.#readings[index - 1];
      if (before === undefined || after.at <= before.at) continue;
      const [first, last] = [
        Math.max(from * among.length, Math.floor(before.at / slotUs)),
        Math.min(to * among.length - 1, Math.floor(after.at / slotUs)),
      ];
      for (let turn = first; turn <= last; turn += 1) {
        const overlap = Math.min(after.at, (turn + 1) * slotUs) - Math.max(before.at, turn * slotUs);
        const sum = sums.get(
          orderOfTurns(seed, Math.floor(turn / among.length), among)[turn % among.length] as Name,
        );
        if (sum === undefined || overlap <= 0) continue;
        sum.ms += overlap / 1_000;
        for (const counter of counters) {
          const [earlier, later] = [before.counters[counter], after.counters[counter]];
          if (earlier === null || later === null) unknown.add(counter);
          else sum[counter] += ((later - earlier) * overlap) / (after.at - before.at);
        }
      }
    }
    const wholeMs = (to - from) * microsToMillis(slotUs);
    return ofEach(among, side => {
      const sum = sums.get(side);
      const isKnown = sum !== undefined && sum.ms > 0 && sum.ms >= fewestKnown * wholeMs;
      const share = (counter: keyof StrainCounters, whole: number) =>
        isKnown && !unknown.has(counter) ? shareOf(sum[counter], whole) : null;
      return {
        stolen: unknown.has('wantedMs') ? null : share('stolenMs', sum?.wantedMs ?? 0),
        throttled: share('throttledMs', sum?.ms ?? 0),
        waited: share('waitedMs', sum?.ms ?? 0),
      };
    });
  }
}

const counters = ['wantedMs', 'stolenMs', 'throttledMs', 'waitedMs'] as const;

/** Some sandboxes show times that stand still, or run backwards; of no whole there is no share. */
function shareOf(part: number, whole: number): number | null {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : null;
}

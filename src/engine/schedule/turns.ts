import type { Side } from '../../model/duet/duet.ts';
import { type Micros, micros } from '../../model/units.ts';
import { hash } from '../../stats/random.ts';
import { stream } from '../request/streams.ts';

/** Two sides that are loaded in turn: pairs of slots, and in each pair the order of the sides by coin. */
export interface TurnOrder {
  /** The length of a slot: whole microseconds. */
  readonly slotUs: Micros;
  readonly seed: number;
  /** The side that these turns belong to. */
  readonly side: Side;
}

/** Between a side's own time, which stands still while the other side has its turn, and the time of the run. */
export interface Turns {
  /** The moment of the run at which so much of the side's own time has gone by; always within a slot of its own. */
  real(own: Micros): Micros;
  /** How much of its own time has gone by at a moment of the run. */
  own(real: Micros): Micros;
  /** The moment itself where it is the side's turn, else the start of its next slot. */
  inTurn(real: Micros): Micros;
  /** So much of its own time after a moment of the run. */
  later(real: Micros, gap: Micros): Micros;
  /** The end of the pair of slots in which so much of its own time, a whole number of slots, is over. */
  endOf(own: Micros): Micros;
}

/** What is kept between the last moment of a slot and its end, so that no rounding takes a moment out of its slot. */
const marginUs = 1 / 1_024;

/** Which side has the first slot of a pair. */
export function firstOfPair(seed: number, pair: number): Side {
  return hash(seed, stream.slots, pair) % 2 === 0 ? 'base' : 'head';
}

/** The turns of one side: pure, so that every thread knows them from the seed alone. */
export function turnsOf({ slotUs, seed, side }: TurnOrder): Turns {
  const startOf = (pair: number) => (2 * pair + (firstOfPair(seed, pair) === side ? 0 : 1)) * slotUs;
  const pairOf = (moment: number) => Math.max(0, Math.floor(moment / (2 * slotUs)));
  const real = (own: Micros): Micros => {
    const slot = Math.max(0, Math.floor(own / slotUs));
    const into = Math.min(Math.max(0, own - slot * slotUs), slotUs - marginUs);
    return micros(startOf(slot) + into);
  };
  const own = (moment: Micros): Micros => {
    const pair = pairOf(moment);
    return micros(pair * slotUs + Math.min(Math.max(0, moment - startOf(pair)), slotUs));
  };
  return {
    real,
    own,
    inTurn(moment) {
      const pair = pairOf(moment);
      const start = startOf(pair);
      if (moment < start) return micros(start);
      return moment < start + slotUs ? moment : micros(startOf(pair + 1));
    },
    later: (moment, gap) => real(micros(own(moment) + gap)),
    endOf: ownMoment => micros(2 * ownMoment),
  };
}

import { sides } from '../../model/duet/duet.ts';
import { type Micros, micros } from '../../model/units.ts';
import { shuffled } from '../../stats/random.ts';
import { stream } from '../draws/streams.ts';

/** Sides that are loaded in turn: rows of slots, one of each side, and in each row the order of the sides by coin. */
export interface TurnOrder {
  /** The length of a slot: whole microseconds. */
  readonly slotUs: Micros;
  readonly seed: number;
  /** The side that these turns belong to. */
  readonly side: string;
  /** All that take turns: base and head unless given, whose rows are pairs. */
  readonly among?: readonly string[];
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
  /** The end of the row of slots in which so much of its own time, a whole number of slots, is over. */
  endOf(own: Micros): Micros;
}

/** What is kept between the last moment of a slot and its end, so that no rounding takes a moment out of its slot. */
const marginUs = 1 / 1_024;

/** The sides in the order of their slots in a row. */
export function orderOfTurns<Name extends string>(
  seed: number,
  row: number,
  among: readonly Name[],
): readonly Name[] {
  return shuffled(among, seed, stream.slots, row);
}

/** The turns of one side: pure, so that every thread knows them from the seed alone. */
export function turnsOf({ slotUs, seed, side, among = sides }: TurnOrder): Turns {
  const rowUs = among.length * slotUs;
  let known = { row: -1, start: 0 };
  const startOf = (row: number) => {
    if (known.row !== row) {
      const place = orderOfTurns<string>(seed, row, among).indexOf(side);
      known = { row, start: (among.length * row + place) * slotUs };
    }
    return known.start;
  };
  const rowOf = (moment: number) => Math.max(0, Math.floor(moment / rowUs));
  const real = (own: Micros): Micros => {
    const slot = Math.max(0, Math.floor(own / slotUs));
    const into = Math.min(Math.max(0, own - slot * slotUs), slotUs - marginUs);
    return micros(startOf(slot) + into);
  };
  const own = (moment: Micros): Micros => {
    const row = rowOf(moment);
    return micros(row * slotUs + Math.min(Math.max(0, moment - startOf(row)), slotUs));
  };
  return {
    real,
    own,
    inTurn(moment) {
      const row = rowOf(moment);
      const start = startOf(row);
      if (moment < start) return micros(start);
      return moment < start + slotUs ? moment : micros(startOf(row + 1));
    },
    later: (moment, gap) => real(micros(own(moment) + gap)),
    endOf: ownMoment => micros(among.length * ownMoment),
  };
}

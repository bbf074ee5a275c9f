import { isNumeric } from '../../model/run/generator.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { DataSet, Expression, WeightedWay } from '../../model/run/scenario.ts';
import { type Micros, micros } from '../../model/units.ts';
import { hash, permuted, uniform } from '../../stats/random.ts';
import { generated } from './generated.ts';
import { stream } from './streams.ts';

/** A pause, in microseconds: drawn evenly from the range, or exponentially distributed and cut at its end. */
export interface PreparedThink {
  readonly kind: 'think';
  readonly min: Micros;
  readonly max: Micros;
  /** Of exponentially distributed pauses; null of even ones. */
  readonly mean: Micros | null;
}

/** The random choices of a run, each a hash of the seed and of the journey that it is made for. */
export interface Draws {
  /** Which of the plan's journeys the journey of this index is, by weight. */
  journey(index: number): number;
  /** How long a journey's think time at a step lasts. */
  think(step: PreparedThink, index: number, position: number): Micros;
  /** Which of several ways a journey takes at a step, by weight. */
  way(ways: readonly WeightedWay[], index: number, position: number): WeightedWay | undefined;
  /** The value of a data set's column for a journey, one row a journey: as text, or as JSON where it is a whole value. */
  datum(expression: Extract<Expression, { kind: 'data' }>, index: number): string;
  /** A number in [0, 1) for a function of a scenario, of which it is the n-th at this step. */
  scripted(kind: 'prepare' | 'check', index: number, position: number, nth: number): number;
  /** The value that a generator makes up for a journey's step at this position. */
  generated(expression: Extract<Expression, { kind: 'generated' }>, index: number, position: number): string;
}

const stepsApart = 4_096;

/** The draws of a plan. */
export function drawsOf({ seed, journeys, data }: Plan): Draws {
  const rowFor = ({ pick, rows: { length: count } }: DataSet, from: number, index: number): number => {
    switch (pick) {
      case 'random':
        return Math.floor(uniform(seed, from, index) * count);
      case 'shuffle': {
        const pass = Math.floor(index / count);
        return permuted(index % count, count, hash(seed, from, pass), from);
      }
      case 'sequential':
        return index % count;
      case 'unique':
        return index;
    }
  };
  const upTo = boundsOf(journeys);
  return {
    journey(index) {
      if (journeys.length === 1) return 0;
      return chosen(upTo, uniform(seed, stream.journeys, index));
    },
    way(ways, index, position) {
      const drawn = uniform(seed, stream.ways, index * stepsApart + position);
      return ways[chosen(boundsOf(ways), drawn)];
    },
    think({ min, max, mean }, index, position) {
      if (max === min) return min;
      const drawn = uniform(seed, stream.think, index * stepsApart + position);
      if (mean !== null) return micros(Math.min(max, -mean * Math.log(1 - drawn)));
      return micros(min + (max - min) * drawn);
    },
    generated({ generator, hole = 0, whole }, index, position) {
      const value = generated(generator, seed, hole, index * stepsApart + position);
      return whole === true && !isNumeric(generator) ? JSON.stringify(value) : value;
    },
    scripted: (kind, index, position, nth) =>
      uniform(seed, stream[kind] + nth, index * stepsApart + position),
    datum({ set, column, whole }, index) {
      const from = data[set];
      if (!from) return '';
      const row = rowFor(from, stream.data + set, index);
      const text = from.rows[row]?.[column] ?? '';
      if (whole !== true) return text;
      if (from.typed?.[row]?.[column] !== true) return JSON.stringify(text);
      return text === '' ? 'null' : text;
    },
  };
}

/** Of each, the sum of the weights up to its own, as a share of all. */
function boundsOf(weighted: readonly { readonly weight: number }[]): readonly number[] {
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  let sum = 0;
  return weighted.map(({ weight }) => {
    sum += weight;
    return sum / total;
  });
}

function chosen(upTo: readonly number[], drawn: number): number {
  const found = upTo.findIndex(bound => drawn < bound);
  return found < 0 ? upTo.length - 1 : found;
}

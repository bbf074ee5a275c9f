import type { Verdict } from '../../model/judgement/verdict.ts';
import type { Inline } from '../words/inline.ts';
import type { FigureUnit, Table } from './table.ts';

/** Drawings of one thing, for a medium that draws. */
export interface Plots {
  readonly kind: 'plots';
  readonly only: 'drawing';
  /** What they are all of; null where the section says it. */
  readonly of: Inline | null;
  readonly plots: readonly Plot[];
}

/** A drawing as data: how it looks is for the renderer, what it says is all here. */
export type Plot = Course | Strips;

/** What every drawing has. */
interface Said {
  readonly title: string;
  /** What a reader who does not see it should know. */
  readonly says: Inline;
  /** The figures behind it. */
  readonly behind: Table;
}

/** Values over a horizontal axis. */
export interface Course extends Said {
  readonly kind: 'course';
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  /** From back to front. */
  readonly layers: readonly Layer[];
  /** What stands for what, where the ends of lines cannot be named. */
  readonly legend?: readonly {
    readonly name: string;
    readonly tone: PlotTone;
    readonly as: 'line' | 'area';
  }[];
  /** Where each row of the table lies on the horizontal axis. */
  readonly rowsAt: readonly number[];
}

/** An axis; a limit in a layer widens it, so that it is always seen. */
export interface PlotAxis {
  /** What its values are: of time, of rarity (1 / (1 − q)), or of a unit. */
  readonly of: 'elapsed' | 'rarity' | 'order' | FigureUnit;
  readonly scale: 'linear' | 'log';
  /** Names of the values 0, 1, 2 … of an order. */
  readonly labels?: readonly string[];
}

/** A point; null of a value where there is none. */
export type PlotPoint = readonly [x: number, y: number | null];

/** `main` is what the drawing is about; `side` what it is held against. */
export type PlotTone = 'main' | 'middle' | 'faint' | 'side' | 'bad';

/** One thing that is drawn. */
export type Layer =
  | {
      readonly kind: 'line';
      readonly name: string;
      readonly tone: PlotTone;
      readonly points: readonly PlotPoint[];
      readonly dots?: true;
    }
  | {
      readonly kind: 'band';
      readonly tone: PlotTone;
      readonly points: readonly (readonly [x: number, low: number | null, high: number | null])[];
    }
  | {
      readonly kind: 'bars';
      readonly name: string;
      readonly tone: PlotTone;
      readonly bars: readonly { readonly from: number; readonly to: number; readonly value: number }[];
    }
  /** A stretch of the horizontal axis that means something. */
  | { readonly kind: 'shade'; readonly from: number; readonly to: number; readonly what: string }
  /** A limit, over a stretch of the horizontal axis or all of it. */
  | {
      readonly kind: 'limit';
      readonly value: number;
      readonly what: string;
      readonly over: readonly [from: number, to: number] | null;
      /** The one value that it limits, in the middle of the stretch. */
      readonly isPoint?: true;
    };

/** Effects of repeated measurements, a row each: a dot a measurement, their interval, and what decides. */
export interface Strips extends Said {
  readonly kind: 'strips';
  readonly unit: Extract<FigureUnit, 'relative' | 'difference'>;
  /** The least change that is called one, and the greatest for the worse that may go unseen. */
  readonly floor: number;
  readonly tolerance: number;
  /** The direction that is for the worse. */
  readonly worse: 1 | -1;
  readonly rows: readonly Strip[];
}

/** One row of them. */
export interface Strip {
  readonly name: Inline;
  readonly verdict: Verdict;
  /** In the order in which they were measured; null where one cannot tell. */
  readonly effects: readonly (number | null)[];
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** A group of drawings; nothing of none. */
export function plotsOf(of: Inline | null, plots: readonly (Plot | null)[]): readonly Plots[] {
  const there = plots.filter(plot => plot !== null);
  return there.length === 0 ? [] : [{ kind: 'plots', only: 'drawing', of, plots: there }];
}
